"""The WSDL as it lies on our disk: nothing of it is fetched, nothing outside its folder is read."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from urllib.parse import unquote, urlsplit

from zeep.exceptions import Error as ZeepError
from zeep.settings import Settings
from zeep.wsdl import Document

from agent.errors import Misconfigured

State = tuple[tuple[str, int, int], ...]
_read: dict[tuple[Path, bool], tuple[State, Document]] = {}
_reading = threading.Lock()
_TYPE = re.compile(r"\bns\d+:\w+")


def settings(*, strict: bool) -> Settings:
    """No DTDs, no entities, nothing from outside, no trees beyond libxml2's own limits."""
    return Settings(
        strict=strict,
        forbid_dtd=True,
        forbid_entities=True,
        forbid_external=True,
        xml_huge_tree=False,
        force_https=False,
    )


def described(wsdl: Path, *, strict: bool) -> Document:
    """The WSDL with what it imports; parsed again only when a file beside it changed."""
    try:
        state = _state(wsdl)
        with _reading:
            known = _read.get((wsdl, strict))
            if known is None or known[0] != state:
                known = state, _parsed(wsdl, strict=strict)
                _read[wsdl, strict] = known
            return known[1]
    except OSError as error:
        raise _unusable(wsdl, f"cannot be read: {error.strerror or error}") from error


def types_in(document: Document, signature: str) -> dict[str, str]:
    """The types that a signature names, and those inside them: name → its fields."""
    known = {}
    for each in document.types.types:
        if each.qname is not None:
            name, _, fields = each.signature(schema=document.types).partition("(")
            known[name] = fields.removesuffix(")")
    found: dict[str, str] = {}
    waiting = _TYPE.findall(signature)
    while waiting:
        name = waiting.pop(0)
        if name in known and name not in found:
            found[name] = known[name]
            waiting += _TYPE.findall(known[name])
    return found


def _parsed(wsdl: Path, *, strict: bool) -> Document:
    try:
        return Document(str(wsdl), _Folder(wsdl), settings=settings(strict=strict))
    except (ZeepError, ValueError, LookupError, AttributeError, NotImplementedError) as error:
        raise _unusable(wsdl, f"cannot be used: {_told(error)}") from error


def _state(wsdl: Path) -> State:
    """What tells whether a file of the folder was changed."""
    files = sorted(each for each in wsdl.parent.iterdir() if each.suffix in {".wsdl", ".xsd"})
    if wsdl not in files:
        files.append(wsdl)
    return tuple((str(each), (now := each.stat()).st_mtime_ns, now.st_size) for each in files)


class _Folder:
    """zeep's transport while it reads: loads what lies in the folder of the WSDL."""

    def __init__(self, wsdl: Path) -> None:
        self._wsdl = wsdl
        self._folder = wsdl.parent.resolve()

    def load(self, url: str) -> bytes:
        """The content of a file; refused for everything elsewhere."""
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"}:
            raise _imports(self._wsdl, url)
        path = Path(unquote(parts.path) if parts.scheme == "file" else url).resolve()
        if path.parent != self._folder:
            raise _imports(self._wsdl, url)
        return path.read_bytes()


def _told(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _imports(wsdl: Path, url: str) -> Misconfigured:
    return _unusable(wsdl, f"imports {url}, which does not lie in its folder")


def _unusable(wsdl: Path, why: str) -> Misconfigured:
    return Misconfigured(
        "SA-2501",
        f"the WSDL {wsdl} {why}",
        hint="save it with its schemas: python -m connectors.soap.saving ADDRESS FOLDER",
    )
