"""Tables: with lines and colours for a person at a terminal, plain ones for a pipe.

On a terminal nothing is cut off, for who sees half of an id cannot type it. Text is wrapped, words
stay whole, and a table that is too wide for that is not printed at all.
"""

from __future__ import annotations

from collections.abc import Sequence

_COLOURS = {
    "ok": "green",
    "delivered": "green",
    "partial": "yellow",
    "held": "yellow",
    "parked": "yellow",
    "waiting": "yellow",
    "warning": "yellow",
    "interrupted": "yellow",
    "unavailable": "red",
    "failed": "red",
    "halted": "red",
}
_GAP = 2
_A_MOMENT = len("2026-11-22 10:06:10")
_READABLE = 24
"""Narrower, a sentence becomes a ladder."""
_LONG_WORD = 32


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Print them for a person; False where the terminal is too narrow, and nothing is printed."""
    from rich import box  # noqa: PLC0415 - only for people at a terminal
    from rich.console import Console  # noqa: PLC0415 - the same
    from rich.table import Table  # noqa: PLC0415 - the same
    from rich.text import Text  # noqa: PLC0415 - the same

    console = Console()
    widths = column_widths(columns, rows, console.width)
    if widths is None:
        return False
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False)
    for index, column in enumerate(columns):
        table.add_column(
            column,
            justify="right" if _numeric(rows, index) else "left",
            width=widths[index],
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(cell, style=_COLOURS.get(cell, "")) for cell in row))
    console.print(table)
    if not rows:
        console.print("none")
    return True


def column_widths(
    columns: Sequence[str], rows: Sequence[Sequence[str]], width: int
) -> list[int] | None:
    """How wide each column is, the widest made narrower first; None where they do not fit."""
    texts = [[column, *(row[index] for row in rows)] for index, column in enumerate(columns)]
    widths = [max(map(len, each)) for each in texts]
    narrowest = [_narrowest(each) for each in texts]
    room = width - _GAP * (len(columns) - 1)
    while sum(widths) > room:
        spare = [now - least for now, least in zip(widths, narrowest, strict=True)]
        if not any(spare):
            return None
        widest = max(range(len(columns)), key=lambda index: bool(spare[index]) * widths[index])
        widths[widest] -= 1
    return widths


def _narrowest(texts: Sequence[str]) -> int:
    widest = max(map(len, texts))
    longest_word = max((len(word) for text in texts for word in text.split()), default=0)
    if widest <= _A_MOMENT or longest_word == widest:
        return longest_word
    return max(min(longest_word, _LONG_WORD), _READABLE)


def print_plain(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print them for a pipe: a line a row, however wide."""
    lines = [columns, *rows]
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
    right = [_numeric(rows, index) for index in range(len(columns))]
    for line in lines:
        padded = (
            f"{cell:>{width}}" if to_the_right else f"{cell:<{width}}"
            for cell, width, to_the_right in zip(line, widths, right, strict=True)
        )
        print("  ".join(padded).rstrip())


def _numeric(rows: Sequence[Sequence[str]], index: int) -> bool:
    return bool(rows) and all(row[index].isdecimal() or not row[index] for row in rows)
