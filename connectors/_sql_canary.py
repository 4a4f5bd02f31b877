"""A statement with a known answer, asked before the first row: it shows who spoils values."""

from __future__ import annotations

from typing import Any, TypeAlias

from agent.errors import Misconfigured, Unavailable
from connectors._sql_dialect import Sql
from connectors._sql_session import Session

Canary: TypeAlias = tuple[Sql, tuple[Any, ...]]
"""A statement, and the row that it answers."""


def sing(session: Session, canary: Canary, where: str) -> None:
    """Refuse a driver or a setting that spoils values, before it spoils anything."""
    question, answer = canary
    try:
        row = session.first(*question) or ()
    except Unavailable as error:
        if error.code == "SA-2104":  # the connection is gone: that says nothing about values
            raise
        spoilt = error.reason
    else:
        if row == answer:
            return
        spoilt = "; ".join(
            f"{right!r:.40} became {wrong!r:.40}"
            for right, wrong in zip(answer, row, strict=True)
            if right != wrong
        )
    raise Misconfigured(
        "SA-2106",
        f"{where}: the driver spoils values: {spoilt}",
        hint="use the Unicode driver, and remove keywords that change numbers, dates or encoding",
    )
