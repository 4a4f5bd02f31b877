"""Rows as records of fixed width."""

from __future__ import annotations

from collections.abc import Mapping

from agent.errors import Rejected
from agent.model import Json
from connectors._drop.text import is_single_byte
from connectors.file.numbers import number_bytes
from connectors.file.options import LINE_ENDS, FixedField, FixedFormat
from connectors.file.values import encoded, plain, spliced

UNMARKED = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}
"""Encodings that begin with a byte order mark: a field has none of its own."""


def records_bytes(content: Json, form: FixedFormat) -> bytes:
    """The content, a list of `{RECORD: {FIELD: value}}`, as the bytes of a file."""
    end = LINE_ENDS[form.line_end].encode(_encoding(form))
    return b"".join(_record(row, form) + end for row in spliced(content))


def _record(row: Json, form: FixedFormat) -> bytes:
    if not isinstance(row, Mapping) or len(row) != 1:
        raise Rejected("SA-5324", f"a row is no {{RECORD: {{…}}}} but {row!r}"[:200])
    ((name, values),) = row.items()
    fields = form.records.get(name)
    if fields is None or not isinstance(values, Mapping):
        raise Rejected("SA-5324", f"there is no record {name!r} with fields"[:200])
    if unknown := values.keys() - fields.keys():
        raise Rejected("SA-5324", f"record {name} has no field {min(unknown)!r}")
    blank, written, places = " ".encode(_encoding(form)), b"", 0
    for field_name, field in fields.items():
        gap = field.start - 1 - places if field.start else 0
        try:
            cell = _cell(values.get(field_name), field, form)
        except Rejected as refusal:
            raise Rejected(refusal.code, f"{name}.{field_name}: {refusal.reason}") from None
        written += blank * gap + cell
        places += gap + field.length
    return written + blank * ((form.record_length or 0) - places)


def _cell(value: Json, field: FixedField, form: FixedFormat) -> bytes:
    encoding = _encoding(form)
    if field.type != "text":
        if value in (None, "") and field.type == "number":
            return (field.pad * field.length).encode(encoding)
        return number_bytes(
            0 if value in (None, "") else value, field, encoding, ebcdic=form.ebcdic
        )
    text = plain(value)
    if set(text) & {"\r", "\n", "\x85"}:
        raise Rejected("SA-5324", f"{text[:40]!r} holds a line end")
    if len(text) > field.length:
        if field.too_long == "refuse":
            raise Rejected("SA-5324", f"{text[:80]!r} has {len(text)} of {field.length} characters")
        text = text[: field.length]
    justify = text.ljust if field.align == "left" else text.rjust
    return encoded(justify(field.length, field.pad), encoding, form.unknown_characters)


def _encoding(form: FixedFormat) -> str:
    return (
        form.encoding
        if is_single_byte(form.encoding)
        else UNMARKED.get(form.encoding.lower(), form.encoding)
    )
