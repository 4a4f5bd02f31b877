"""The configurations that were in force, one after the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.store.database import Database

KEPT = 1_000
TEXTS_KEPT = 20
"""So many of them can be read, the last ones; of older ones only what changed is known."""


@dataclass(frozen=True, slots=True)
class ConfigurationRow:
    """A configuration that was put in force at a time (unix ms)."""

    number: int
    at: int
    digest: str
    """Of the file, in hex."""
    changes: Mapping[str, str]
    """Section, such as `flows.prices` → added, changed or removed. Empty for the first one."""
    readable: bool
    """Whether its text is still kept."""


class Configurations:
    """A line per configuration; the oldest go."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now

    def enter(self, digest: str, sections: Mapping[str, str], text: str = "") -> bool:
        """This one is in force now; False where it was already.

        `sections`: name → a digest of what the section says. `text`: the file without secrets.
        """
        with self._database.transaction():
            before = self._database.row(
                "SELECT digest, sections FROM configuration ORDER BY number DESC LIMIT 1"
            )
            if before and before[0] == digest:
                return False
            changes = _changes(json.loads(before[1]), sections) if before else {}
            ((number,),) = self._database.write(
                "INSERT INTO configuration (at, digest, sections, changes, text)"
                " VALUES (?, ?, ?, ?, ?) RETURNING number",
                (self._now(), digest, json.dumps(dict(sections)), json.dumps(changes), text),
            )
            self._database.write(
                "UPDATE configuration SET text = '' WHERE number <= ? AND text <> ''",
                (number - TEXTS_KEPT,),
            )
            self._database.write("DELETE FROM configuration WHERE number <= ?", (number - KEPT,))
        return True

    def list(self, limit: int = 20) -> list[ConfigurationRow]:
        """Newest first."""
        found = self._database.rows(
            "SELECT number, at, digest, changes, text <> '' FROM configuration"
            " ORDER BY number DESC LIMIT ?",
            (limit,),
        )
        return [
            ConfigurationRow(number, at, digest, json.loads(changes), bool(readable))
            for number, at, digest, changes, readable in found
        ]

    def text(self, number: int) -> str:
        """What it said, without secrets; "" where that is not kept."""
        found = self._database.value("SELECT text FROM configuration WHERE number = ?", (number,))
        return str(found or "")


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What became of each section that is not the same."""
    names = sorted(before.keys() | now.keys())
    return {name: _fate(name, before, now) for name in names if before.get(name) != now.get(name)}


def _fate(name: str, before: Mapping[str, str], now: Mapping[str, str]) -> str:
    if name not in before:
        return "added"
    return "changed" if name in now else "removed"
