"""File names out of order numbers: nothing that a shop sends leads out of the folder."""

from __future__ import annotations

import hashlib
import re

from agent.errors import Rejected
from agent.model import Json

LONGEST = 180
"""Bytes; file systems take 255, and programs that append a suffix need some of them."""
_FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]')
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,12}$")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(?=$|\.)", re.IGNORECASE)


def file_name(rendered: Json) -> str:
    """A plain name that every file system takes. Raises `Rejected` for one that is nothing.

    Where something had to be replaced, a digest of the original keeps two names apart:
    `ORD_1/2.csv` becomes `ORD_1_2~3f0c9a1e.csv`.
    """
    if not isinstance(rendered, str | int) or isinstance(rendered, bool):
        raise Rejected("SA-5327", f"the name of the file is no text but {rendered!r}"[:200])
    wanted = str(rendered)
    name = _FORBIDDEN.sub("_", wanted).lstrip(". ").rstrip(". ")
    if _RESERVED.match(name):
        name = f"_{name}"
    if not name.strip("_"):
        raise Rejected("SA-5327", f"{wanted[:80]!r} is no name for a file")
    if name == wanted and len(name.encode()) <= LONGEST:
        return name
    found = _SUFFIX.search(name)
    suffix = found[0] if found else ""
    stem = name.removesuffix(suffix).encode()[: LONGEST - 9 - len(suffix)]
    mark = hashlib.sha256(wanted.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{stem.decode(errors='ignore')}~{mark}{suffix}"
