"""Whatever bytes are dropped, each format gives rows or one of the three errors, nothing else."""

import io
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import Rejected, SyncError
from connectors import csv, dbf, fixed, json, xml
from connectors._drop import DropSource

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "dbf"
COMMON = {"files": "*", "key": ["a"]}
FIELDS = {
    "a": {"length": "2"},
    "b": {"length": "2", "type": "packed"},
    "c": {"length": "2", "type": "zoned"},
    "d": {"length": "2", "type": "number"},
}
NESTED = COMMON | {"columns": ["a", "b"], "children": {"c": ["."]}, "optional": ["b", "c"]}


class Dropped(io.BytesIO):
    """A file with a name, as the folder opens it."""

    name = str(FIXTURES / "fp.dbf")


def changed(seed: bytes) -> st.SearchStrategy[bytes]:
    """The same bytes with some of them exchanged, and perhaps cut off."""
    places = st.dictionaries(st.integers(0, len(seed) - 1), st.integers(0, 255), max_size=8)
    lengths = st.one_of(st.just(len(seed)), st.integers(0, len(seed)))

    def apply(at: dict[int, int], length: int) -> bytes:
        return bytes(at.get(place, byte) for place, byte in enumerate(seed))[:length]

    return st.builds(apply, places, lengths)


OPTIONS: dict[str, dict[str, Any]] = {
    "csv": COMMON,
    "csv in utf-16": COMMON | {"encoding": "utf-16"},
    "fixed records": COMMON | {"encoding": "cp280", "record_length": "8", "fields": FIELDS},
    "fixed records with line ends": COMMON
    | {"encoding": "cp850", "record_length": "8", "fields": FIELDS, "line_ends": "yes"},
    "fixed lines": COMMON
    | {"fields": {"a": {"length": "2"}, "c": FIELDS["c"]}, "pad_lines": "yes"},
    "json": NESTED,
    "json lines": NESTED | {"layout": "lines"},
    "xml": NESTED | {"records": "/r/a", "key": ["a"]},
    "xml in cp1252": NESTED | {"records": "/r/a", "encoding": "cp1252"},
    "dbf": COMMON | {"key": ["CODICE"]},
}
SEEDS: dict[str, bytes] = {
    "csv": b'a,b\n1,"x\ny"\n2,z\n',
    "csv in utf-16": "a,b\n1,x\n".encode("utf-16"),
    "fixed records": "AB".encode("cp280") + bytes.fromhex("123C F1D2 40F1") + b"\x1a",
    "fixed records with line ends": b"AB\x12\x3c1J 1\r\nCD\x12\x3d2K-1\r\n",
    "fixed lines": b"AB1J\nCD2\n",
    "json": b'[{"a": 1.5, "b": {"x": "\xc3\xa8\\u00e8"}, "c": [1, null]}]',
    "json lines": b'{"a": 1, "c": ["x"]}\n{"a": 2, "b": []}\n',
    "xml": b"<?xml version='1.0'?><!DOCTYPE r SYSTEM 'x'><r><a><a>1</a><c>&lt;</c></a></r>",
    "xml in cp1252": b"<r><a><a>\xe8</a><b x='1'/></a></r>",
    "dbf": (FIXTURES / "fp.dbf").read_bytes(),
}
KINDS = {"csv": csv, "fixed": fixed, "json": json, "xml": xml, "dbf": dbf}


def source(case: str) -> DropSource[Any]:
    kind = KINDS[case.partition(" ")[0]].KIND
    assert kind.source
    found = kind.source(
        kind.connection.model_validate({"folder": "."}),
        kind.source_options.model_validate(OPTIONS[case]),
    )
    assert isinstance(found, DropSource)
    return found


@pytest.mark.parametrize("case", SEEDS)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_bytes_are_rows_or_refused(case: str, data: st.DataObject) -> None:
    content = data.draw(st.one_of(changed(SEEDS[case]), st.binary(max_size=60)))
    with closing(source(case)) as opened, suppress(SyncError):
        table = opened.table(Dropped(content))
        for stretch in table.stretches:
            for place in range(len(stretch.rows)):
                assert stretch.where(place)
                with suppress(Rejected):
                    assert len(stretch.rows[place]) == len(table.columns)
