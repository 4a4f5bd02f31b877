"""Fields and values of records as people read them, however nested they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from agent.api.differences import Difference, differences
from agent.catalogue import label
from agent.language import Language

EMPTY = "—"
_YES_NO = {"en": {True: "yes", False: "no"}, "it": {True: "sì", False: "no"}}


def shown(language: Language, value: Any) -> str:
    """`Article code: VIT-1, Quantity: 10; …` for a list of objects, words for yes and no."""
    if value is None or value in ("", [], {}):
        return EMPTY
    if isinstance(value, bool):
        return _YES_NO[language][value]
    if isinstance(value, Mapping):
        parts = (
            f"{label(language, name)}: {shown(language, each)}" for name, each in value.items()
        )
        return ", ".join(parts)
    if isinstance(value, list | tuple):
        nested = any(isinstance(each, Mapping) for each in value)
        return ("; " if nested else ", ").join(shown(language, each) for each in value)
    return str(value)


def money(language: Language, value: str) -> str:
    """A decimal with at least its cents: 1,234.50 or 1.234,50; as it is where it is none."""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    places = max(2, -int(amount.as_tuple().exponent))
    text = f"{amount:,.{places}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "it" else text


def pairs(fields: Mapping[str, Sequence[Any]]) -> list[Difference]:
    """Differences from field → (before, now)."""
    before = {name: pair[0] for name, pair in fields.items()}
    return differences(before, {name: pair[1] for name, pair in fields.items()})
