"""Secrets that somebody wrote into the file as they are: found, and left out where it is shown.

A configuration in force names secrets and holds none. The file on disk may be one that was refused
for holding one, half written, or no YAML at all; so what is shown goes by lines and by what keys
are called, and rather leaves out too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from agent.secrets import SCHEMES

HIDDEN = "***"
SECRET_KEY = re.compile(r"(?:passw(?:or)?d|pwd|passphrase|secret|token|api_?key)$", re.IGNORECASE)
EMBEDDED = re.compile(
    r"://[^/\s:@]*:(?P<user>[^/\s@]+)@"
    r"|(?:^|;)\s*(?:pwd|password)\s*=\s*(?P<odbc>[^;]+)"
    r"|[?&](?:password|passwd|pwd|token|access_token|api_?key|secret|sig)=(?P<query>[^&#\s]+)",
    re.IGNORECASE,
)
"""A secret inside a URL or a connection string: the group that matched holds it."""

_KEYED = re.compile(
    r"[\w.-]*(?:passw(?:or)?d|pwd|passphrase|secret|token|api[_-]?key|authorization|cookie"
    r"|credential|private_key)s?[\"']?\s*:(?=\s|$)\s*",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    rf"[\"']?(?:{'|'.join(SCHEMES)}):[^\s,}}\]#\"']+[\"']?(?=\s*(?:[,}}\]#]|$))"
)
_IN_TEXT = re.compile(
    r"(?P<lead>\b(?:bearer|basic)\s+)[\w+/=.~-]{16,}"
    r"|(?P<name>(?<!\w)(?:pwd|password)\s*=\s*)[^\s;\"']+",
    re.IGNORECASE,
)
_KEY = re.compile(r"[ -]*[\w.\"'-]+\s*:(?:\s|$)")
_BLOCK = re.compile(r"[|>][+-]?\d?\s*(?:#.*)?")
_PEM = re.compile(r"-----(BEGIN|END) [A-Z ]*PRIVATE KEY-----")


class _Below(NamedTuple):
    """What stands deeper than the key of a secret may be the secret."""

    column: int
    surely: bool
    """False: a section or a list may begin, whose keys are looked at as all others."""

    def holds(self, line: str) -> bool:
        """Whether a line stands below the key; a list may stand at the same depth."""
        depth = len(line) - len(line.lstrip())
        return depth > self.column or (depth == self.column and line.lstrip().startswith("-"))


def masked(text: str) -> str:
    """The text of a configuration as people may see it: references stay, values are left out."""
    return "\n".join(_masked_lines(text.splitlines()))


def _masked_lines(lines: list[str]) -> Iterator[str]:
    below: _Below | None = None
    in_key = False
    for line in lines:
        marks = _PEM.findall(line)
        if in_key or marks:
            in_key = marks[-1] == "BEGIN" if marks else True
            yield _hidden(line)
        elif below and line.strip() and below.holds(line) and (below.surely or _is_value(line)):
            yield _hidden(line)
        else:
            shown, surely = _masked_line(line)
            if surely is not None:
                below = _Below(len(line) - len(line.lstrip(" -")), surely)
            elif below and line.strip() and not below.holds(line):
                below = None
            yield shown


def _masked_line(line: str) -> tuple[str, bool | None]:
    """The line, and whether a secret goes on below it: surely, perhaps (False), or not (None)."""
    place, below = 0, None
    while found := _KEYED.search(line, place):
        place = found.end()
        reference = _REFERENCE.match(line, place)
        rest = line[place:].strip()
        if reference:
            place = reference.end()
        elif not rest or rest.startswith("#") or rest in "{[":
            below = False
        elif _BLOCK.fullmatch(rest):
            below = True
        else:
            line, below = line[:place] + HIDDEN, True
    for start, end in reversed([span for each in EMBEDDED.finditer(line) for span in _spans(each)]):
        line = line[:start] + HIDDEN + line[end:]
    return _IN_TEXT.sub(lambda found: (found["lead"] or found["name"]) + HIDDEN, line), below


def _spans(found: re.Match[str]) -> list[tuple[int, int]]:
    return [found.span(name) for name in ("user", "odbc", "query") if found[name]]


def _is_value(line: str) -> bool:
    """Whether a line is a value by itself that is no reference."""
    return not _KEY.match(line) and not _REFERENCE.fullmatch(line.strip(" -"))


def _hidden(line: str) -> str:
    return line[: len(line) - len(line.lstrip())] + HIDDEN
