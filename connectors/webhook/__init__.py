"""Systems on the premises that call us when something changed: ERP, CRM, MES.

What comes in is kept by the engine; this kind says whether to believe it and what it means.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors.webhook.options import EventOptions, WebhookConnection
from connectors.webhook.receiver import WebhookReceiver
from connectors.webhook.source import WebhookSource

__all__ = ["KIND"]

KIND = Kind(
    name="webhook",
    summary="A system on the premises that calls us over HTTP when something changed",
    connection=WebhookConnection,
    source=WebhookSource,
    source_options=EventOptions,
    receiver=WebhookReceiver,
)
