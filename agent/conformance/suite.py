"""Runs every check against a server, one after the other, and cleans up behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from agent.conformance import access, contents, digests, feeds, records
from agent.conformance.visitor import Failed, NotOffered, Reply, Visitor

Check: TypeAlias = Callable[[Visitor], None]
"""Its docstring says what must hold. It raises `Failed` or `NotOffered`."""

CHAPTERS: Mapping[str, Sequence[Check]] = {
    "access": access.CHECKS,
    "records": records.CHECKS,
    "contents": contents.CHECKS,
    "feeds": feeds.CHECKS,
    "commands": feeds.COMMAND_CHECKS,
    "digests": digests.CHECKS,
}


class Outcome(StrEnum):
    """How a check went."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_OFFERED = "not offered"


class Report(NamedTuple):
    """One check: what must hold, whether it does, and where it does not the last exchange."""

    chapter: str
    name: str
    says: str
    outcome: Outcome
    reason: str = ""
    exchange: Reply | None = None


def examine(shop: Visitor) -> Iterator[Report]:
    """Every check in turn. Raises `Unavailable` where the server gives no answer at all."""
    shop.get("/v1/")
    try:
        for chapter, checks in CHAPTERS.items():
            for check in checks:
                yield tried(shop, chapter, check)
    finally:
        with suppress(Failed):
            shop.clean_up()


def tried(shop: Visitor, chapter: str, check: Check) -> Report:
    """One check. What it wrote stays until `Visitor.clean_up`."""
    says = (check.__doc__ or "").strip().removesuffix(".")
    shop.last = None
    try:
        check(shop)
    except NotOffered as reason:
        return Report(chapter, check.__name__, says, Outcome.NOT_OFFERED, str(reason))
    except Failed as reason:
        return Report(chapter, check.__name__, says, Outcome.FAILED, str(reason), shop.last)
    return Report(chapter, check.__name__, says, Outcome.PASSED)
