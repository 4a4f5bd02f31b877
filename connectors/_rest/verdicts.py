"""What answers to a write can mean: done, there already, gone, refused, or not now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator


class Verdict(StrEnum):
    """What becomes of the record."""

    OK = "ok"
    """It was done."""
    FOUND = "found"
    """It is there already: look it up, update it."""
    GONE = "gone"
    """There is none of that id."""
    REJECTED = "rejected"
    """This record is refused and stays refused."""
    UNAVAILABLE = "unavailable"
    """Not now."""
    MISCONFIGURED = "misconfigured"
    """No record will get through until a person acts."""


def _statuses(table: Mapping[str, Verdict]) -> Mapping[str, Verdict]:
    for status in table:
        if not re.fullmatch(r"[1-5](\d\d|xx)", status):
            raise ValueError(f"{status!r} is no status; write 409 or 5xx")
    return table


Statuses = Annotated[Mapping[str, Verdict], AfterValidator(_statuses)]
