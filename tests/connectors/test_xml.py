"""XML files: the contract, what is reached in a record, and what is never read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.contract import Kind
from agent.errors import Rejected, SyncError
from connectors._drop import rows as drop_rows
from connectors._drop import text as drop_text
from connectors.xml import KIND, XmlOptions
from connectors.xml import source as source_module
from connectors.xml.parsing import Records
from connectors.xml.paths import row_maker
from tests.connectors.drop import Drop
from tests.contract.source_suite import KEY, Row, SourceSuite


@dataclass
class XmlBench:
    folder: Path
    encoding: str
    declared: str
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return {"folder": str(self.folder), "settle": "0s"}

    @property
    def options(self) -> dict[str, Any]:
        return {
            "files": "*.xml",
            "key": list(KEY),
            "records": "/c:catalog/c:article",
            "namespaces": {"c": "urn:catalog"},
            "columns": ["sku", "name", "price"],
            "encoding": self.declared,
        }

    def put(self, rows: Sequence[Row]) -> None:
        records = "".join(
            f"<article><sku xmlns=''>{escape(sku)}</sku><name xmlns=''>{escape(name)}</name>"
            f"<price xmlns=''>{price}</price></article>\n"
            for sku, name, price in rows
        )
        head = "" if self.declared else f"<?xml version='1.0' encoding='{self.encoding}'?>\n"
        text = f"{head}<catalog xmlns='urn:catalog'>{records}</catalog>"
        dropped = self.folder / "articles.tmp"
        dropped.write_bytes(text.encode(self.encoding))
        dropped.rename(self.folder / "articles.xml")


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", ""), ("windows-1252", ""), ("utf-16", ""), ("cp1144", "cp1144")],
)
class TestXmlSource(SourceSuite):
    @pytest.fixture(autouse=True)
    def small_batches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(drop_rows, "BATCH", 50)

    @pytest.fixture
    def bench(self, tmp_path: Path, encoding: str, declared: str) -> XmlBench:
        (tmp_path / "drop").mkdir()
        return XmlBench(tmp_path / "drop", encoding, declared)


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    drop = Drop(tmp_path / "drop", KIND)
    drop.options = {
        "files": "*.xml",
        "key": ["@sku"],
        "records": "/catalog/article",
        "columns": ["@sku", "name"],
    }
    return drop


def read(drop: Drop, data: str | bytes, **options: Any) -> list[tuple[Any, ...]]:
    drop.options |= options
    drop.put("articles.xml", data)
    return [row for batch in drop.take() for row in batch.rows]


def refused(action: Callable[[], object]) -> SyncError:
    with pytest.raises(Rejected) as refusal:
        action()
    return refusal.value


def row_of(record: str, **options: Any) -> tuple[Any, ...]:
    given = {"files": "*.xml", "key": ["@sku"], "records": "/a", "columns": ["@sku"]} | options
    checked = XmlOptions.model_validate(given)
    ((_, found),) = Records(checked.record_path, None, 10_000).read([record.encode()])
    return row_maker(checked)(found)


# What is reached in a record


def test_elements_and_attributes_are_columns_by_their_path() -> None:
    record = (
        "<a sku='1'>own <name>Tubo &amp; <![CDATA[<Ø>]]></name><price cur='EUR'>1.50</price>"
        "<stock><site id='MI'>5</site></stock><empty/> text</a>"
    )
    paths = [
        "@sku",
        "name",
        "price",
        "price/@cur",
        "stock/site/@id",
        "stock",
        "empty",
        "no/@x",
        ".",
    ]
    assert row_of(record, columns=paths) == (
        "1",
        "Tubo & <Ø>",
        "1.50",
        "EUR",
        "MI",
        "",
        "",
        None,
        "own  text",
    )


def test_code_keeps_its_zeros_and_a_text_its_blanks() -> None:
    record = "<a sku='00123'><name> x </name></a>"
    assert row_of(record, columns=["@sku", "name"]) == ("00123", " x ")


def test_nil_is_no_value() -> None:
    record = "<a sku='1' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><b i:nil='true'/></a>"
    assert row_of(record, columns=["@sku", "b"]) == ("1", None)


def test_repeated_elements_are_child_rows() -> None:
    record = (
        "<a sku='1'><lines><line no='1'><q>5</q></line><line no='2'/></lines>"
        "<img>x.png</img><img>y.png</img></a>"
    )
    children = {"lines/line": ["@no", "q"], "img": ["."], "none": ["."]}
    assert row_of(record, children=children) == (
        "1",
        [{"@no": "1", "q": "5"}, {"@no": "2", "q": None}],
        [{".": "x.png"}, {".": "y.png"}],
        [],
    )


def test_repeated_element_read_as_one_value_is_refused() -> None:
    with pytest.raises(Rejected, match="img stands 2 times") as refusal:
        row_of("<a sku='1'><img>x</img><img>y</img></a>", columns=["@sku", "img"])
    assert refusal.value.code == "SA-2027"


def test_prefixes_are_the_flows_own() -> None:
    record = "<q:a xmlns:q='urn:x' xmlns='urn:y' q:sku='1'><b>2</b><q:b>3</q:b></q:a>"
    columns = ["x:b", "other:b", "b", "@x:sku"]
    spaces = {"x": "urn:x", "other": "urn:y"}
    given = {"key": ["x:b"], "records": "/x:a", "columns": columns, "namespaces": spaces}
    assert row_of(record, **given) == ("3", "2", None, "1")


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


@given(TEXT, TEXT, st.integers(1, 40))
def test_what_a_writer_wrote_is_read_back(attribute: str, text: str, size: int) -> None:
    document = f"<a sku={quoteattr(attribute)}><b>{escape(text)}</b></a>".encode()
    pieces = [document[start : start + size] for start in range(0, len(document), size)]
    ((line, record),) = Records(["a"], None, 10_000).read(pieces)
    assert line == 1
    assert record.attributes == {"sku": attribute}
    assert record.children["b"][0].text == text


# Records in a document


def test_records_are_found_at_their_path_only() -> None:
    document = (
        "<c><x><r>no</r></x><y><r>1</r><z><r>no</r></z></y><r>no</r><y><r>2<r>inner</r></r></y></c>"
    )
    records = Records(["c", "y", "r"], None, 10_000)
    assert [record.text for _, record in records.read([document.encode()])] == ["1", "2"]


def test_row_says_where_its_record_begins(drop: Drop) -> None:
    drop.put(
        "articles.xml",
        "<catalog>\n<article sku='A'>\n<name>x</name></article>\n"
        "<article sku='B'><name>x</name><name>y</name></article></catalog>",
    )
    (batch,) = drop.take()
    assert batch.where
    assert batch.where(0) == "articles.xml record 1 in line 2"
    assert batch.where(1) == "articles.xml record 2 in line 4"
    assert batch.rows[0] == ("A", "x")
    assert refused(lambda: batch.rows[1]).code == "SA-2027"


def test_empty_catalog_is_a_table_without_rows(drop: Drop) -> None:
    assert read(drop, "<catalog/>") == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<catalogue><article/></catalogue>", "outermost element is catalogue"),
        ("<catalog xmlns='urn:x'/>", "outermost element is {urn:x}catalog"),
    ],
)
def test_document_of_another_kind_goes_to_the_quarantine(drop: Drop, text: str, says: str) -> None:
    error = refused(lambda: read(drop, text))
    assert (error.code, says in error.reason) == ("SA-2025", True), error.reason
    assert drop.names("quarantine") == ["articles.xml", "articles.xml.reason.txt"]


def test_element_on_the_way_to_the_records_must_be_there(drop: Drop) -> None:
    error = refused(lambda: read(drop, "<catalog/>", records="/catalog/articles/article"))
    assert "there is no articles" in error.reason


def test_column_that_a_whole_table_lacks_is_no_empty_column(drop: Drop) -> None:
    text = "<catalog><article sku='A'><nome>x</nome></article></catalog>"
    assert refused(lambda: read(drop, text)).code == "SA-2026"
    assert read(drop, text, optional=["name"]) == [("A", None)]


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-15", "windows-1252", "ibm850", "utf-16"])
def test_document_declares_its_own_encoding(drop: Drop, encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?><catalog><article sku='è'><name>ß</name>"
    assert read(drop, f"{text}</article></catalog>".encode(encoding)) == [("è", "ß")]


@pytest.mark.parametrize("encoding", ["cp1252", "cp280", "utf-16-le", "utf-8-sig"])
def test_declared_encoding_of_the_flow_wins(drop: Drop, encoding: str) -> None:
    text = "<?xml version='1.0' encoding='ascii'?><catalog><article sku='è'><name>ß</name>"
    data = f"{text}</article></catalog>".encode(encoding)
    assert read(drop, data, encoding=encoding) == [("è", "ß")]


def test_encoding_that_nobody_knows_is_refused(drop: Drop) -> None:
    text = "<?xml version='1.0' encoding='klingon'?><catalog/>"
    assert refused(lambda: read(drop, text)).code in {"SA-2009", "SA-2029"}


# What is never read


LAUGHS = """<!DOCTYPE catalog [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<catalog><article sku='A'><name>&b;</name></article></catalog>"""
OUTSIDE = """<!DOCTYPE catalog [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<catalog><article sku='A'><name>&x;</name></article></catalog>"""
DEFAULTS = """<!DOCTYPE catalog [<!ATTLIST article sku CDATA "A">]>
<catalog><article><name>x</name></article></catalog>"""
PARAMETER = """<!DOCTYPE catalog SYSTEM "http://x.example/x.dtd" [<!ENTITY % p "x"> %p;]>
<catalog/>"""


@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE, DEFAULTS, PARAMETER])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_that_declares_anything_is_refused(drop: Drop, text: str, encoding: str) -> None:
    error = refused(lambda: read(drop, text.encode(encoding)))
    assert error.code == "SA-2030"
    assert drop.names("quarantine") == ["articles.xml", "articles.xml.reason.txt"]


EXTERNAL = """<?xml version="1.0"?>
<!-- <!DOCTYPE of a comment> -->
<!DOCTYPE catalog
  PUBLIC "-//x//y" "http://x.example/y.dtd">
<catalog>
<article sku='{}'><name>{}</name></article></catalog>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_external_dtd_is_passed_over_and_lines_keep_their_numbers(
    drop: Drop, encoding: str
) -> None:
    drop.put("articles.xml", EXTERNAL.format("A", "x").encode(encoding))
    (batch,) = drop.take()
    assert list(batch.rows) == [("A", "x")]
    assert batch.where
    assert batch.where(0) == "articles.xml record 1 in line 6"


@pytest.mark.parametrize(("sku", "name"), [("&auml;", "x"), ("A", "&auml;")])
def test_entity_of_an_external_dtd_is_never_left_out_without_a_word(
    drop: Drop, sku: str, name: str
) -> None:
    error = refused(lambda: read(drop, EXTERNAL.format(sku, name)))
    assert (error.code, error.reason.startswith("line 6, ")) == ("SA-2029", True)
    assert "undefined entity" in error.reason


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<catalog><article sku='A'><name>x</nome></article></catalog>", "mismatched tag"),
        ("<catalog><article sku='A'><name>x</name></article>", "no element found"),
        ("<catalog/><catalog/>", "junk after"),
        ("sku;name", "not well-formed"),
        ("<catalog>" + "<a>" * 200, "more than 100 elements deep"),
    ],
)
def test_document_that_is_no_xml_is_refused(drop: Drop, text: str, says: str) -> None:
    error = refused(lambda: read(drop, text))
    assert (error.code, says in error.reason) == ("SA-2029", True), error.reason


@pytest.mark.parametrize(
    "record",
    [
        f"<article sku='A'><name>{'x' * 20_000}</name></article>",
        f"<article sku='A'>{'<b/>' * 5000}</article>",
        f"<article sku='{'A' * 200_000}'/>",
    ],
)
def test_record_without_measure_is_refused_before_it_fills_the_memory(
    drop: Drop, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_module, "CHUNK", 1000)
    monkeypatch.setattr(drop_text, "CHUNK", 1000)
    error = refused(lambda: read(drop, f"<catalog>{record}</catalog>", max_record="10000B"))
    assert error.code == "SA-2028"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"columns": [], "key": ["x"]}, "key column 'x'"),
        ({"records": "catalog/article"}, "records begins with /"),
        ({"records": "/catalog/"}, "'' is not the name"),
        ({"records": "/x:catalog"}, "the prefix 'x'"),
        ({"columns": ["@sku", "a//b"]}, "'' is not the name"),
        ({"columns": ["@sku", "@a/b"]}, "nothing inside an attribute"),
        ({"columns": ["@sku", "text()"]}, "'text\\(\\)' is not the name"),
        ({"children": {"a/@b": ["."]}}, "child rows are elements"),
        ({"children": {"a": ["1b"]}}, "'1b' is not the name"),
        ({"encoding": "utf-9"}, "unknown encoding"),
    ],
)
def test_options_that_cannot_work_are_refused_at_load(given: dict[str, Any], says: str) -> None:
    common = {"files": "*.xml", "key": ["@sku"], "columns": ["@sku"], "records": "/catalog/article"}
    with pytest.raises(ValidationError, match=says):
        XmlOptions.model_validate(common | given)
