"""Versions of Magento and Adobe Commerce, and when Adobe ends their support."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from agent.contract import Finding
from connectors._sunset import version_findings

ENDS: Mapping[str, date] = {
    "2.4.4": date(2026, 4, 14),
    "2.4.5": date(2026, 8, 11),
    "2.4.6": date(2026, 8, 11),
    "2.4.7": date(2027, 4, 9),
    "2.4.8": date(2028, 4, 11),
    "2.4.9": date(2029, 5, 12),
}
"""As Adobe's lifecycle policy said in summer 2026; Magento Open Source gets no extensions.

Adobe names only the month for 2.4.9: three years after the day on which it came out.
"""


def findings(version: str, said: str, today: date) -> Iterator[Finding]:
    """What `check` says. `said` is what the shop tells of itself: `Magento/2.4 (Community)`.

    It never tells the third number, so the configuration does.
    """
    if not version:
        yield Finding(
            "API version",
            f"V1; the shop only says {said or 'nothing of its version'}: name it under version, "
            "so that its end can be told ahead",
            warning=True,
        )
        return
    yield from version_findings("Magento", version, ENDS[version], today)
    if said and f"/{version.rpartition('.')[0]} " not in f"{said} ":
        yield Finding("version", f"the shop says {said}, the configuration {version}", warning=True)
