"""A SOAP service: what is sent, what is read, and what odd answers mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from agent.contract import AnySource, Batch
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors.soap import KIND
from connectors.soap.saving import main
from tests.peers.http_server import Asked, Peer, serving
from tests.peers.soap import PASSWORD, SoapServer

pytestmark = pytest.mark.xdist_group("soap")

LIST = {
    "operation": "ListArticles",
    "records": "articles.Article",
    "key": ["sku"],
    "columns": ["name", "price"],
}
ENVELOPE = """<?xml version="1.0"?>{head}
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
<a:ListArticlesResponse xmlns:a="urn:erp:articles"><a:ListArticlesResult>
<a:articles>{articles}</a:articles></a:ListArticlesResult></a:ListArticlesResponse>
</e:Body></e:Envelope>"""
VITE = {"sku": "A", "name": "Vite", "price": "1.10", "changed": "2026-01-01T10:00:00"}
DADO = {"sku": "B", "name": "Dado", "price": "2", "changed": "2026-01-02T10:00:00"}

Open = Callable[..., AnySource]


@pytest.fixture
def wsdl(soap_server: SoapServer, tmp_path: Path) -> Path:
    soap_server.hold([VITE, DADO])
    return soap_server.save_wsdl(tmp_path)


@pytest.fixture
def build(soap_server: SoapServer, wsdl: Path) -> Iterator[Open]:
    """Make a source: options of the list, and those of the connection under `connection`."""
    opened: list[AnySource] = []

    def make(connection: dict[str, Any] | None = None, **options: Any) -> AnySource:
        given = {"url": soap_server.url, "wsdl": wsdl} | (connection or {})
        assert KIND.source
        opened.append(
            KIND.source(
                KIND.connection.model_validate(given),
                KIND.source_options.model_validate(LIST | options),
            )
        )
        return opened[-1]

    yield make
    for source in opened:
        source.close()


def answer(articles: str, head: str = "") -> str:
    return ENVELOPE.format(head=head, articles=articles)


def article(fields: str) -> str:
    return f"<a:Article><a:sku>A</a:sku><a:name>Vite</a:name>{fields}</a:Article>"


def rows(source: AnySource, cursor: str = "") -> list[tuple[Any, ...]]:
    return [row for batch in source.read(cursor) for row in batch.rows]


def failure(source: AnySource) -> SyncError:
    with pytest.raises(SyncError) as caught:
        list(source.read(""))
    return caught.value


def test_values_arrive_typed_and_exact(soap_server: SoapServer, build: Open) -> None:
    full = VITE | {
        "price": "12345678901234567.10",
        "since": "2020-02-29",
        "active": False,
        "dimensions": ["0.30", 0.1],
        "prices": [["B", "1.00"], ["C", "2.5"]],
    }
    soap_server.hold([full, DADO])
    columns = ["price", "since", "changed", "active", "dimensions.width", "dimensions.height"]
    source = build(columns=[*columns, "prices.Price"])
    first, second = rows(source)
    assert first == (
        "A",
        Decimal("12345678901234567.10"),
        date(2020, 2, 29),
        datetime(2026, 1, 1, 10),  # noqa: DTZ001 - the service names no zone
        False,
        Decimal("0.30"),
        Decimal("0.1"),
        [{"list": "B", "value": Decimal("1.00")}, {"list": "C", "value": Decimal("2.5")}],
    )
    assert str(first[1]) == "12345678901234567.10"
    assert second[2:] == (None, second[3], None, None, None, None)


@pytest.mark.parametrize(
    "field",
    [
        "<a:price>12,50</a:price>",
        "<a:price>NaN</a:price>",
        "<a:price>1E+999999</a:price>",
        "<a:since>0000-00-00</a:since>",
        "<a:since>yesterday</a:since>",
        "<a:active>ja</a:active>",
    ],
)
def test_value_that_cannot_be_read_refuses_its_record_alone(
    soap_server: SoapServer, build: Open, field: str
) -> None:
    good = article("<a:price>1</a:price>").replace("A</a:sku>", "B</a:sku>")
    soap_server.answer(answer(article(field) + good))
    (batch,) = build(columns=["price", "since", "active"]).read("")
    with pytest.raises(Rejected, match="SA-2408"):
        batch.rows[0]
    assert batch.rows[1] == ("B", Decimal(1), None, None)


def test_parameters_are_nested_as_in_the_wsdl(soap_server: SoapServer, build: Open) -> None:
    source = build(parameters={"size": "7", "only": {"active": "true"}})
    rows(source)
    (asked,) = soap_server.asked()
    assert "<ns0:size>7</ns0:size>" in asked
    assert "<ns0:only><ns0:active>true</ns0:active></ns0:only>" in asked


def test_only_what_changed_is_asked_for_with_an_overlap(
    soap_server: SoapServer, build: Open
) -> None:
    changes = {
        "field": "changed",
        "overlap": "1h",
        "parameters": {"only": {"changed_after": "{since}"}},
    }
    source = build(columns=["name", "changed"], changes=changes)
    cursor = list(source.read(""))[-1].cursor
    assert [row[0] for row in rows(source, cursor)] == ["B"]
    assert "2026-01-02T09:00:00Z" in soap_server.asked()[-1]
    soap_server.hold([VITE | {"changed": "2026-01-03T00:00:00"}, DADO])
    batches = list(source.read(cursor))
    assert [row[0] for batch in batches for row in batch.rows] == ["A", "B"]
    assert not any(batch.whole or batch.complete for batch in batches)
    assert batches[-1].cursor > cursor


@pytest.mark.parametrize("way", ["text", "digest"])
def test_username_token_is_accepted(soap_server: SoapServer, build: Open, way: str) -> None:
    soap_server.require(token=way)
    token = {"user": "agent", "password": "env:SOAP_PASSWORD", "digest": way == "digest"}
    assert len(rows(build({"username_token": token | {"timestamp": "5m"}}))) == 2
    (asked,) = soap_server.asked()
    assert (PASSWORD in asked) == (way == "text")
    assert "Expires" in asked


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOAP_PASSWORD", PASSWORD)
    monkeypatch.setenv("WRONG", "wrong")


def test_wrong_username_token_halts_and_is_not_repeated(
    soap_server: SoapServer, build: Open
) -> None:
    soap_server.require(token="text")
    token = {"user": "agent", "password": "env:WRONG"}
    error = failure(build({"username_token": token}))
    assert isinstance(error, Misconfigured)
    assert (error.code, "no such user" in error.reason) == ("SA-2505", True)
    assert len(soap_server.asked()) == 1


def test_basic_and_bearer_are_those_of_every_web_api(soap_server: SoapServer, build: Open) -> None:
    soap_server.require(basic=f"agent:{PASSWORD}")
    assert rows(build({"user": "agent", "password": "env:SOAP_PASSWORD"}))
    soap_server.require(bearer=PASSWORD)
    assert rows(build({"token": "env:SOAP_PASSWORD"}))
    assert isinstance(failure(build({"token": "env:WRONG"})), Misconfigured)
    assert isinstance(failure(build()), Misconfigured)


def test_login_stands_among_the_parameters(soap_server: SoapServer, build: Open) -> None:
    source = build({"login": {"token": "env:SOAP_PASSWORD"}})
    with pytest.raises(SyncError):  # the service takes the token for a number
        rows(source)
    assert f"<ns0:token>{PASSWORD}</ns0:token>" in soap_server.asked()[0]


@pytest.mark.parametrize(
    ("code", "expected", "explained"),
    [
        ("soap:Server", Unavailable, "SA-2506"),
        ("Server.Database", Unavailable, "SA-2506"),
        ("soap:Client", Rejected, "SA-2504"),
        ("Client.Parameter", Rejected, "SA-2504"),
        ("Client.Busy", Unavailable, "SA-2506"),
        ("wsse:FailedAuthentication", Misconfigured, "SA-2505"),
        ("Client.LOGIN_EXPIRED", Misconfigured, "SA-2505"),
        ("E4711", Unavailable, "SA-2506"),
        ("", Unavailable, "SA-2506"),
    ],
)
def test_fault_is_one_of_the_three_errors(
    soap_server: SoapServer, build: Open, code: str, expected: type[SyncError], explained: str
) -> None:
    soap_server.fault(code, "the reason, in the server's words")
    faults = {"busy_faults": ["Busy"], "login_faults": ["FailedAuthentication", "LOGIN_EXPIRED"]}
    error = failure(build(faults))
    assert (type(error), error.code) == (expected, explained)
    assert "the reason, in the server's words" in error.reason


SOAP_12 = """<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>"""
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "status", "kind", "code"),
    [
        (answer("", BOMB), 200, "text/xml", "SA-2507"),
        (answer("", '<!DOCTYPE x SYSTEM "file:///etc/passwd">'), 200, "text/xml", "SA-2507"),
        (answer("")[:200], 200, "text/xml", "SA-2507"),
        ("", 200, "text/xml", "SA-2507"),
        ("<html>log in first</html>", 200, "text/html", "SA-2507"),
        ("<a>" * 100_000, 200, "text/xml", "SA-2507"),
        (SOAP_12, 200, "text/xml", "SA-2507"),
        (answer("<a:Screw/>"), 200, "text/xml", "SA-2508"),
        ("down", 503, "text/plain", "SA-5211"),
        ("<html>oops</html>", 500, "text/html", "SA-5212"),
        ("<oops/>", 502, "text/xml", "SA-5212"),
        ("no", 404, "text/plain", "SA-2401"),
        (answer(article("<a:name>" + "x" * 3_000 + "</a:name>")), 200, "text/xml", "SA-5208"),
    ],
)
def test_odd_answer_is_one_of_the_three_errors(
    soap_server: SoapServer, build: Open, content: str, status: int, kind: str, code: str
) -> None:
    soap_server.answer(content, status=status, content_type=kind)
    largest = 3_000 if code == "SA-5208" else 10_000_000
    assert failure(build({"largest_answer": largest})).code == code


def test_unknown_elements_are_passed_over_where_that_is_allowed(
    soap_server: SoapServer, build: Open
) -> None:
    soap_server.answer(answer(article("<a:price>1</a:price><a:novelty>x</a:novelty>")))
    assert rows(build({"strict": False})) == [("A", "Vite", Decimal(1))]


def test_server_that_gives_the_same_page_again_is_noticed(build: Open) -> None:
    error = failure(build(parameters={"size": "1"}, paging={"kind": "page"}))
    assert error.code == "SA-2406"


def test_counted_pages_without_a_total_delete_nothing(build: Open) -> None:
    paging = {"kind": "page", "size": 1}
    source = build(parameters={"size": "{size}", "page": "{page}"}, paging=paging)
    batches: list[Batch] = list(source.read(""))
    assert sum(len(batch.rows) for batch in batches) == 2
    assert not batches[-1].complete


def test_answer_for_another_key_is_not_believed(build: Open) -> None:
    keys = {"operation": "ListArticles", "parameters": {}, "records": "articles.Article"}
    with pytest.raises(Unavailable, match="SA-2410"):
        list(build(keys=keys).read_keys(["A"]))


@pytest.mark.parametrize(
    ("connection", "options", "code"),
    [
        ({"service": "Nobody"}, {}, "SA-2502"),
        ({"port": "Nobody"}, {}, "SA-2502"),
        ({}, {"operation": "ListArticle"}, "SA-2502"),
        ({}, {"parameters": {"colour": "red"}}, "SA-2503"),
        ({}, {"records": "Article"}, "SA-2404"),
        ({"wsdl": "/nowhere/articles.wsdl"}, {}, "SA-2501"),
    ],
)
def test_what_the_wsdl_does_not_have_is_named(
    build: Open, connection: dict[str, Any], options: dict[str, Any], code: str
) -> None:
    assert failure(build(connection, **options)).code == code


def test_wsdl_reads_nothing_outside_its_folder(wsdl: Path, build: Open) -> None:
    text = wsdl.read_text(encoding="utf-8")
    schema = '<xs:schema targetNamespace="urn:erp:articles" elementFormDefault="qualified">'
    assert schema in text
    for place in ("http://127.0.0.1:9/a.xsd", "file:///etc/passwd", "../a.xsd", "sub/a.xsd"):
        link = f'{schema}<xs:import namespace="urn:x" schemaLocation="{place}"/>'
        wsdl.write_text(text.replace(schema, link), encoding="utf-8")
        error = failure(build())
        assert (error.code, place.rpartition("/")[2] in error.reason) == ("SA-2501", True)
    wsdl.write_text(BOMB + text.partition("?>")[2], encoding="utf-8")
    assert failure(build()).code == "SA-2501"
    wsdl.write_text(text, encoding="utf-8")
    assert len(rows(build())) == 2, "a mended file is read again"


def test_check_shows_operations_and_the_first_record(build: Open) -> None:
    told = {finding.subject: finding.detail for finding in build().check()}
    assert told["operations"] == "GetArticle, ListArticles"
    assert "page: xsd:integer" in told["ListArticles"]
    assert "'name': 'Vite'" in told["first record"]


def test_wsdl_is_saved_with_what_it_imports(wsdl: Path, build: Open, tmp_path: Path) -> None:
    text = wsdl.read_text(encoding="utf-8")
    start = text.index("<xs:schema")
    end = text.index("</xs:schema>") + len("</xs:schema>")
    declared = 'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="urn:erp:articles"'
    schema = text[start:end].replace("<xs:schema", f"<xs:schema {declared}", 1)
    link = '<xs:import namespace="urn:erp:articles" schemaLocation="?xsd=1"/>'
    linked = f"{text[:start]}<xs:schema>{link}</xs:schema>{text[end:]}"
    parts = {"wsdl": linked, "xsd=1": schema}

    def give(asked: Asked) -> Any:
        return Response(parts[str(asked.request.url.query)], media_type="text/xml")

    folder = tmp_path / "saved"
    with serving(Peer(give)) as url:
        assert main([f"{url}/articles?wsdl", str(folder)]) == 0
        assert main([f"{url}/nothing", str(folder)]) == 1
    assert sorted(each.name for each in folder.iterdir()) == ["part-1.xsd", "service.wsdl"]
    assert len(rows(build({"wsdl": folder / "service.wsdl"}))) == 2


def test_soap_1_2_is_spoken_too(soap_server: SoapServer, build: Open, tmp_path: Path) -> None:
    there = {"url": f"{soap_server.url}/soap12", "wsdl": tmp_path / "articles.wsdl"}
    soap_server.save_wsdl(tmp_path, "/soap12")
    keys = {"operation": "GetArticle", "parameters": {"sku": "{key}"}, "gone_faults": ["NotFound"]}
    source = build(there, keys=keys)
    assert [row[0] for row in rows(source)] == ["A", "B"]
    assert "http://www.w3.org/2003/05/soap-envelope" in soap_server.asked()[0]
    found = [[row[0] for row in batch.rows] for batch in source.read_keys(["A", "Z"])]
    assert found == [["A"], []]
    with pytest.raises(Rejected, match="no article Z"):
        list(build(there, keys=keys | {"gone_faults": []}).read_keys(["Z"]))
