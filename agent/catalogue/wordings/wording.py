"""Recognises a text by its English wording, and tells it in another language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from agent.language import Language, Text

TellPlace = Callable[[str, str], str]
"""(name of the place, what stands there) → the same in the other language."""

_PLACE = re.compile(r"\{(\w+)\}")
_SUBJECT = r"(?:(?P<subject>.+) )?"
"""A rule reads on after the field and its value; beside a form's field it stands alone."""
_HINT = r"(?: \(.+\)|: .+)?"
"""A hint is English; whoever reads no English is told the remedy of the code instead."""
_PLACED = re.compile(r"(.+) \(([^()]+)\)", re.DOTALL)
"""Many a source says behind a reason where the row stands: `(articles.csv line 12)`."""


class Wordings:
    """Texts with places in braces; of two that fit, the first is meant."""

    def __init__(self, texts: Iterable[Text], *, rules: bool = False, hinted: bool = False) -> None:
        """`rules`: each may have a subject in front. `hinted`: each may have a hint behind."""
        self._texts = tuple(texts)
        self._before = _SUBJECT if rules else ""
        self._behind = _HINT if hinted else ""

    def told(self, language: Language, text: str, tell: TellPlace) -> str | None:
        """The text in that language; None where it is none of these."""
        placed = _PLACED.fullmatch(text)
        if placed is None:
            return self._told(language, text, tell)
        where = tell("where", placed[2])
        told = self._told(language, placed[1], tell)
        behind = f"{told} ({where})" if told else None
        if where != placed[2]:
            return behind
        return self._told(language, text, tell) or behind

    def _told(self, language: Language, text: str, tell: TellPlace) -> str | None:
        for pattern, wording in self._patterns:
            found = pattern.fullmatch(text)
            if found:
                return _filled(wording.said(language), found, tell)
        return None

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], Text], ...]:
        return tuple((self._pattern(text.en), text) for text in self._texts)

    def _pattern(self, english: str) -> re.Pattern[str]:
        """What stands in a place ends where the text behind it first comes.

        Nothing is gone back on: a long text of somebody else takes no longer than its length.
        """
        first, *rest = _PLACE.split(english)
        behind = [re.escape(text) for text in rest[1::2]]
        places = [f"(?P<{place}>.+?){text}" for place, text in zip(rest[::2], behind, strict=True)]
        texts = [re.escape(first), *(f"(?>{each})" for each in places[:-1]), *places[-1:]]
        return re.compile(self._before + "".join(texts) + self._behind, re.DOTALL)


def _filled(wording: str, found: re.Match[str], tell: TellPlace) -> str:
    values = {name: tell(name, value) for name, value in found.groupdict().items() if value}
    subject = values.pop("subject", "")
    return f"{subject} {wording.format(**values)}".lstrip()
