"""Values of records as people read them, however nested they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.api.differences import Difference, differences
from agent.language import Language

EMPTY = "—"
_YES_NO = {"en": {True: "yes", False: "no"}, "it": {True: "sì", False: "no"}}


def shown(language: Language, value: Any) -> str:
    """`sku: VIT-1, quantity: 10; sku: …` for a list of objects, words for yes and no."""
    if value is None or value in ("", [], {}):
        return EMPTY
    if isinstance(value, bool):
        return _YES_NO[language][value]
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {shown(language, each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        nested = any(isinstance(each, Mapping) for each in value)
        return ("; " if nested else ", ").join(shown(language, each) for each in value)
    return str(value)


def pairs(fields: Mapping[str, Sequence[Any]]) -> list[Difference]:
    """Differences from field → (before, now)."""
    before = {name: pair[0] for name, pair in fields.items()}
    return differences(before, {name: pair[1] for name, pair in fields.items()})
