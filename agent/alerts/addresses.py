"""Where alerts go: each mail address and each service is a target of its own, with its delivery."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from random import SystemRandom

from agent.alerts.mail import MailTarget
from agent.alerts.services import ServiceTarget
from agent.clock import Clock
from agent.config import AlertSettings
from agent.contract import AnyTarget
from agent.delivery import ANY_FLOW, Delivery, DeliveryEvent, DeliverySettings
from agent.store import Store

PREFIX = "alerts/"
"""No connection and no flow can be called like that: their names have no slash."""


class Addresses:
    """Names of recipients → the targets that reach them."""

    def __init__(self, settings: AlertSettings) -> None:
        self.makers: dict[str, Callable[[], AnyTarget]] = {}
        """Name of each target, the same over restarts, → what makes it."""
        self._of: dict[str, list[str]] = {}
        for name, recipients in settings.recipients.items():
            own: dict[str, Callable[[], AnyTarget]] = {}
            if settings.mail:
                for mail in recipients.mail:
                    own[PREFIX + mail] = partial(MailTarget, settings.mail, mail)
            for url in recipients.services:
                own[PREFIX + url.reference] = partial(ServiceTarget, url)
            self.makers |= own
            self._of[name] = list(own)

    def of(self, recipients: Iterable[str]) -> list[str]:
        """The targets of these recipients, each once."""
        return list(dict.fromkeys(target for name in recipients for target in self._of[name]))

    def deliveries(
        self,
        store: Store,
        per_hour: int,
        clock: Clock,
        on_event: Callable[[DeliveryEvent], None],
    ) -> dict[str, Delivery]:
        """A delivery for each target, which sends no more than so many notifications an hour."""
        return {
            name: Delivery(
                name=name,
                store=store,
                makers={ANY_FLOW: make},
                settings=_settings(per_hour),
                clock=clock,
                random=SystemRandom(),
                on_event=on_event,
            )
            for name, make in self.makers.items()
        }


def _settings(per_hour: int) -> DeliverySettings:
    """Half of the hour's number may go at once; the other half comes in over the hour."""
    burst = per_hour // 2
    return DeliverySettings(
        senders=1, burst=burst, rate=(per_hour - burst) / 3600, breaker_failures=3
    )
