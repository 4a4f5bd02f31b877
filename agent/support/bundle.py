"""The zip file: texts and JSON, each bounded, and a README that says what each is."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, NamedTuple

LONGEST = 2 << 20
"""Bytes of one part; what is longer is cut at its end."""
README = """\
Support bundle of SyncAgent {version}, made at {made_at}
Site: {site}

It holds no passwords and no personal data: secrets are only named, keys of records and contents of
messages are left out, and of flows about people (customers, orders) every reason in words. Texts
that remain went through the same rules as the log (docs/logs.md).

{parts}
"""


class Part(NamedTuple):
    """One file of the bundle."""

    name: str
    about: str
    content: bytes


class Bundle:
    """Collects parts; the README stands first."""

    def __init__(self, version: str, made_at: str, site: str) -> None:
        self._head = {"version": version, "made_at": made_at, "site": site}
        self._parts: list[Part] = []

    def add(self, name: str, about: str, value: Any) -> None:
        """A part: text as it is, anything else as JSON."""
        text = (
            value
            if isinstance(value, str)
            else json.dumps(value, ensure_ascii=False, indent=1, default=str)
        )
        content = text.encode()
        if len(content) > LONGEST:
            about, content = f"{about} (cut)", content[:LONGEST].rpartition(b"\n")[0]
        self._parts.append(Part(name, about, content))

    def zipped(self) -> bytes:
        """The file."""
        listed = "\n".join(f"{part.name:<26} {part.about}" for part in self._parts)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("README.txt", README.format(**self._head, parts=listed))
            for part in self._parts:
                file.writestr(part.name, part.content)
        return stream.getvalue()
