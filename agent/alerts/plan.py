"""What is seen and what was told → what is told now. Pure: no clock, no store, no network."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent.alerts.trouble import SILENT_END, WITHOUT_REMINDERS, Kind, Level, Rule, Sight, Trouble
from agent.store import Alert

SECOND_TRY_MS = 60_000
"""A try is a second one when it fails so long after the first: what is repeated within seconds is
still the same try, and a server that restarts would wake somebody up."""


class What(StrEnum):
    """What is told about an alert."""

    OPENED = "opened"
    WORSE = "worse"
    REMINDER = "reminder"
    ESCALATED = "escalated"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class Policy:
    """When what is told to whom. Durations in milliseconds."""

    rules: Mapping[Kind, Rule]
    reminders: tuple[int, ...]
    calm: int
    escalate_after: int
    escalate_to: tuple[str, ...]


class Step(NamedTuple):
    """An alert as it is from now on, and what is told of it to whom, if anything."""

    alert: Alert
    what: What | None = None
    to: tuple[str, ...] = ()


def steps(
    sight: Sight, alerts: Iterable[Alert], policy: Policy, now: int, *, quiet: bool
) -> Iterator[Step]:
    """What changes; nothing for an alert that stays as it is."""
    known = {alert.fingerprint: alert for alert in alerts}
    spoken = _Spoken(known.values())
    for fingerprint, trouble in sight.troubles.items():
        rule = policy.rules.get(trouble.kind)
        if rule is None:
            continue
        before = known.get(fingerprint)
        alert = before or Alert(0, fingerprint, trouble.kind, trouble.facts, now)
        alert = replace(alert, facts=trouble.facts, gone_at=None)
        know = spoken.who_knows(trouble, alert, rule)
        if know:
            step = Step(alert)
            spoken.add(alert, know)
        else:
            step = _present(trouble, alert, rule, policy, now, quiet=quiet)
            spoken.add(step.alert, step.alert.told_to)
        if step.alert != before:
            yield step
    for fingerprint, alert in known.items():
        kind = Kind(alert.kind)
        here = fingerprint in sight.troubles and kind in policy.rules
        if not here and sight.knows(kind, alert.facts["where"], fingerprint):
            yield from _absent(kind, alert, policy, now, quiet=quiet)


class _Spoken:
    """What people heard of so far, in the order in which it came up."""

    def __init__(self, alerts: Iterable[Alert]) -> None:
        self._heard: dict[str, tuple[int, frozenset[str]]] = {}
        for alert in alerts:
            self.add(alert, alert.told_to)

    def add(self, alert: Alert, know: Iterable[str]) -> None:
        """These people know of it, by itself or by what it follows."""
        if names := frozenset(know):
            self._heard[alert.fingerprint] = _place(alert), names

    def who_knows(self, trouble: Trouble, alert: Alert, rule: Rule) -> frozenset[str]:
        """All who would hear of a trouble, where they know of an older one that it follows.

        One that has just gone still counts: what follows from it takes a moment to pass.
        """
        for each in trouble.follows:
            place, names = self._heard.get(each, (0, frozenset()))
            if names >= set(rule.to) and place <= _place(alert):
                return names
        return frozenset()


def _place(alert: Alert) -> int:
    """Its place in the order; one that is not stored yet comes after all that are."""
    return alert.number or sys.maxsize


def _present(
    trouble: Trouble, alert: Alert, rule: Rule, policy: Policy, now: int, *, quiet: bool
) -> Step:
    if rule.level is Level.DIGEST or (quiet and rule.level is not Level.URGENT):
        return Step(alert)
    if not alert.told:
        lasted = now - alert.opened_at >= rule.after * 1000
        failed_twice = trouble.failed_at - alert.opened_at >= SECOND_TRY_MS
        ripe = lasted or failed_twice
        return _tell(What.OPENED, trouble, alert, rule.to, now) if ripe else Step(alert)
    everybody = rule.to + (policy.escalate_to if alert.escalated else ())
    if trouble.step > alert.told_step:
        fresh = replace(alert, acknowledged_at=None, acknowledged_by="")
        return _tell(What.WORSE, trouble, fresh, everybody, now)
    if alert.acknowledged_at:
        return Step(alert)
    if (
        policy.escalate_to
        and not alert.escalated
        and now - alert.first_told_at >= policy.escalate_after
    ):
        step = _tell(What.ESCALATED, trouble, alert, policy.escalate_to, now)
        return step._replace(alert=replace(step.alert, escalated=True))
    if trouble.kind not in WITHOUT_REMINDERS and now >= _next_reminder(alert, policy.reminders):
        return _tell(What.REMINDER, trouble, alert, everybody, now)
    return Step(alert)


def _tell(what: What, trouble: Trouble, alert: Alert, to: tuple[str, ...], now: int) -> Step:
    """Told, where there is somebody to tell."""
    if not to:
        return Step(alert)
    told = replace(
        alert,
        told=alert.told + 1,
        told_to=tuple(dict.fromkeys(alert.told_to + to)),
        told_step=trouble.step,
        first_told_at=alert.first_told_at or now,
        last_told_at=now,
    )
    return Step(told, what, tuple(dict.fromkeys(to)))


def _next_reminder(alert: Alert, reminders: tuple[int, ...]) -> int:
    """The first moment for a reminder after it was last told; the last distance repeats."""
    since = alert.last_told_at - alert.first_told_at
    for distance in reminders:
        if distance > since:
            return alert.first_told_at + distance
    longest = reminders[-1]
    return alert.first_told_at + longest * (since // longest + 1)


def _absent(kind: Kind, alert: Alert, policy: Policy, now: int, *, quiet: bool) -> Iterator[Step]:
    """It is gone: over when it has not come back for a while."""
    if alert.gone_at is None:
        alert = replace(alert, gone_at=now)
        if policy.calm:
            yield Step(alert)
            return
    rule = policy.rules.get(kind)
    if now - (alert.gone_at or now) < policy.calm and rule:
        return
    closed = replace(alert, closed_at=now)
    if not alert.told or rule is None or kind in SILENT_END:
        yield Step(closed)
    elif not quiet or rule.level is Level.URGENT:
        everybody = rule.to + (policy.escalate_to if alert.escalated else ())
        yield Step(closed, What.RECOVERED, tuple(dict.fromkeys(everybody)))


def is_worth_a_line(alert: Alert, policy: Policy, now: int) -> bool:
    """Whether the digest names it: it was told, or lasted so long that only its level kept it back.

    What came and went within minutes is nobody's concern.
    """
    rule = policy.rules.get(Kind(alert.kind))
    lasted = (alert.gone_at or now) - alert.opened_at
    return alert.told > 0 or (rule is not None and lasted >= rule.after * 1000)


def is_standing(alert: Alert, policy: Policy, now: int) -> bool:
    """Whether it is there now and people are told of it: not by the digest alone, not in vain."""
    rule = policy.rules.get(Kind(alert.kind))
    if rule is None or rule.level is Level.DIGEST or alert.gone_at is not None:
        return False
    return is_worth_a_line(alert, policy, now)


def digest_is_due(last: int, at: str, now: int, zone: str) -> bool:
    """Whether the hour of the digest has come since the last one."""
    there = ZoneInfo(zone)
    hour, minute = map(int, at.split(":"))
    today = datetime.fromtimestamp(now / 1000, there).date()
    # As moments, not as times of the clock: one night a year has no 02:30, another has two.
    moments = (
        datetime.combine(day, time(hour, minute), there).timestamp() * 1000
        for day in (today, today - timedelta(days=1))
    )
    return last < next(due for due in moments if due <= now)
