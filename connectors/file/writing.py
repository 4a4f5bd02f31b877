"""The bytes of a file, in whichever format its flow asks for."""

from __future__ import annotations

import msgspec

from agent.model import Json
from connectors.file.elements import xml_text
from connectors.file.options import CsvFormat, FileOptions, FixedFormat, JsonFormat, XmlFormat
from connectors.file.records import records_bytes
from connectors.file.separated import csv_text
from connectors.file.values import encoded, spliced

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def file_bytes(content: Json, options: FileOptions) -> bytes:
    """The rendered content as the bytes of a file. Raises `Rejected` where it does not fit."""
    form = options.format
    if isinstance(form, FixedFormat):
        return records_bytes(content, form)
    if isinstance(form, XmlFormat):
        return _xml(xml_text(content, form), form)
    text = csv_text(content, form) if isinstance(form, CsvFormat) else _json(content, form)
    return encoded(text, form.encoding, form.unknown_characters)


def _json(content: Json, form: JsonFormat) -> str:
    if form.layout == "lines":
        return "".join(f"{_ENCODER.encode(each).decode()}\n" for each in spliced(content))
    written = _ENCODER.encode(content)
    if form.indent:
        written = msgspec.json.format(written, indent=form.indent)
    return f"{written.decode()}\n"


def _xml(text: str, form: XmlFormat) -> bytes:
    """What the encoding lacks is written as a character reference: nothing is lost."""
    return text.encode(form.encoding, "xmlcharrefreplace")
