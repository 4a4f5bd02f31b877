"""What the other side holds of a record, and in which fields it differs from what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from agent.contract import AnyTarget, can
from agent.errors import SyncError
from agent.model import Json
from agent.two_way import same

Differences = dict[str, tuple[Json, Json]]
"""Field → (what was sent, what is there)."""


class There(NamedTuple):
    """`answer`: equal, differs, present (nothing to compare with), absent, unknown or failed."""

    answer: str
    fields: Differences
    reason: str = ""


UNKNOWN = There("unknown", {})


def differing_fields(ours: Mapping[str, Json], theirs: Mapping[str, Json]) -> Differences:
    """The fields that both have and that do not mean the same: 1.50 is 1.5."""
    return {
        name: (ours[name], value)
        for name, value in theirs.items()
        if name in ours and not same(ours[name], value)
    }


def look_there(
    target: AnyTarget, entity: str, key: str, expected: Mapping[str, Json] | None
) -> There:
    """Ask the other side about one key. `expected` is what was last sent, None where not known."""
    if not can(target, "read_back"):
        return UNKNOWN
    try:
        held = next((each.data for each in target.read_back(entity, [key])), None)
    except SyncError as error:
        return There("failed", {}, str(error))
    if held is None:
        return There("absent", {}) if target.reads_back(entity) else UNKNOWN
    if expected is None:
        return There("present", {})
    fields = differing_fields(expected, held)
    return There("differs" if fields else "equal", fields)
