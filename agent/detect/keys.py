"""Key columns → the key as canonical text, the same on every day and through every driver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from agent.errors import Misconfigured, Rejected
from agent.model import join_key, key_text


def key_reader(
    columns: Sequence[str], key_columns: Sequence[str]
) -> Callable[[tuple[Any, ...]], str]:
    """A function row → key.

    Raises `Misconfigured` SA-4002 where a key column is missing; the function raises `Rejected`
    SA-4003 for a row whose key is empty, or cannot be looked for in the store.
    """
    positions = []
    for name in key_columns:
        if name not in columns:
            raise Misconfigured(
                "SA-4002",
                f'the key column "{name}" is not among the columns: {", ".join(columns)}',
                hint="correct `key:` of the flow's source",
            )
        positions.append(columns.index(name))

    def key_of_one(row: tuple[Any, ...], position: int = positions[0]) -> str:
        value = row[position]
        text = value.rstrip() if type(value) is str else key_text(value)
        if not text or "\0" in text or not (text.isascii() or _is_whole(text)):
            _refuse(columns[position], text)
        return text

    if len(positions) == 1:
        return key_of_one
    return lambda row: join_key(tuple(key_of_one(row, position) for position in positions))


def _is_whole(text: str) -> bool:
    """No: half a surrogate pair, of a driver that cut a text in the middle of an emoji."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(column: str, text: str) -> NoReturn:
    if text:
        raise Rejected(
            "SA-4003",
            f'the key column "{column}" holds a NUL or half a character: {text[:100]!a}',
            hint="correct it in the source, or cut it off in the query",
        )
    raise Rejected(
        "SA-4003",
        f'the key column "{column}" is empty',
        hint="a record without a key cannot be told from others: fill it in the source",
    )
