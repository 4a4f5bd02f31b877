"""The rows that every measurement uses: 12 mixed columns, about 160 bytes, always the same.

A row depends on its number and the seed alone, so that any part can be made again. `changed` is
the share of rows whose stock and price are moved; which ones is as deterministic as the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

COLUMNS = (
    "id",
    "code",
    "name",
    "description",
    "price",
    "cost",
    "stock",
    "active",
    "created",
    "updated",
    "category",
    "note",
)
KEY = ("id",)
_GOODS = ("Tubo", "Raccordo", "Valvola", "Guarnizione", "Flangia", "Manicotto", "Gomito", "Pompa")
_KINDS = ("in acciaio inox", "in ottone", "in rame", "zincato", "in PVC", "cromato", "per caffè")
_USES = ("per impianti idraulici", "per gas e vapore", "da giardino", "ad alta pressione")
_CATEGORIES = ("IDR", "TERMO", "GAS", "GIARD", "ATTR", "RICAMBI")
_MIX = 2**61 - 1


def _noise(number: int, seed: int) -> int:
    """A number that looks random and is a function of its arguments."""
    value = (number * 0x9E3779B97F4A7C15 + seed * 0xBF58476D1CE4E5B9 + 1) & (2**64 - 1)
    value ^= value >> 29
    return (value * 0x94D049BB133111EB & (2**64 - 1)) % _MIX


def _time(noise: int) -> str:
    return f"{noise // 37 % 24:02d}:{noise // 41 % 60:02d}:{noise // 43 % 60:02d}"


def row(number: int, seed: int = 1, *, moved: bool = False) -> tuple[Any, ...]:
    """Row `number`; decimals, dates and times as the text a database would show."""
    noise = _noise(number, seed)
    good, kind = _GOODS[noise % 8], _KINDS[noise // 8 % 7]
    price = noise // 56 % 100_000 + (1 if moved else 0)
    return (
        number,
        f"ART-{noise % 10_000_000:07d}",
        f"{good} {kind} DN{noise // 7 % 200}",
        f"{good} {kind} {_USES[noise // 11 % 4]}, confezione da {noise // 13 % 50 + 1} pezzi",
        f"{price // 100}.{price % 100:02d}",
        f"{price // 140}.{noise % 10_000:04d}",
        noise // 17 % 5000 + (1 if moved else 0),
        "S" if noise % 10 else "N",
        f"20{noise % 26:02d}-{noise // 19 % 12 + 1:02d}-{noise // 23 % 28 + 1:02d}",
        f"2025-{noise // 29 % 12 + 1:02d}-{noise // 31 % 28 + 1:02d} {_time(noise)}",
        _CATEGORIES[noise // 47 % 6],
        None if noise % 3 else f"nota {noise % 1000}",
    )


def rows(count: int, seed: int = 1, *, changed: float = 0.0) -> Iterator[tuple[Any, ...]]:
    """`count` rows in the order of their ids."""
    threshold = int(changed * 1_000_000)
    for number in range(1, count + 1):
        yield row(number, seed, moved=_noise(number, seed + 1) % 1_000_000 < threshold)


def write_csv(
    path: Path,
    count: int,
    seed: int = 1,
    *,
    changed: float = 0.0,
    without: frozenset[int] = frozenset(),
    delimiter: str = ";",
) -> None:
    """The rows as a UTF-8 file with a header line; ids in `without` are left out."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(delimiter.join(COLUMNS) + "\n")
        lines = []
        for values in rows(count, seed, changed=changed):
            if values[0] not in without:
                cells = ["" if value is None else str(value) for value in values]
                lines.append(delimiter.join(cells))
            if len(lines) >= 10_000:
                file.write("\n".join(lines) + "\n")
                lines.clear()
        if lines:
            file.write("\n".join(lines) + "\n")
