"""What is wrong with a configuration: every problem with its place, code and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from agent.errors import Misconfigured

SHORTEST_SECRET = 4
"""Shorter texts occur in every message by chance."""
LONGEST_TEXT = 400


class Place(NamedTuple):
    """A position in the file, both counted from 1."""

    line: int
    column: int


class Problem(NamedTuple):
    """One thing that a person has to change."""

    file: str
    line: int
    column: int
    code: str
    text: str
    hint: str = ""

    def __str__(self) -> str:
        """The line that editors and people can follow: `config.yaml:14:5  SA-1007  …`."""
        said = f"{self.text}: {self.hint}" if self.hint else self.text
        return f"{self.file}:{self.line}:{self.column}  {self.code}  {said}"


class ConfigurationProblems(Misconfigured):
    """A configuration that cannot be used, with all its problems at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems), key=lambda problem: problem[1:5])
        first = self.problems[0]
        if len(self.problems) == 1:
            where = f"{first.file}:{first.line}:{first.column}"
            super().__init__(first.code, f"{where}: {first.text}", hint=first.hint)
        else:
            super().__init__(
                "SA-1000",
                f"{first.file} has {len(self.problems)} problems",
                hint="syncagent config check",
            )

    def report(self) -> str:
        """One line a problem, from the top of the file."""
        return "\n".join(str(problem) for problem in self.problems)


class Problems:
    """Collects problems while one file is read."""

    def __init__(self, path: Path) -> None:
        self.file = path.name
        self.found: dict[tuple[Place, str, str], Problem] = {}
        self._sealed: dict[Place, str] = {}

    def add(self, place: Place, code: str, text: str, hint: str = "") -> None:
        """Note one problem. A value has one that says what is wrong with it: the first."""
        if place in self._sealed:
            return
        for secret in self._sealed.values():
            if len(secret) >= SHORTEST_SECRET:
                text, hint = text.replace(secret, "…"), hint.replace(secret, "…")
        problem = Problem(
            self.file, place.line, place.column, code, _one_line(text), _one_line(hint)
        )
        self.found.setdefault((place, code, "" if code == "SA-1008" else text), problem)

    def seal(self, place: Place, secret: str, code: str, text: str, hint: str) -> None:
        """Note that a secret stands here: no other problem may speak of this value or repeat it."""
        self.add(place, code, text, hint)
        self._sealed[place] = secret

    def raise_if_any(self) -> None:
        """Raise everything that was found, at once."""
        if self.found:
            raise self.error()

    def error(self) -> ConfigurationProblems:
        """Everything that was found, to be raised."""
        return ConfigurationProblems(self.found.values())


def _one_line(text: str) -> str:
    """A text that a terminal shows in one line, whatever a person has put into the file."""
    line = " ".join(text.split())
    shown = "".join(character if character.isprintable() else "�" for character in line)
    return shown if len(shown) <= LONGEST_TEXT else shown[:LONGEST_TEXT] + "…"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "table"?`, or nothing where no known word is near."""
    words = list(known)
    folded = {each.casefold(): each for each in words}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f'did you mean "{folded[near[0]]}"?' if near else ""
