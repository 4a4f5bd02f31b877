"""From the bytes of an XML document to its records, one after the other.

Only one record is held at a time. Nothing outside the document is ever fetched, and a DOCTYPE that
declares anything is refused: with it every entity that could grow or reach for a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NoReturn
from xml.parsers import expat

from agent.errors import Rejected
from connectors.xml.doctype import without_external_dtd
from connectors.xml.names import SEPARATOR, shown

DEEPEST = 100
"""Elements inside each other, from the outermost one or from a record on."""

FED = 2**14
"""Bytes parsed at a time: of more the elements would live long enough to busy Python's collector,
which then takes twice as long as the parser."""

_NONE: dict[str, list[Element]] = {}


class Element:
    """An element of a record: its attributes, its own text, the elements inside it by name."""

    __slots__ = ("attributes", "children", "text")

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.children = _NONE
        self.text = ""

    def add(self, name: str, child: Element) -> None:
        """Put an element into this one."""
        if self.children is _NONE:
            self.children = {}
        self.children.setdefault(name, []).append(child)


class Records:
    """Finds the elements at a path. Iterating gives (line, record); raises `Rejected`.

    Inside a record other handlers are in force than on the way to one: they are called for every
    tag and text, and decide nothing.
    """

    def __init__(self, path: Sequence[str], encoding: str | None, limit: int) -> None:
        self._path, self._encoding, self._limit = path, encoding, limit
        self._depth = self._matched = self._deepest_match = 0
        self._outermost = ""
        self._open: list[Element] = []
        self._line = self._begins_at = 0
        self._ready: list[tuple[int, Element]] = []
        self._parser = expat.ParserCreate(encoding, SEPARATOR)
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._look_for_records()

    def read(self, pieces: Iterable[bytes]) -> Iterator[tuple[int, Element]]:
        """The records of a document, each with the line in which it begins."""
        rest, fed = iter(pieces), 0
        beginning = without_external_dtd(next(rest, b""), self._encoding)
        for piece in _small(chain((beginning,), rest)):
            self._parse(piece)
            fed += len(piece)
            # The parser holds a tag back until it ends.
            self._require_room(
                fed, self._begins_at if self._open else self._parser.CurrentByteIndex
            )
            yield from self._ready
            self._ready.clear()
        self._parse(b"", final=True)
        yield from self._ready
        if self._deepest_match < len(self._path) - 1:
            raise self._nowhere()

    def _parse(self, piece: bytes, *, final: bool = False) -> None:
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError as error:
            raise Rejected(
                "SA-2029",
                f"line {error.lineno}, column {error.offset + 1}: "
                f"{expat.errors.messages[error.code]}",
                hint="correct the export",
            ) from None
        except (LookupError, ValueError) as error:
            raise Rejected(
                "SA-2009",
                f"the encoding that the document declares cannot be read: {error}",
                hint="declare the encoding that the export really uses",
            ) from None

    def _look_for_records(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._outermost = self._outermost or name
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._too_deep()
        if self._matched == self._depth - 1 and self._path[self._matched] == name:
            self._matched += 1
            self._deepest_match = max(self._deepest_match, self._matched)
            if self._matched == len(self._path):
                self._begin_record(attributes)

    def _end(self, _name: str) -> None:
        self._depth -= 1
        self._matched = min(self._matched, self._depth)

    def _begin_record(self, attributes: dict[str, str]) -> None:
        self._line = self._parser.CurrentLineNumber
        self._begins_at = self._parser.CurrentByteIndex
        self._open.append(Element(attributes))
        self._parser.StartElementHandler = self._start_inside
        self._parser.EndElementHandler = self._end_inside
        self._parser.CharacterDataHandler = self._text

    def _start_inside(self, name: str, attributes: dict[str, str]) -> None:
        element = Element(attributes)
        self._open[-1].add(name, element)
        self._open.append(element)
        if len(self._open) > DEEPEST:
            raise self._too_deep()

    def _text(self, text: str) -> None:
        self._open[-1].text += text

    def _end_inside(self, name: str) -> None:
        element = self._open.pop()
        if not self._open:
            self._require_room(self._parser.CurrentByteIndex, self._begins_at)
            self._ready.append((self._line, element))
            self._look_for_records()
            self._end(name)

    def _require_room(self, now: int, begin: int) -> None:
        if now - begin > self._limit:
            raise Rejected(
                "SA-2028",
                f"{self._here()}: the record has more than {self._limit} bytes",
                hint="compare records with the file, or raise max_record",
            )

    def _too_deep(self) -> Rejected:
        return Rejected("SA-2029", f"{self._here()}: more than {DEEPEST} elements deep")

    def _doctype(self, _name: str, _system: str | None, _public: str | None, _: int) -> NoReturn:
        raise Rejected(
            "SA-2030",
            f"{self._here()}: the DOCTYPE declares something",
            hint="have the export write characters instead of entities, and no declarations",
        )

    def _here(self) -> str:
        return f"line {self._parser.CurrentLineNumber}"

    def _nowhere(self) -> Rejected:
        found = self._path[: self._deepest_match]
        why = f"there is no {shown(self._path[len(found)])}"
        if not found:
            why = f"the document's outermost element is {shown(self._outermost)}"
        return Rejected(
            "SA-2025",
            f"no records at /{'/'.join(map(shown, self._path))}: {why}",
            hint="compare records and namespaces with the file in the quarantine",
        )


def _small(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        for start in range(0, len(piece), FED):
            yield piece[start : start + FED]
