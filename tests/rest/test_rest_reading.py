"""What of an answer becomes a row: exact numbers, nested fields, child rows, what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from agent.contract import Batch
from agent.errors import Misconfigured, Rejected, Unavailable
from agent.mapping import MappingSpec, compile_mapping
from connectors._rest.exact_json import Document, doubt
from connectors._rest.records import MISSING, take
from tests.peers.http_server import Peer
from tests.rest.articles import Articles, articles
from tests.rest.sources import OpenSource, keys


def says(peer: Peer, body: str | bytes, **how: Any) -> None:
    """Let the server answer this to everything."""
    how.setdefault("media_type", "application/json")
    peer.answer = lambda _: Response(body, **how)


def only_row(batches: list[Batch]) -> tuple[Any, ...]:
    (row,) = [row for batch in batches for row in batch.rows]
    return row


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.1", Decimal("0.1")),
        ("39.50", Decimal("39.50")),
        ("123456789012345678.987654321", Decimal("123456789012345678.987654321")),
        ("1e3", Decimal("1e3")),
        ("7", 7),
        ("12345678901234567890123", Decimal(12345678901234567890123)),
        ("null", None),
        ('"00123"', "00123"),
        ("true", True),
    ],
)
def test_value_arrives_as_it_was_written(
    peer: Peer, open_source: OpenSource, written: str, value: object
) -> None:
    says(peer, f'[{{"sku": "A", "name": "x", "price": {written}}}]')
    got = only_row(list(open_source().read("")))[2]
    assert got == value
    assert type(got) is type(value)


def test_nested_fields_are_dotted_columns(peer: Peer, open_source: OpenSource) -> None:
    says(peer, '[{"sku": "A", "pricing": {"net": 1.5, "tax": null}, "a.b": "as it is written"}]')
    source = open_source(columns=["pricing.net", "pricing.tax.rate", "a.b", "pricing"])
    row = only_row(list(source.read("")))
    assert row == (
        "A",
        Decimal("1.5"),
        None,
        "as it is written",
        {"net": Decimal("1.5"), "tax": None},
    )


def test_nested_list_becomes_child_rows_that_the_mapping_reads(
    peer: Peer, open_source: OpenSource
) -> None:
    says(
        peer,
        '[{"sku": "A", "price": 2, "tiers": [{"from": {"quantity": 10}, "price": 1.80},'
        ' {"from": {"quantity": 100}, "price": 1.5}]}]',
    )
    source = open_source(columns=["price", "tiers"])
    mapping = compile_mapping(
        MappingSpec.model_validate(
            {
                "sku": "sku",
                "price_list": {"value": "BASE"},
                "price": "price",
                "currency": {"value": "EUR"},
                "tiers": {
                    "each": "tiers",
                    "fields": {"min_quantity": "from.quantity", "price": "price"},
                },
            }
        ),
        entity="price",
    )
    (batch,) = source.read("")
    mapped = mapping.bind(batch.columns)(batch.rows[0])
    assert (
        b'"tiers":[{"min_quantity":"10","price":"1.8"},{"min_quantity":"100","price":"1.5"}]'
        in mapped.body
    )


def test_field_that_may_be_left_out_counts_as_empty(peer: Peer, open_source: OpenSource) -> None:
    says(peer, '[{"sku": "A", "lines": [{"n": 1}, {"n": 2, "note": "x"}]}]')
    source = open_source(columns=["name", "lines"], optional=["name", "lines.note"])
    row = only_row(list(source.read("")))
    assert row[1] is None
    assert [line["note"] for line in row[2]] == [None, "x"]


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ('{"sku": "B", "price": 1}', 'has no field "name"'),
        ('{"sku": "B", "name": "x", "price": 1, "price": 2}', "more than once"),
        ('{"sku": "B", "name": "x", "price": 1e999999999}', "no number of any trade"),
        ('{"sku": "B", "name": "\\ud83d", "price": 1}', "no valid Unicode"),
        ('{"sku": "B", "name": "x", "price": ' + "9" * 5000 + "}", "no number of any trade"),
        ("null", "is no object but null"),
        ('"B"', "is no object but a text"),
    ],
)
def test_record_that_cannot_be_read_is_refused_alone(
    peer: Peer, open_source: OpenSource, record: str, why: str
) -> None:
    says(peer, f'[{{"sku": "A", "name": "x", "price": 1}}, {record}]')
    (batch,) = open_source().read("")
    assert batch.rows[0][0] == "A"
    with pytest.raises(Rejected, match=why):
        batch.rows[1]


@pytest.mark.parametrize(
    ("body", "how", "code"),
    [
        ("<html>Log in</html>", {"media_type": "text/html"}, "SA-5206"),
        ("<html>Log in</html>", {}, "SA-5207"),
        ("", {}, "SA-5207"),
        ('[{"sku": "A", "na', {}, "SA-5207"),
        ("[NaN]", {}, "SA-5207"),
        (b'[{"sku": "\xe8"}]', {}, "SA-5207"),
        ("[" * 100_000, {}, "SA-5207"),
        ('{"message": "busy"}', {}, "SA-2404"),
        ("7", {}, "SA-2404"),
        ("x", {"status_code": 500}, "SA-5212"),
        ("x", {"status_code": 503, "headers": {"retry-after": "7"}}, "SA-5211"),
        ("x", {"status_code": 302, "headers": {"location": ""}}, "SA-5205"),
    ],
)
def test_odd_answer_is_waited_out(
    peer: Peer, open_source: OpenSource, body: str | bytes, how: dict[str, Any], code: str
) -> None:
    says(peer, body, **how)
    with pytest.raises(Unavailable) as caught:
        list(open_source().read(""))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "SA-2401"), (404, "SA-2401"), (422, "SA-2401"), (401, "SA-5220"), (403, "SA-5221")],
)
def test_answer_that_a_person_must_mend_halts_the_flow(
    peer: Peer, open_source: OpenSource, status: int, code: str
) -> None:
    says(peer, '{"detail": "no such filter"}', status_code=status)
    with pytest.raises(Misconfigured, match="no such filter") as caught:
        list(open_source().read(""))
    assert caught.value.code == code
    assert len(peer.asked) == 1


def test_error_inside_a_success_is_no_data(peer: Peer, open_source: OpenSource) -> None:
    says(peer, '{"error": {"text": "try later"}, "items": []}')
    with pytest.raises(Unavailable, match="try later") as caught:
        list(open_source(records="items", error="error.text").read(""))
    assert caught.value.code == "SA-2403"


@pytest.mark.parametrize("nothing", ['{"error": null, "items": null}', '{"items": []}'])
def test_empty_list_is_an_empty_pass(peer: Peer, open_source: OpenSource, nothing: str) -> None:
    says(peer, nothing)
    (batch,) = open_source(records="items", error="error").read("")
    assert (len(batch.rows), batch.complete) == (0, True)


def test_json_under_another_name_is_read_with_its_charset(
    peer: Peer, open_source: OpenSource
) -> None:
    body = '[{"sku": "A", "name": "Caffè", "price": 1}]'
    headers = {"content-type": 'text/html; charset="ISO-8859-15"'}
    says(peer, body.encode("iso-8859-15"), headers=headers)
    assert only_row(list(open_source().read("")))[1] == "Caffè"
    says(peer, b"\xef\xbb\xbf" + body.encode())
    assert only_row(list(open_source().read("")))[1] == "Caffè"


def test_single_keys_are_asked_for_one_by_one(
    peer: Peer, shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records = articles(3)
    source = open_source(item="/item/{key}", item_record="article")
    assert keys(source.read_keys(["A002", "gone", "A003"])) == ["A002", "A003"]
    assert peer.questions == ["/item/A002", "/item/gone", "/item/A003"]


def test_key_stays_inside_its_place_in_the_address(
    peer: Peer, shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records = []
    source = open_source(key=["sku", "list"], columns=[], item="/item/{list}?sku={sku}")
    assert keys(source.read_keys(["a/../b?x=1&y#z|B 1"])) == []
    (asked,) = peer.asked
    assert asked.request.scope["raw_path"] == b"/item/B%201"
    assert asked.query["sku"] == "a/../b?x=1&y#z"
    with pytest.raises(Rejected, match="cannot stand in an address"):
        list(source.read_keys(["A|.."]))


def test_another_record_than_asked_for_makes_nothing_vanish(
    peer: Peer, open_source: OpenSource
) -> None:
    says(peer, '{"sku": "B", "name": "x", "price": 1}')
    with pytest.raises(Unavailable) as caught:
        list(open_source(item="/item/{key}").read_keys(["A"]))
    assert caught.value.code == "SA-2410"


def test_outage_is_no_proof_that_a_single_record_is_gone(
    peer: Peer, open_source: OpenSource
) -> None:
    says(peer, "", status_code=502)
    with pytest.raises(Unavailable):
        list(open_source(item="/item/{key}").read_keys(["A"]))


def test_check_names_the_fields_that_there_are(peer: Peer, open_source: OpenSource) -> None:
    says(peer, '[{"sku": "A", "name": "x", "price": {"net": 1}, "tiers": []}]')
    found = {each.subject: each.detail for each in open_source(columns=["name"]).check()}
    assert found["fields"] == "name, price.net, sku, tiers[]"
    assert "'name': 'x'" in found["first record"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.text() | st.from_regex(r'[\[\]{}",:0-9eE.+\\u dD8-]{0,40}', fullmatch=True))
def test_any_text_is_read_or_refused_and_never_a_float(text: str) -> None:
    try:
        document = Document(text)
    except ValueError:
        return
    assert not holds_float(document.value)
    if not document.doubtful:
        assert doubt(document.value) == ""


@given(VALUES, st.text(alphabet="ab.", max_size=6))
def test_taking_a_path_never_fails(value: Any, path: str) -> None:
    found = take(value, path)
    assert found is MISSING or found is None or path == "" or isinstance(value, dict)


def holds_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(holds_float, value.values()))
    return any(map(holds_float, value)) if isinstance(value, list) else isinstance(value, float)
