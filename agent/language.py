"""The languages in which people are told something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias, get_args

Language: TypeAlias = Literal["en", "it"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

MOMENTS: Mapping[Language, str] = {"en": "%Y-%m-%d %H:%M", "it": "%d/%m/%Y %H:%M"}
"""How a moment is written, for `strftime`."""


class Text(NamedTuple):
    """One text in every language. Values stand in braces, the same in each."""

    en: str
    it: str

    def said(self, language: Language) -> str:
        """The text in that language."""
        text: str = getattr(self, language)
        return text


def language_of(locale: str) -> Language | None:
    """The language of a locale such as `it_IT.UTF-8`, where we speak it."""
    return next((each for each in LANGUAGES if locale[:2].lower() == each), None)
