"""What is told when, over weeks and over changes of the clock, without a store or a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent.alerts.plan import Policy, What, digest_is_due, steps
from agent.alerts.trouble import DEFAULTS, Kind, Level, Rule, Sight, Trouble
from agent.store import Alert

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
TOLD_TO = {kind: rule._replace(to=("it",)) for kind, rule in DEFAULTS.items()}


def policy(rules: Mapping[Kind, Rule] = TOLD_TO, **changes: object) -> Policy:
    usual = Policy(
        rules=rules,
        reminders=(HOUR, 4 * HOUR, DAY),
        calm=5 * MINUTE,
        escalate_after=0,
        escalate_to=(),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


class Memory:
    """Keeps alerts as the store does."""

    def __init__(self, rules: Policy) -> None:
        self.rules = rules
        self.alerts: dict[str, Alert] = {}

    def look(
        self, now: int, *troubles: Trouble, quiet: bool = False
    ) -> list[tuple[What, tuple[str, ...]]]:
        """What is told at this look."""
        found = []
        sight = Sight.of(troubles)
        for step in steps(sight, self.alerts.values(), self.rules, now, quiet=quiet):
            alert = step.alert
            if alert.closed_at is not None:
                del self.alerts[alert.fingerprint]
            else:
                number = alert.number or len(self.alerts) + 1
                self.alerts[alert.fingerprint] = replace(alert, number=number)
            if step.what:
                found.append((step.what, step.to))
        return found


DOWN = Trouble(Kind.UNREACHABLE, "shop", "SA-5202", "no answer", apart="target")


def test_reminders_thin_out_to_one_a_day_for_as_long_as_it_lasts() -> None:
    memory = Memory(policy())
    told = [
        (now, what) for now in range(0, 10 * DAY, 10 * MINUTE) for what, _ in memory.look(now, DOWN)
    ]
    first, *reminders = [now for now, _ in told]
    assert [what for _, what in told] == [What.OPENED] + [What.REMINDER] * len(reminders)
    assert first == 10 * MINUTE
    assert [(now - first) / HOUR for now in reminders] == [1, 4, *range(24, 10 * 24, 24)]


def test_agent_that_was_off_reminds_once_of_what_it_missed() -> None:
    memory = Memory(policy())
    for now in range(0, HOUR, 10 * MINUTE):
        memory.look(now, DOWN)
    assert memory.look(5 * DAY, DOWN) == [(What.REMINDER, ("it",))]
    assert memory.look(5 * DAY + MINUTE, DOWN) == []


def test_escalation_comes_once_and_the_second_recipients_are_told_of_the_end() -> None:
    memory = Memory(policy(escalate_after=2 * HOUR, escalate_to=("boss",)))
    told = [each for now in range(0, 30 * HOUR, 10 * MINUTE) for each in memory.look(now, DOWN)]
    assert told.count((What.ESCALATED, ("boss",))) == 1
    assert told[-1] == (What.REMINDER, ("it", "boss"))
    memory.look(31 * HOUR)
    assert memory.look(32 * HOUR) == [(What.RECOVERED, ("it", "boss"))]


def test_end_in_quiet_hours_is_told_when_they_end() -> None:
    memory = Memory(policy())
    memory.look(0, DOWN)
    assert memory.look(10 * MINUTE, DOWN) == [(What.OPENED, ("it",))]
    assert memory.look(11 * MINUTE, quiet=True) == []
    assert memory.look(20 * MINUTE, quiet=True) == []
    assert memory.look(30 * MINUTE) == [(What.RECOVERED, ("it",))]


def test_rule_that_is_switched_off_ends_its_alert_without_a_word() -> None:
    memory = Memory(policy())
    memory.look(0, DOWN)
    memory.look(10 * MINUTE, DOWN)
    rest = {kind: rule for kind, rule in TOLD_TO.items() if kind is not Kind.UNREACHABLE}
    memory.rules = policy(rest)
    memory.look(11 * MINUTE, DOWN)
    assert memory.look(12 * MINUTE, DOWN) == []
    assert memory.alerts == {}


def test_worse_is_told_also_to_who_had_taken_care() -> None:
    memory = Memory(policy())
    ending = Trouble(Kind.ENDING, "shop", "SA-7461", "30 days", apart="certificate", step=1)
    assert memory.look(0, ending) == [(What.OPENED, ("it",))]
    (alert,) = memory.alerts.values()
    taken = replace(alert, acknowledged_at=1, acknowledged_by="anna")
    memory.alerts[alert.fingerprint] = taken
    assert memory.look(DAY, ending) == []
    assert memory.look(16 * DAY, replace(ending, step=2)) == [(What.WORSE, ("it",))]
    assert memory.look(17 * DAY, replace(ending, step=2)) == []


def test_what_follows_is_not_told_while_the_cause_lasts_and_is_told_after_it() -> None:
    memory = Memory(policy())
    old = Trouble(Kind.FRESHNESS, "prices", "SA-7460", "old", follows=(DOWN.fingerprint,))
    memory.look(0, DOWN)
    assert memory.look(10 * MINUTE, DOWN) == [(What.OPENED, ("it",))]
    for now in range(30 * MINUTE, 60 * MINUTE, MINUTE):
        assert memory.look(now, DOWN, old) == []
    assert memory.look(61 * MINUTE, old) == [], "it has only just gone"
    assert memory.look(67 * MINUTE, old) == [(What.RECOVERED, ("it",))]
    assert memory.look(68 * MINUTE, old) == [(What.OPENED, ("it",))]


def test_what_is_for_the_digest_holds_nothing_back() -> None:
    digest = TOLD_TO | {Kind.UNREACHABLE: Rule(0, Level.DIGEST, ("it",))}
    memory = Memory(policy(digest))
    old = Trouble(Kind.FRESHNESS, "prices", "SA-7460", "old", follows=(DOWN.fingerprint,))
    assert memory.look(0, DOWN, old) == [(What.OPENED, ("it",))]


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)])
def test_digest_comes_once_each_day_also_when_the_clocks_are_changed(day: date) -> None:
    rome = ZoneInfo("Europe/Rome")
    start = datetime.combine(day, time(12), rome)
    last = int(start.timestamp() * 1000)
    came = []
    for now in range(last, last + 3 * DAY, 5 * MINUTE):
        if digest_is_due(last, "02:30", now, "Europe/Rome"):
            came.append(datetime.fromtimestamp(now / 1000, rome))
            last = now
    assert [each.date() for each in came] == [
        (start + timedelta(days=number)).date() for number in (1, 2, 3)
    ]
