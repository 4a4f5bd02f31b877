"""What is amiss at one moment, and how each kind of it is told unless the configuration differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from agent.alerts.links import ALERTS
from agent.config.alerts import AlertSettings


class Kind(StrEnum):
    """The kinds of trouble; each is a key of `alerts.rules`."""

    PARKED = "parked"
    DOUBT = "doubt"
    HELD = "held"
    HALTED = "halted"
    UNREACHABLE = "unreachable"
    FAILING = "failing"
    FRESHNESS = "freshness"
    CONFLICT = "conflict"
    DIFFERENCES = "differences"
    PAUSED = "paused"
    ENDING = "ending"
    WARNING = "warning"
    DISK = "disk"
    RESTORED = "restored"
    BACKUP = "backup"
    CONFIGURATION = "configuration"
    LISTENER = "listener"
    LOG_IN = "log_in"


class Level(StrEnum):
    """When a trouble is told."""

    URGENT = "urgent"
    """Also in quiet hours."""
    NORMAL = "normal"
    DIGEST = "digest"
    """Only in the daily digest."""


class Rule(NamedTuple):
    """How a kind of trouble is told."""

    after: float
    """Seconds that it has to last."""
    level: Level
    to: tuple[str, ...] = ()
    """Who is told, by name."""


_PATIENT = 600.0
"""Seconds after which what may pass by itself is told."""

_DAY = 86_400.0

DEFAULTS: Mapping[Kind, Rule] = {
    Kind.PARKED: Rule(_PATIENT, Level.NORMAL),
    Kind.DOUBT: Rule(0, Level.NORMAL),
    Kind.HELD: Rule(0, Level.NORMAL),
    Kind.HALTED: Rule(0, Level.URGENT),
    Kind.UNREACHABLE: Rule(_PATIENT, Level.NORMAL),
    Kind.FAILING: Rule(_PATIENT, Level.NORMAL),
    Kind.FRESHNESS: Rule(0, Level.NORMAL),
    Kind.CONFLICT: Rule(0, Level.NORMAL),
    Kind.DIFFERENCES: Rule(0, Level.NORMAL),
    Kind.PAUSED: Rule(_DAY, Level.NORMAL),
    Kind.ENDING: Rule(0, Level.NORMAL),
    Kind.WARNING: Rule(0, Level.DIGEST),
    Kind.DISK: Rule(0, Level.URGENT),
    Kind.RESTORED: Rule(0, Level.URGENT),
    Kind.BACKUP: Rule(_PATIENT, Level.NORMAL),
    Kind.CONFIGURATION: Rule(_PATIENT, Level.NORMAL),
    Kind.LISTENER: Rule(_PATIENT, Level.NORMAL),
    Kind.LOG_IN: Rule(0, Level.NORMAL),
}

SILENT_END = frozenset({Kind.RESTORED, Kind.ENDING, Kind.WARNING, Kind.LOG_IN})
"""That these are over is told in the digest at most: nobody waits for it."""

ASKED_FOR = frozenset({Kind.ENDING, Kind.WARNING})
"""What systems are asked for once a day; of the rest everything is known at each look."""
EVERYWHERE = ""
"""In place of a system: nobody was asked yet."""

WITHOUT_REMINDERS = frozenset({Kind.ENDING})
"""Told again when it gets a step worse, and not by the hour."""


def rules_of(settings: AlertSettings) -> dict[Kind, Rule]:
    """The rule for each kind that is not switched off."""
    found = {}
    for kind, default in DEFAULTS.items():
        said = getattr(settings.rules, kind.value)
        if said is not None:
            found[kind] = Rule(
                default.after if said.after is None else said.after,
                Level(said.level or default.level),
                said.to or settings.tell,
            )
    return found


def fingerprint(kind: Kind, where: str, apart: str = "") -> str:
    """By what a trouble is known again."""
    return f"{kind}|{where}|{apart}".rstrip("|")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that people have to know, as it is now."""

    kind: Kind
    where: str
    """The flow, the target, the file: what it is about."""
    code: str
    reason: str
    hint: str = ""
    """What to do, where the error itself said so; else the catalogue does."""
    count: int = 1
    keys: tuple[str, ...] = ()
    """Some of the records that are concerned."""
    command: str = ""
    """What shows or mends it on the command line."""
    page: str = ALERTS
    """The dashboard's page that shows or mends it; see `agent/alerts/links.py`."""
    step: int = 0
    """How bad it is; one that got worse is told again."""
    failed_at: int = 0
    """When it was last tried in vain (unix ms), for what is tried again."""
    apart: str = ""
    """What tells it from another trouble of the same kind at the same place."""
    follows: tuple[str, ...] = ()
    """Fingerprints of troubles of which it is a part or a consequence: whoever was told one of them
    need not hear of this one too."""

    @property
    def fingerprint(self) -> str:
        """The same for the same cause, whatever changes while it lasts."""
        return fingerprint(self.kind, self.where, self.apart)

    @property
    def facts(self) -> dict[str, object]:
        """What is kept of it, to be told again later."""
        return {
            "where": self.where,
            "code": self.code,
            "reason": self.reason,
            "hint": self.hint,
            "count": self.count,
            "keys": list(self.keys),
            "command": self.command,
            "page": self.page,
        }


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at everything showed."""

    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    """Fingerprint → trouble."""
    unasked: frozenset[str] = frozenset()
    """Systems that were not asked what will end: nothing is known of that."""
    unproved: frozenset[str] = frozenset()
    """Fingerprints of troubles that are not seen, though nothing proves that they are over."""

    @classmethod
    def of(
        cls,
        troubles: Iterable[Trouble],
        unasked: Iterable[str] = (),
        unproved: Iterable[str] = (),
    ) -> Sight:
        """From the troubles alone; of two with one fingerprint the later one counts."""
        found = {each.fingerprint: each for each in troubles}
        return cls(found, frozenset(unasked), frozenset(unproved))

    def knows(self, kind: Kind, where: str, known_by: str) -> bool:
        """Whether what is not seen is gone; `known_by` is its fingerprint."""
        if kind in ASKED_FOR and self.unasked & {where, EVERYWHERE}:
            return False
        return known_by not in self.unproved
