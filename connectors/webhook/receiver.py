"""What a request of the other system says."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from agent.contract import Arrival, Listening, Receiver
from connectors.webhook.content import checked_id, event_id, keys_in, parsed
from connectors.webhook.genuine import doubt
from connectors.webhook.options import WebhookConnection


class WebhookReceiver(Receiver[WebhookConnection]):
    """Believes what is signed or carries the token; an event is JSON."""

    def __init__(self, connection: WebhookConnection) -> None:
        super().__init__(connection)
        self.wakes = connection.wakes

    @property
    def listening(self) -> Listening:
        """As configured."""
        options = self.connection
        return Listening(
            host=options.host,
            port=options.port,
            path=options.path,
            certificate=options.certificate,
            certificate_key=options.certificate_key,
            largest_body=options.largest_body,
            request_timeout=options.request_timeout,
            requests_per_minute=options.requests_per_minute,
            most_waiting=options.most_waiting,
        )

    def doubt(self, headers: Mapping[str, str], body: bytes, now: float) -> str:
        """Why not to believe it, "" where there is no reason."""
        return doubt(self.connection, headers, body, now)

    def arrival(self, headers: Mapping[str, str], body: bytes) -> Arrival:
        """The event's id, and the keys that a signal names."""
        options, value = self.connection, parsed(body).value
        header = "webhook-id" if options.signing_secret else options.id_header
        if header:
            event = checked_id(headers.get(header, ""))
        elif options.id_path:
            event = event_id(value, options.id_path)
        else:  # nobody can tell it from another one
            event = secrets.token_hex(16)
        if not options.key_path:
            return Arrival(event)
        return Arrival(event, keys_in(value, options.record_path, options.key_path))
