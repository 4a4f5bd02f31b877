"""What the name of a file says: a pattern with named parts."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\{([a-z_][a-z0-9_]*)(?::(\w+))?\}|(\*)|([^{}*]+)|(.)", re.DOTALL)
_PARTS = {None: "[^/]+", "digits": "[0-9]+"}


class Pattern:
    """`{kind}/{sku}_{position:digits}.jpg` as a function from a path to its parts.

    A part takes as much as it can, never a `/`; one that stands twice must be the same twice.
    Raises ValueError for a text that is no pattern.
    """

    def __init__(self, text: str) -> None:
        if not text or text.startswith("/") or "//" in text or "\\" in text:
            raise ValueError(f"{text!r} is not a pattern; write it like {{sku}}.jpg, with / inside")
        if any(step in {".", ".."} for step in text.split("/")):
            raise ValueError(f"{text!r} must stay inside the folder")
        self.text = text
        self.depth = text.count("/")
        self.parts: tuple[str, ...] = ()
        pieces = [self._piece(token) for token in _TOKEN.finditer(text)]
        self._fits = re.compile("".join(pieces), re.IGNORECASE | re.DOTALL).fullmatch

    def _piece(self, token: re.Match[str]) -> str:
        name, kind, star, letters, stray = token.groups()
        if stray:
            raise ValueError(
                f"{self.text!r}: a part is written {{name}} or {{name:digits}}, in small letters"
            )
        if star:
            return "[^/]*"
        if letters:
            return re.escape(letters)
        if kind not in _PARTS:
            raise ValueError(f"{self.text!r}: {kind!r} is not a kind of part; there is digits")
        if name in self.parts:
            return f"(?P={name})"
        self.parts += (name,)
        return f"(?P<{name}>{_PARTS[kind]})"

    def read(self, path: str) -> dict[str, str] | None:
        """The parts of a path; None where it does not fit."""
        found = self._fits(path)
        return found.groupdict() if found else None
