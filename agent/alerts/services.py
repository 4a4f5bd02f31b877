"""Sends notices to one service (Telegram, Slack, Teams, SMS, a webhook), through Apprise."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import Self

from agent.alerts.notice import joined
from agent.contract import NoOptions, Target
from agent.errors import Misconfigured, Unavailable
from agent.model import Message, Receipt
from agent.secrets import Secret


class ServiceTarget(Target[NoOptions, NoOptions]):
    """One notification for all that waits. The URL, which holds a password, is read at each."""

    batch_size = 50

    def __init__(self, url: Secret) -> None:
        super().__init__(NoOptions(), NoOptions())
        self._url = url

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Send one notification; all of it is taken, or nothing."""
        try:
            import apprise  # noqa: PLC0415 - an extra, and half a second
        except ImportError:
            raise Misconfigured(
                "SA-7455",
                f"{self._url.reference} needs Apprise, which is not installed",
                hint="pip install 'syncagent[alerts]'",
                untouched=True,
            ) from None
        service = apprise.Apprise()
        with _Overheard() as overheard:
            if not service.add(self._url.reveal()):
                raise Misconfigured(
                    "SA-7456",
                    f"{self._url.reference} holds no URL that Apprise understands",
                    hint="compare it with the service's page in Apprise's documentation",
                    untouched=True,
                )
            notice = joined(messages)
            kind = apprise.NotifyType.SUCCESS if notice.good else apprise.NotifyType.WARNING
            taken = service.notify(title=notice.title, body=notice.text, notify_type=kind)
        if not taken:
            raise Unavailable(
                "SA-7457", f"the service of {self._url.reference} did not take it{overheard.status}"
            )
        for message in messages:
            yield Receipt(message.id, accepted=True)


class _Overheard(logging.Handler):
    """What Apprise logs of a failure, of which it returns no more than that it failed.

    Only the HTTP status is kept: the lines may hold the URL.
    """

    def __init__(self) -> None:
        super().__init__()
        self.status = ""

    def __enter__(self) -> Self:
        self._log = logging.getLogger("apprise")
        self._before = self._log.propagate
        self._log.addHandler(self)
        self._log.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        self._log.removeHandler(self)
        self._log.propagate = self._before

    def emit(self, record: logging.LogRecord) -> None:
        found = re.search(r"error\s*=\s*(\d{3})\b", record.getMessage())
        if found:
            self.status = f": status {found[1]}"
