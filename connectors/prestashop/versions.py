"""Which versions of PrestaShop there are, and until when they are kept in order.

The web service has no version of its own: it is that of the shop. A day stands here where one was
announced; PrestaShop names none ahead for the versions that it maintains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from agent.contract import Finding
from connectors._sunset import version_findings

ENDS: dict[str, date | None] = {
    "1.6": date(2019, 6, 30),
    "1.7": date(2023, 10, 31),
    "8": None,
    "9": None,
}
"""Major version → the last day of repairs; None: not announced."""
FIRST_WITH_PATCH = 8


def major(version: str) -> str:
    """`8` of `8.2.1`, `1.7` of `1.7.8.11`; "" of nothing."""
    found = re.match(r"(1\.\d+|\d+)", version)
    return found[1] if found else ""


def can_patch(version: str) -> bool:
    """Whether single fields can be changed."""
    found = major(version)
    return bool(found) and not found.startswith("1.") and int(found) >= FIRST_WITH_PATCH


def findings(version: str, today: date) -> Iterator[Finding]:
    """What `check` says of the shop's version."""
    found = major(version)
    if not found:
        yield Finding("API version", "the shop does not tell its version: set update: put or patch")
    elif found not in ENDS:
        yield Finding("API version", f"PrestaShop {version}, which this agent does not know")
    else:
        yield from version_findings("PrestaShop", version, ENDS[found], today)
