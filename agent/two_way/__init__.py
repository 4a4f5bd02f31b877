"""Records that live on both sides: what they should be, who changed what, and who wins."""

from __future__ import annotations

from agent.two_way.agreement import Agreement, Deletes, Policy, View, same, settle_conflicts, take
from agent.two_way.pair import Conflict, Pair, PairPlan
from agent.two_way.target import Look, TwoWayTarget

__all__ = [
    "Agreement",
    "Conflict",
    "Deletes",
    "Look",
    "Pair",
    "PairPlan",
    "Policy",
    "TwoWayTarget",
    "View",
    "same",
    "settle_conflicts",
    "take",
]
