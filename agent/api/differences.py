"""What differs between two states of a record, down to the value: `lines[2].quantity`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agent.model import Json

NOTHING = object()
"""Stands for a value that one of the two states does not have."""


class Difference(NamedTuple):
    """One value. `had` and `has`: whether the older and the newer state have the field at all."""

    field: str
    before: Json
    now: Json
    had: bool
    has: bool


def differences(before: Mapping[str, Json], now: Mapping[str, Json]) -> list[Difference]:
    """Every value that differs, in the order of the newer state; elements of lists count from 1."""
    return list(_of_objects("", before, now))


def _of_objects(
    path: str, before: Mapping[str, Json], now: Mapping[str, Json]
) -> Iterator[Difference]:
    for name in [*now, *(name for name in before if name not in now)]:
        place = f"{path}.{name}" if path else name
        yield from _of_values(place, before.get(name, NOTHING), now.get(name, NOTHING))


def _of_values(path: str, before: Json, now: Json) -> Iterator[Difference]:
    if before == now and type(before) is type(now):
        return
    if isinstance(before, dict) and isinstance(now, dict):
        yield from _of_objects(path, before, now)
    elif isinstance(before, list) and isinstance(now, list):
        for place in range(max(len(before), len(now))):
            older = before[place] if place < len(before) else NOTHING
            newer = now[place] if place < len(now) else NOTHING
            yield from _of_values(f"{path}[{place + 1}]", older, newer)
    else:
        had, has = before is not NOTHING, now is not NOTHING
        yield Difference(path, before if had else None, now if has else None, had, has)
