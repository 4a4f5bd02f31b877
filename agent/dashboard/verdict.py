"""The verdict on the pages: its sentence in the reader's language, and where it is mended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

_PLACES = {
    "halted": "/flows",
    "held": "/flows",
    "unreachable": "/flows",
    "disk": "/alerts",
    "parked": "/errors",
    "failed": "/flows",
    "alerts": "/alerts",
    "configuration": "/configuration",
    "paused": "/flows",
}


class Told(NamedTuple):
    """`light` is green, yellow or red; `text` names a sentence, `values` fill it in."""

    light: str
    text: str
    values: Mapping[str, Any]
    link: str
    """The page on which it can be mended."""


def verdict(status: Mapping[str, Any]) -> Told:
    """What the status finds."""
    found = status["finding"]
    about = found["about"]
    return Told(found["light"], f"verdict_{about}", found["values"], _PLACES.get(about, "/"))
