"""From bytes to rows: line ends, quotes, encodings, and what cannot be read."""

import csv
import io
import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.errors import Rejected
from connectors._drop import text as text_module
from connectors._drop.text import chunks
from connectors.csv.lines import Lines, split, without_last
from connectors.csv.options import CsvOptions
from connectors.csv.rows import Dialect, Row, Rows
from tests.bench.rows import rows, write_csv


def options(**given: Any) -> CsvOptions:
    return CsvOptions.model_validate({"files": "*.csv", "key": ["sku"], **given})


def lines_of(
    data: bytes, piece: int = 7, *, quote: bytes = b'"', skip: int = 0, comment: bytes = b""
) -> Lines:
    """All logical lines, read in small pieces so that every boundary is met."""
    pieces = [data[start : start + piece] for start in range(0, len(data), piece)]
    parts = list(
        split(pieces, delimiter=b";", quote=quote, skip=skip, comment=comment, limit=10_000)
    )
    return Lines(
        [line for part in parts for line in part.raw],
        [number for part in parts for number in part.numbers],
    )


def rows_of(raw: list[bytes], width: int, **given: Any) -> Rows:
    columns = tuple(f"c{place}" for place in range(width))
    dialect = Dialect.of(options(delimiter=";", **given))
    return Rows(Lines(raw, range(1, len(raw) + 1)), dialect, columns)


@pytest.mark.parametrize("piece", range(1, 20))
def test_lines_are_the_same_wherever_the_file_is_cut_into_pieces(piece: int) -> None:
    data = b'a;1\r\n"b\n;x";2\n\n\r\n"c ""d""";3\r\nhose 1/2";4\n"e;5'
    found = lines_of(data, piece)
    assert found.raw == [b"a;1", b'"b\n;x";2', b'"c ""d""";3', b'hose 1/2";4', b'"e;5']
    assert list(found.numbers) == [1, 2, 6, 7, 8]


def test_missing_last_line_end_loses_no_row() -> None:
    assert lines_of(b"a;1\nb;2").raw == [b"a;1", b"b;2"]


def test_quotes_without_meaning_are_letters() -> None:
    assert lines_of(b'"a;1\nb";2\n', quote=b"").raw == [b'"a;1', b'b";2']


def test_lines_before_the_header_and_comments_are_left_out() -> None:
    found = lines_of(b"Report of today\n;;;\nsku;n\n# note\na;1\n", skip=2, comment=b"#")
    assert found.raw == [b"sku;n", b"a;1"]
    assert list(found.numbers) == [3, 5]


def test_lines_of_the_footer_are_no_rows_wherever_the_file_is_cut_into_pieces() -> None:
    parts = [Lines([b"sku;n"], range(1, 2)), Lines([], []), Lines([b"a;1", b"T;1"], range(2, 4))]
    found = list(without_last([*parts, Lines([b"EOF;"], range(4, 5))], 2))
    assert [line for part in found for line in part.raw] == [b"sku;n", b"a;1"]
    assert [number for part in found for number in part.numbers] == [1, 2]
    assert all(part.raw == [] for part in without_last(parts, 9))


@pytest.mark.parametrize("data", [b'"never closed\n' + b"x;1\n" * 5000, b"x" * 20_000])
def test_line_without_end_is_refused_before_it_fills_the_memory(data: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        lines_of(data, 1000)
    assert refused.value.code == "SA-2010"


CELLS = st.text(st.sampled_from('a";\n\r ,é'), max_size=6)


@given(st.lists(st.tuples(CELLS, CELLS, st.just("end")), max_size=8), st.integers(1, 12))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[Row], piece: int) -> None:
    for dialect in ("excel", "unix"):  # CRLF and quotes where needed; LF and quotes everywhere
        text = io.StringIO(newline="")
        csv.writer(text, dialect, delimiter=";").writerows(rows)
        found = lines_of(text.getvalue().encode(), piece)
        assert list(rows_of(found.raw, 3)) == rows


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp500", "shift_jis"])
def test_encodings_that_hide_line_ends_are_rewritten(encoding: str) -> None:
    text = "sku;name\nA1;一|二\n" if encoding != "cp500" else "sku;name\nA1;Größe|x\n"
    found = b"".join(chunks(io.BytesIO(text.encode(encoding)), encoding))
    assert found.decode() == text


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "iso8859-15", "utf-8", "latin-1"])
def test_usual_encodings_are_read_as_they_are(encoding: str) -> None:
    data = "A1;però\n".encode(encoding)
    assert b"".join(chunks(io.BytesIO(data), encoding)) == data
    assert rows_of([data.rstrip()], 2, encoding=encoding)[0] == ("A1", "però")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_byte_order_mark_is_no_part_of_the_first_column(encoding: str) -> None:
    assert list(chunks(io.BytesIO(b"\xef\xbb\xbfsku"), encoding)) == [b"sku"]


def test_broken_utf_16_names_the_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_module, "CHUNK", 4)
    data = "ab".encode("utf-16-le") + b"\x00\xd8x\x00"
    with pytest.raises(Rejected, match="near byte 5") as refused:
        list(chunks(io.BytesIO(data), "utf-16-le"))
    assert refused.value.code == "SA-2009"


@pytest.mark.parametrize(
    ("raw", "code", "says"),
    [
        (b"B;2;3", "SA-2011", "3 cells, 2 are expected"),
        (b"B", "SA-2011", "1 cells, 2 are expected"),
        (b"B;caff\xe8", "SA-2012", "byte 0xE8 at position 7"),
        (b"B;" + b"x" * 101, "SA-2013", "cell 2 has 101 characters, 100 are allowed"),
        (b"B;\x00", "SA-2014", "position 3"),
        (b'B;"open', "SA-2015", "unexpected end of data"),
        (b'B;"a"b', "SA-2015", "expected after"),
        (b"B;a\rb", "SA-2015", "new-line"),
    ],
)
def test_row_that_cannot_be_read_is_refused_alone(raw: bytes, code: str, says: str) -> None:
    rows = rows_of([b"A;1", raw, b"C;3"], 2, max_cell="100B")
    assert [rows[0], rows[2]] == [("A", "1"), ("C", "3")]
    for ask in (lambda: rows[1], lambda: rows[:], lambda: list(rows)):
        with pytest.raises(Rejected, match=says) as refused:
            ask()
        assert refused.value.code == code
    assert rows[2:] == [("C", "3")]


def test_iteration_goes_on_after_a_row_that_cannot_be_read() -> None:
    rows = iter(rows_of([b"A;1", b"B", b"C;3"], 2))
    assert next(rows) == ("A", "1")
    with pytest.raises(Rejected):
        next(rows)
    assert next(rows) == ("C", "3")


def test_long_line_of_small_cells_is_no_large_cell() -> None:
    assert rows_of([b";".join([b"x" * 90] * 5)], 5, max_cell="100B")[0] == ("x" * 90,) * 5


def test_digest_depends_on_everything_that_gives_a_line_its_meaning() -> None:
    raw = Lines([b"a;b"], [1])
    dialects = [
        Dialect.of(options(delimiter=";")),
        Dialect.of(options(delimiter=",")),
        Dialect.of(options(delimiter=";", encoding="cp850")),
        Dialect.of(options(delimiter=";", quote="none")),
    ]
    columns: list[Row] = [("sku", "name"), ("name", "sku")]
    digests = [Rows(raw, *each).digests()[0] for each in itertools.product(dialects, columns)]
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"encoding": "cp1525"}, "unknown encoding"),
        ({"encoding": "hex"}, "unknown encoding"),
        ({"files": "../*.csv"}, "files of the folder itself"),
        ({"files": "sub\\*.csv"}, "files of the folder itself"),
        ({"columns": ["sku"]}, "without a header line"),
        ({"header": "no"}, "needs `columns`"),
        ({"header": "no", "columns": ["a", "a"]}, "twice"),
        ({"header": "no", "columns": ["a"]}, "'sku' is not among"),
        ({"delimiter": '"'}, "must be two characters"),
        ({"delimiter": ";;"}, "not a single character"),
        ({"delimiter": ""}, "must be two characters"),
        ({"delimiter": "€", "encoding": "cp850"}, "do not exist in cp850"),
        ({"key": []}, "at least 1 item"),
    ],
)
def test_options_that_cannot_work_are_refused_at_load(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        options(**given)


def test_delimiter_and_quote_have_names() -> None:
    named = options(delimiter="tab", quote="none")
    assert (named.delimiter, named.quote) == ("\t", "")
    assert options(delimiter="\\t").delimiter == "\t"
    assert rows_of([b'5" x\ty"'], 2, quote="none")._dialect.quote == ""


def test_sample_rows_are_always_the_same(tmp_path: Path) -> None:
    assert list(rows(50)) == list(rows(50))
    write_csv(tmp_path / "a.csv", 1000, changed=0.1, without=frozenset({7}))
    changed = set(rows(1000, changed=0.1)) - set(rows(1000))
    assert 50 < len(changed) < 200
    assert len((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()) == 1000
