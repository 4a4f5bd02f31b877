"""Delivery to one target: the only retry, the only limiter and the only breaker of the system."""

from __future__ import annotations

from agent.delivery.connection import ANY_FLOW, MakeTarget, WrapTarget
from agent.delivery.delivery import Delivery
from agent.delivery.heartbeat import Heartbeat
from agent.delivery.lending import StoredBindings
from agent.delivery.settings import DeliverySettings
from agent.delivery.status import DeliveryEvent, DeliveryState, DeliveryStatus, EventKind, Tally

__all__ = [
    "ANY_FLOW",
    "Delivery",
    "DeliveryEvent",
    "DeliverySettings",
    "DeliveryState",
    "DeliveryStatus",
    "EventKind",
    "Heartbeat",
    "MakeTarget",
    "StoredBindings",
    "Tally",
    "WrapTarget",
]
