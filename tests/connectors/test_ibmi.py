"""Files of IBM i: names, code pages, dates, members, errors; on Derby as far as Derby goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyodbc
import pytest
from pydantic import ValidationError

from agent.contract import Batch
from agent.errors import Misconfigured, Unavailable
from connectors._ibmi.catalogue import File, find_file
from connectors._ibmi.dialect import IbmiDialect, Reading
from connectors._ibmi.naming import Qualified
from connectors._ibmi.options import IbmiOptions
from connectors._sql import Relation
from connectors._sql_dialect import Column
from connectors.odbc import ibmi as kind
from connectors.odbc.connecting import connection_string
from connectors.odbc.failures import explain
from connectors.odbc.ibmi import IbmiConnection, IbmiOdbcDialect
from tests.connectors.databases import last
from tests.connectors.on_derby import Library
from tests.peers.drda import translated

pytestmark = pytest.mark.xdist_group("derby")

PLAIN = Column("ARDES", "CHAR(30) CCSID 280")
UNCONVERTED = Column("ARDES", "CHAR(30) CCSID 65535")


# The statements that a real Db2 for i gets


def dialect(**more: Any) -> IbmiDialect:
    return IbmiDialect(Reading(**more))


@pytest.mark.parametrize(
    ("written", "sql", "system"),
    [
        ("MYLIB.ARTICO", '"MYLIB"."ARTICO"', '"MYLIB"/"ARTICO"'),
        ("mylib/artico", '"MYLIB"."ARTICO"', '"MYLIB"/"ARTICO"'),
        ("artico", '"ARTICO"', '"ARTICO"'),
        ('"My lib"."a""b"', '"My lib"."a""b"', '"My lib"/"a""b"'),
        ("§LIB/ART$#@_1", '"§LIB"."ART$#@_1"', '"§LIB"/"ART$#@_1"'),
    ],
)
def test_file_is_named_in_either_naming(written: str, sql: str, system: str) -> None:
    relation = Relation(table=written)
    assert dialect().relation(relation) == sql
    assert dialect(naming="system").relation(relation) == system


@pytest.mark.parametrize("written", ["", "A.B.C", "A/", "/A", '"A'])
def test_what_is_no_name_is_refused(written: str) -> None:
    with pytest.raises(Misconfigured, match="is not the name of a file"):
        Qualified.parse(written)


@pytest.mark.parametrize(
    ("column", "read"),
    [
        (PLAIN, 'RTRIM(p."C")'),
        (Column("C", "DECIMAL(8,0)"), 'p."C"'),
        (Column("C", "DATE"), 'CHAR(p."C", ISO)'),
        (Column("C", "TIME"), 'CHAR(p."C", JIS)'),
        (Column("C", "TIMESTMP"), "VARCHAR_FORMAT(p.\"C\", 'YYYY-MM-DD HH24:MI:SS.NNNNNN')"),
        (UNCONVERTED, 'HEX(p."C")'),
    ],
)
def test_value_is_read_in_the_form_that_loses_nothing(column: Column, read: str) -> None:
    assert dialect().value(column, 'p."C"') == read


def test_code_page_is_told_to_the_server_and_the_column_stays_bare_in_conditions() -> None:
    italian = dialect(ccsid=1144)
    assert italian.value(UNCONVERTED, "c") == (
        "RTRIM(CAST(CAST(c AS CHAR(30) FOR BIT DATA) AS CHAR(30) CCSID 1144))"
    )
    assert italian.equals(UNCONVERTED, "c", "è").text == (
        "c = CAST(CAST(? AS CHAR(30) CCSID 1144) AS CHAR(30) FOR BIT DATA)"
    )
    assert italian.value(PLAIN, "c") == "RTRIM(c)", "the system knows this one"
    assert dialect(ccsids={"ARDES": 1144}).value(PLAIN, "c").endswith("CCSID 1144))")


def test_dates_kept_as_numbers_are_compared_as_numbers() -> None:
    day = Column("ARDAT", "DECIMAL(8,0)")
    compared = dialect().compare([(day, "c")], ">=", ["20261121"])
    assert compared == ("c >= ?", (Decimal(20261121),))
    assert dialect().not_in_future(day, "c").text == "c < 99999999"


def test_pages_need_no_words_that_old_releases_lack() -> None:
    assert dialect().limit(50) == " FETCH FIRST 50 ROWS ONLY"
    assert dialect().limit(1, 49) == " OFFSET 49 ROWS FETCH FIRST 1 ROWS ONLY"


# Keywords of the driver


def words(**given: Any) -> str:
    connection = IbmiConnection.model_validate({"server": "as400", "user": "SYNC"} | given)
    made = IbmiOdbcDialect(connection, IbmiOptions(table="A", key=("K",)))
    return connection_string(connection, made, "pw")


def test_defaults_of_the_driver_that_are_not_safe_are_overruled() -> None:
    assert words() == (
        "Driver={IBM i Access ODBC Driver};SYSTEM=as400;UID=SYNC;PWD=pw;NAM=0;CMT=1;CONNTYPE=2;"
        "SSL=1;TRANSLATE=0;DFT=5;DEC=0;XDYNAMIC=0;TRUEAUTOCOMMIT=1;UNICODESQL=1"
    )


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"libraries": ["MYLIB", "*USRLIBL"]}, ";DBQ=MYLIB,*USRLIBL;"),
        ({"libraries": ["MYLIB"], "naming": "system"}, ";DBQ=,MYLIB;"),
        ({"isolation": "ur"}, ";CMT=2;"),
        ({"tls": "false"}, ";SSL=0;"),
        ({"keywords": {"cmt": "0"}}, ";CMT=0;"),
    ],
)
def test_every_keyword_can_be_set(given: dict[str, Any], word: str) -> None:
    assert word in words(**given)


def test_settings_that_are_not_safe_are_named() -> None:
    given = {"isolation": "ur", "statements": "all", "tls": "false", "keywords": {"XDYNAMIC": "1"}}
    found = list(IbmiConnection.model_validate(given).dangers())
    assert [each.subject for each in found] == ["CMT=2", "CONNTYPE=0", "SSL=0", "XDYNAMIC=1"]
    assert not list(IbmiConnection.model_validate({}).dangers())


@pytest.mark.parametrize(
    "given",
    [
        {"query": "SELECT 1 FROM A", "ccsids": {"A": 280}},
        {"query": "SELECT 1 FROM A", "journal": "LIB/JRN"},
        {"table": "A", "journal": "JRN"},
        {"table": "A", "journal": "LIB/JRN", "cursor": {"columns": ["T"]}},
        {"table": "A", "journal": "LIB/JRN", "probe": "true"},
        {"query": "SELECT 1 FROM A", "probe": "true"},
        {"table": "A", "journal": "LIB/JRN", "children": {"b": {"table": "B", "parent": ["K"]}}},
    ],
)
def test_options_that_contradict_each_other_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        IbmiOptions.model_validate(given | {"key": ["K"]})


# Errors, in the words of the drivers

CWBSY = (
    "[28000] [IBM][System i Access ODBC Driver]Communication link failure. comm rc=8002 - "
    "CWBSY0002 - Password for user SYNC on system AS400 is not correct (8002) (SQLDriverConnect)"
)
SQL0551 = (
    "[42501] [IBM][System i Access ODBC Driver][DB2 for i5/OS]SQL0551 - Not authorized to object "
    "ARTICO in MYLIB type *FILE. (-551) (SQLExecDirectW)"
)
SQL0204 = (
    "[42S02] [IBM][System i Access ODBC Driver][DB2 for i5/OS]SQL0204 - ARTICO in MYLIB type *FILE "
    "not found. (-204) (SQLExecDirectW)"
)
SQL0913 = (
    "[57033] [IBM][System i Access ODBC Driver][DB2 for i5/OS]SQL0913 - Row or object ARTICO in "
    "MYLIB type *FILE in use. (-913) (SQLFetch)"
)
SQL1598 = (
    "[42968] [IBM][CLI Driver] SQL1598N  An attempt to connect to the database server failed "
    "because of a licensing problem.  SQLSTATE=42968 (-1598) (SQLDriverConnect)"
)


@pytest.mark.parametrize(
    ("state", "text", "raised", "code"),
    [
        ("28000", CWBSY, Misconfigured, "SA-2101"),
        ("08001", CWBSY.replace("28000", "08001"), Misconfigured, "SA-2101"),
        ("42501", SQL0551, Misconfigured, "SA-2113"),
        ("42S02", SQL0204, Misconfigured, "SA-2110"),
        ("57033", SQL0913, Unavailable, "SA-2121"),
        ("42968", SQL1598, Misconfigured, "SA-2120"),
        ("08S01", "[08S01] Communication link failure (10054) (SQLFetch)", Unavailable, "SA-2104"),
        ("IM014", "[IM014] architecture mismatch (0) (SQLConnect)", Misconfigured, "SA-2102"),
    ],
)
def test_error_means_what_a_person_or_time_can_mend(
    state: str, text: str, raised: type[Exception], code: str
) -> None:
    error = explain(pyodbc.Error(state, text), "as400", "", IbmiOdbcDialect.codes)
    assert (type(error), error.code) == (raised, code)


def test_bitness_is_named_where_the_driver_cannot_be_loaded() -> None:
    text = "[IM002] Data source name not found (0) (SQLDriverConnect)"
    assert "64-bit" in explain(pyodbc.Error("IM002", text), "as400", "").hint


# On Derby


@pytest.fixture
def artico(ibmi: Library) -> Library:
    ibmi.sql(
        "CREATE TABLE {lib}.ARTICO (ARCOD CHAR(15) NOT NULL PRIMARY KEY, ARDES VARCHAR(40), "
        "ARPRZ DECIMAL(11,4), ARDAT DECIMAL(8,0), NOTE CHAR(8) FOR BIT DATA, ARTS TIMESTAMP, "
        "ARDAY DATE, ARHOUR TIME, ARQTY INTEGER)",
        "INSERT INTO {lib}.ARTICO VALUES ('00123', 'Caffè € 1kg', 12.5, 20261101, "
        "X'C0C19FD1E9404040', TIMESTAMP('2026-11-21 10:00:00.123456'), DATE('2026-11-21'), "
        "TIME('10:11:12'), 7)",
        "INSERT INTO {lib}.ARTICO (ARCOD, ARDAT) VALUES ('B', 99999999)",
    )
    return ibmi


def rows(batches: Iterable[Batch]) -> list[dict[str, Any]]:
    return [dict(zip(batch.columns, row, strict=True)) for batch in batches for row in batch.rows]


def read(library: Library, since: str = "", **options: Any) -> list[dict[str, Any]]:
    source = library.source("ARTICO", key=["ARCOD"], **options)
    try:
        return rows(source.read(since))
    finally:
        source.close()


def test_values_arrive_exact_and_missing_ones_are_missing(artico: Library) -> None:
    first, second = read(artico)
    assert first == {
        "ARCOD": "00123",
        "ARDES": "Caffè € 1kg",
        "ARPRZ": Decimal("12.5000"),
        "ARDAT": Decimal(20261101),
        "NOTE": bytes.fromhex("C0C19FD1E9404040"),
        "ARTS": "2026-11-21 10:00:00.123456",
        "ARDAY": "2026-11-21",
        "ARHOUR": "10:11:12",
        "ARQTY": 7,
    }
    assert second == dict.fromkeys(first) | {"ARCOD": "B", "ARDAT": Decimal(99999999)}


@pytest.mark.parametrize("ccsid", [280, 1144])
def test_text_without_a_code_page_is_read_in_the_declared_one(ibmi: Library, ccsid: int) -> None:
    ibmi.sql(
        "CREATE TABLE {lib}.PAGES (COD CHAR(8) FOR BIT DATA NOT NULL PRIMARY KEY)",
        f"INSERT INTO {{lib}}.PAGES VALUES (APP.TO_PAGE('àèìòù', {ccsid}, 8))",
    )
    source = ibmi.source("PAGES", key=["COD"], connection={"ccsid": ccsid})
    assert rows(source.read("")) == [{"COD": "àèìòù"}]
    assert rows(source.read_keys(["àèìòù", "aeiou"])) == [{"COD": "àèìòù"}]
    source.close()


def test_key_without_a_code_page_is_refused(artico: Library) -> None:
    source = artico.source("ARTICO", key=["NOTE"])
    with pytest.raises(Misconfigured, match="NOTE has no code page"):
        next(iter(source.read("")))
    source.close()


def test_number_of_nines_does_not_become_the_mark_of_a_cursor(artico: Library) -> None:
    options = {"cursor": {"columns": ["ARDAT"]}}
    source = artico.source("ARTICO", key=["ARCOD"], **options)
    cursor = last(source.read("")).cursor
    source.close()
    assert '"20261101"' in cursor
    artico.sql("UPDATE {lib}.ARTICO SET ARDAT = 20261102 WHERE ARCOD = 'B'")
    artico.sql("INSERT INTO {lib}.ARTICO (ARCOD, ARDAT) VALUES ('OLD', 20261031)")
    assert [row["ARCOD"] for row in read(artico, cursor, **options)] == ["00123", "B"]


def test_stamp_cursor_loses_no_microsecond(artico: Library) -> None:
    options = {"cursor": {"columns": ["ARTS"], "overlap": "0"}}
    source = artico.source("ARTICO", key=["ARCOD"], **options)
    cursor = last(source.read("")).cursor
    source.close()
    artico.sql(
        "INSERT INTO {lib}.ARTICO (ARCOD, ARTS) VALUES ('C', "
        "TIMESTAMP('2026-11-21 10:00:00.123457'))"
    )
    assert [row["ARCOD"] for row in read(artico, cursor, **options)] == ["00123", "C"]


def test_bare_name_is_looked_for_along_the_library_list(artico: Library) -> None:
    other = replace(artico, name=f"{artico.name}X")
    other.sql(
        "CREATE TABLE {lib}.ARTICO (A INTEGER)",
        "INSERT INTO STANDIN.LIBRARY_LIST VALUES ('{lib}', 2)",
    )
    artico.sql("INSERT INTO STANDIN.LIBRARY_LIST VALUES ('{lib}', 1)")
    source = artico.source("ARTICO", key=["ARCOD"])
    found = find_file(source.session, Qualified("", "ARTICO"), "system")
    source.close()
    artico.sql("TRUNCATE TABLE STANDIN.LIBRARY_LIST")
    assert found == File(artico.name, "ARTICO", artico.name, "ARTICO")


def test_alias_leads_to_the_columns_of_its_file(artico: Library) -> None:
    artico.sql(
        "INSERT INTO STANDIN.ALIASES VALUES ('{lib}', 'ARTFEB', '{lib}', 'ARTICO', 'FEB')",
        "CREATE SYNONYM {lib}.ARTFEB FOR {lib}.ARTICO",
    )
    source = artico.source("ARTFEB", key=["ARCOD"])
    assert [row["ARCOD"] for row in rows(source.read(""))] == ["00123", "B"]
    source.close()


def look(library: Library, since: str = "", **options: Any) -> list[Batch]:
    source = library.source("ARTICO", key=["ARCOD"], probe=True, **options)
    try:
        return list(source.read(since))
    finally:
        source.close()


def count(library: Library, file: str, what: str) -> None:
    library.sql(
        f"UPDATE STANDIN.MEMBERS SET {what} = {what} + 1 "
        f"WHERE LIBRARY = '{{lib}}' AND FILE = '{file}'"
    )


def keep_counts(library: Library, *files: str) -> None:
    for file in files:
        library.sql(
            "INSERT INTO STANDIN.MEMBERS (LIBRARY, FILE, MEMBER, PLACE) "
            f"VALUES ('{{lib}}', '{file}', '{file}', 1)"
        )


def test_file_that_nobody_wrote_to_is_not_read_again(artico: Library) -> None:
    keep_counts(artico, "ARTICO")
    [batch] = look(artico)
    assert batch.complete
    assert look(artico, batch.cursor) == []
    count(artico, "ARTICO", "UPDATES")
    [again] = look(artico, batch.cursor)
    assert len(again.rows) == 2
    assert look(artico, again.cursor) == []


def test_write_to_a_file_of_children_counts_too(artico: Library) -> None:
    artico.sql("CREATE TABLE {lib}.PREZZI (PRCOD CHAR(15), PREUR DECIMAL(9,2))")
    keep_counts(artico, "ARTICO", "PREZZI")
    children = {"prices": {"table": f"{artico.name}.PREZZI", "parent": ["PRCOD"]}}
    [batch] = look(artico, children=children)
    assert look(artico, batch.cursor, children=children) == []
    count(artico, "PREZZI", "INSERTS")
    assert look(artico, batch.cursor, children=children) != []


def test_file_without_counts_is_read_each_time(artico: Library) -> None:
    [batch] = look(artico)
    assert batch.cursor == ""
    assert look(artico, batch.cursor) != []


def test_check_tells_headings_code_pages_and_members_that_are_not_read(artico: Library) -> None:
    artico.sql(
        "INSERT INTO STANDIN.FACTS VALUES ('{lib}', 'ARTICO', 'ARDES', 'ARDES', "
        "'Descrizione         articolo')",
        "INSERT INTO STANDIN.MEMBERS (LIBRARY, FILE, MEMBER, PLACE) "
        "VALUES ('{lib}', 'ARTICO', 'GEN', 1)",
        "INSERT INTO STANDIN.MEMBERS (LIBRARY, FILE, MEMBER, PLACE) "
        "VALUES ('{lib}', 'ARTICO', 'FEB', 2)",
    )
    source = artico.source("ARTICO", key=["ARCOD"], connection={"isolation": "ur"})
    found = {each.subject: each.detail for each in source.check()}
    source.close()
    assert found["headings"] == "ARDES = Descrizione articolo"
    assert "NOTE" in found["no code page"]
    assert "GEN, FEB; only the first is read" in found["members"]
    assert "rolled back" in found["CMT=2"]


def test_heading_is_understood_as_a_misspelt_column(artico: Library) -> None:
    artico.sql(
        "INSERT INTO STANDIN.FACTS VALUES ('{lib}', 'ARTICO', 'ARDES', 'ARDES', 'Descrizione')"
    )
    source = artico.source("ARTICO", key=["Descrizione"])
    with pytest.raises(Misconfigured, match="did you mean 'ARDES'"):
        list(source.check())
    source.close()


def test_wrong_password_is_tried_once_and_never_again(
    artico: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WRONG_PASSWORD", "not this")
    source = artico.source("ARTICO", key=["ARCOD"], connection={"password": "env:WRONG_PASSWORD"})
    with pytest.raises(Misconfigured) as raised:
        list(source.read(""))
    assert raised.value.code == "SA-2101"
    assert "not this" not in str(raised.value)
    source.close()


def test_driver_that_repeats_values_is_refused(artico: Library) -> None:
    shipped = {"driver": str(artico.peer.driver_as_shipped)}
    source = artico.source("ARTICO", key=["ARCOD"], connection=shipped)
    with pytest.raises(Misconfigured, match="repeats the previous row") as raised:
        list(source.read(""))
    assert raised.value.code == "SA-2122"
    source.close()


def test_rows_under_change_are_waited_for(artico: Library) -> None:
    writer = artico.peer.connect()
    writer.autocommit = False
    writer.execute(f"UPDATE {artico.name}.ARTICO SET ARQTY = 8 WHERE ARCOD = '00123'")
    try:
        with pytest.raises(Unavailable) as raised:
            read(artico)
    finally:
        writer.rollback()
        writer.close()
    assert raised.value.code == "SA-2121", raised.value


def test_the_kind_is_registered() -> None:
    assert kind.KIND.name == "ibmi"


def test_stand_in_translates_nothing_that_derby_knows() -> None:
    plain = 'SELECT RTRIM(p."A") FROM "L"."T" p WHERE p."A" > ? ORDER BY p."A"'
    assert translated(plain) == plain
