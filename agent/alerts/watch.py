"""Looks at intervals, decides what is told, and puts it on its way, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Event, Thread

from agent.alerts.addresses import PREFIX, Addresses
from agent.alerts.checks import Checks
from agent.alerts.notice import Notice, encode
from agent.alerts.plan import (
    Policy,
    Step,
    digest_is_due,
    is_standing,
    is_worth_a_line,
    steps,
)
from agent.alerts.pulse import Pulse
from agent.alerts.survey import Site, Survey
from agent.alerts.trouble import rules_of
from agent.alerts.wording import Words
from agent.clock import Clock
from agent.config import AlertSettings
from agent.delivery import DeliveryEvent
from agent.errors import Rejected, SyncError
from agent.model import Change, Message, Op, State
from agent.quiet import quiet_until
from agent.store import Alert, StoreFailed

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0
_LANE = 0
_NO_DIGEST = bytes(16)


class Alerts:
    """What people are told of one agent, under one configuration.

    What is told is committed together with the fact that it is told, as a message in the outbox. A
    crash before loses both, and the next look finds the trouble again; a crash after loses nothing.
    """

    def __init__(
        self,
        site: Site,
        clock: Clock,
        on_event: Callable[[DeliveryEvent], None],
        on_failure: Callable[[StoreFailed], None],
    ) -> None:
        settings = site.config.alerts
        self._site = site
        self._store = site.store
        self._clock = clock
        self._on_failure = on_failure
        self._settings = settings
        self._zone = site.config.site.time_zone
        self._policy = _policy(settings)
        self._words = Words(
            settings.language or site.config.site.language,
            site.config.site.name,
            self._zone,
            settings.link,
        )
        self._addresses = Addresses(settings)
        self.deliveries = self._addresses.deliveries(
            self._store, settings.per_hour, clock, on_event
        )
        """The senders, by name of the address."""
        self.checks = Checks(site, clock)
        self._survey = Survey(site, self.checks, self.deliveries)
        ping = settings.ping
        self.pulse = Pulse(ping.url, ping.every, clock) if ping else None
        """The dead man's switch, where there is one."""
        self._stopped = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Look, tell and send from now on, until `close`."""
        self._drop_strangers()
        for delivery in self.deliveries.values():
            delivery.start()
        self.checks.start()
        self._thread = Thread(target=self._run, name="alerts", daemon=True)
        self._thread.start()

    def close(self, drain_seconds: float = 1.0) -> None:
        """Look no more. What could not be sent in time stays in the outbox."""
        self._stopped.set()
        self.checks.close()
        if self._thread is not None:
            self._thread.join()
            for delivery in self.deliveries.values():
                delivery.drain(drain_seconds)

    def _run(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            try:
                self.look()
            except StoreFailed as failure:
                self._on_failure(failure)
            except SyncError as error:
                log.error("looking for alerts failed: %s", error)
            except Exception:  # who tells of the others' faults must not end by one of its own
                log.exception("looking for alerts failed")

    def look(self) -> None:
        """One look at everything, and what follows from it. A look that fails gives no pulse."""
        now = self._clock.now_ms()
        sight = self._survey.look(now)
        quiet = quiet_until(self._settings.quiet, now, self._zone) is not None
        with self._store.transaction():
            woken = set()
            known = self._store.alerts.open()
            for step in steps(sight, known, self._policy, now, quiet=quiet):
                woken |= set(self._take(step))
            woken |= set(self._digest(now))
        for name in woken:
            self.deliveries[name].wake()
        if self.pulse:
            self.pulse.beat()

    def _take(self, step: Step) -> list[str]:
        """Keep an alert as it is now and put on its way what is told of it; to whom."""
        alert = step.alert
        number = self._store.alerts.put(alert)
        if step.what is None:
            return []
        notice = self._words.notice(step.what, replace(alert, number=number))
        log.info("alert %s", step.what, extra={"alert": number, "about": alert.fingerprint})
        return self._send(str(number), notice, step.to)

    def _digest(self, now: int) -> list[str]:
        """The daily summary, where its hour has come; to whom it goes."""
        digest, last = self._settings.digest, self._store.alerts.last_digest()
        if last is None:
            self._store.alerts.note_digest(now)
        if digest is None or last is None or not digest_is_due(last, digest.at, now, self._zone):
            return []
        self._store.alerts.note_digest(now)
        found = [*self._store.alerts.open(), *self._store.alerts.closed(last)]
        worth = [alert for alert in found if is_worth_a_line(alert, self._policy, now)]
        alerts = [alert for alert in worth if alert.gone_at is None]
        closed = [alert for alert in worth if alert.closed_at is not None]
        if not alerts and not closed and not digest.when_well:
            return []
        return self._send("digest", self._words.digest(alerts, closed), self._settings.tell)

    def _send(self, key: str, notice: Notice, to: Iterable[str]) -> list[str]:
        """Into the outbox, once for each address. What waits there about the same is replaced."""
        change = Change(Op.UPSERT, "alert", key, encode(notice), _NO_DIGEST, None)
        names = self._addresses.of(to)
        for name in names:
            self._store.messages.append(name, name, 0, _LANE, [change], held=False, coalesce=True)
        return names

    def _drop_strangers(self) -> None:
        """What waits for an address that is not configured any more would wait for ever."""
        for name, counts in self._store.messages.counts().items():
            if not name.startswith(PREFIX) or name in self.deliveries:
                continue
            for state in (State.PENDING, State.PARKED):
                if counts.get(state):
                    waiting = self._store.messages.list(10_000, flow=name, state=state)
                    ids = [row.id for row in waiting]
                    self._store.decisions.ignore(ids, "the address is gone", "syncagent")

    def standing(self) -> list[Alert]:
        """What is open and lasts, oldest first; not what is for the digest alone."""
        now = self._clock.now_ms()
        return [each for each in self._store.alerts.open() if is_standing(each, self._policy, now)]

    def acknowledge(self, number: int, by: str) -> None:
        """Somebody takes care of it: no more reminders. Raises `Rejected` SA-7458."""
        if not self._store.alerts.acknowledge(number, by, self._clock.now_ms()):
            raise Rejected(
                "SA-7458", f"there is no open alert {number}", hint="syncagent alerts list"
            )
        log.info("alert acknowledged", extra={"alert": number, "by": by})

    def test(self) -> dict[str, SyncError | None]:
        """Send a test to every address now, past the outbox: address → why it failed, if it did.

        Raises `Rejected` SA-7459 where there is no address.
        """
        if not self._addresses.makers:
            raise Rejected(
                "SA-7459", "no recipients of alerts are configured", hint="see docs/alerts.md"
            )
        return {name: self._try(name) for name in self._addresses.makers}

    def _try(self, name: str) -> SyncError | None:
        body = encode(self._words.test())
        message = Message(f"test-{self._clock.now_ms()}", 0, name, "alert", "test", Op.UPSERT, body)
        try:
            target = self._addresses.makers[name]()
            list(target.deliver([message]))
            target.close()
        except SyncError as error:
            return error
        return None


def _policy(settings: AlertSettings) -> Policy:
    escalate = settings.escalate
    return Policy(
        rules=rules_of(settings),
        reminders=tuple(int(each * 1000) for each in settings.reminders),
        calm=int(settings.calm * 1000),
        escalate_after=int(escalate.after * 1000) if escalate else 0,
        escalate_to=escalate.to if escalate else (),
    )
