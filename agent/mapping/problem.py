"""What is wrong with a mapping, found before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import NamedTuple

from agent.errors import Misconfigured


class MappingProblem(NamedTuple):
    """One problem. `path` leads to it from the flow: `("mapping", "price", "scale")`."""

    path: tuple[str, ...]
    code: str
    text: str
    hint: str = ""

    def misconfigured(self) -> Misconfigured:
        """The same as an error."""
        place = ".".join(self.path)
        return Misconfigured(self.code, f"{place}: {self.text}", hint=self.hint)


class Invalid(Exception):
    """One option of the mapping cannot be used; `key` names it, "" the field as a whole."""

    def __init__(self, code: str, key: str, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.key = key
        self.text = text
        self.hint = hint


class Problems:
    """Collects problems, so that a person sees all of them at once."""

    def __init__(self) -> None:
        self.found: list[MappingProblem] = []

    @contextmanager
    def at(self, *path: str) -> Iterator[None]:
        """Whatever is `Invalid` inside is noted under this path."""
        try:
            yield
        except Invalid as invalid:
            key = (invalid.key,) if invalid.key else ()
            self.found.append(
                MappingProblem((*path, *key), invalid.code, invalid.text, invalid.hint)
            )

    def raise_first(self) -> None:
        """Refuse to go on where there is a problem."""
        if self.found:
            raise self.found[0].misconfigured()


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "table"?` where a known word is close, else the words there are."""
    words = list(known)
    close = get_close_matches(word, words, n=1, cutoff=0.6) or [
        each for each in words if each.casefold() == word.casefold()
    ]
    if close:
        return f'did you mean "{close[0]}"?'
    return f"there are: {', '.join(words[:20])}" if words else ""
