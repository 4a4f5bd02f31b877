"""What an OData service is asked, and what of its answers becomes rows, changes and deletes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from agent.errors import Misconfigured, Rejected, Unavailable
from connectors._odata.literals import iso, key_predicate, literal, parsed_predicate, plain
from connectors._odata.metadata import entity_type
from connectors._odata.options import ODataOptions
from tests.odata.server import Items, items
from tests.odata.sources import OpenSource, gone, keys
from tests.peers.http_server import Asked, Peer

CHANGED = {"property": "changed"}


def lists(peer: Peer) -> list[dict[str, str]]:
    """The parameters of every question for the list."""
    return [asked.query for asked in peer.asked if asked.path == "/Items"]


def test_columns_and_key_come_from_the_metadata(
    peer: Peer, service: Items, open_source: OpenSource
) -> None:
    service.records = items(1)
    source = open_source()
    (batch,) = source.read("")
    assert source.key_columns == ("sku",)
    assert batch.columns == ("sku", "name", "price", "changed")
    assert peer.questions == ["/$metadata", "/Items?%24count=true".replace("%24", "$")]


def test_metadata_is_not_asked_for_where_nothing_is_open(
    peer: Peer, service: Items, open_source: OpenSource
) -> None:
    service.records = items(1)
    list(open_source(key=["sku"], columns=["name"]).read(""))
    assert lists(peer) == [{"$select": "sku,name", "$count": "true"}]
    assert len(peer.asked) == 1


def test_question_says_what_the_flow_says(
    peer: Peer, service: Items, open_source: OpenSource
) -> None:
    service.records = items(1)
    options = {
        "key": ["sku"],
        "columns": ["name", "address.city"],
        "expand": ["lines($select=item)"],
        "filter": "name ne 'it''s' and price gt 1",
        "order": "sku desc",
        "page_size": 7,
        "count": False,
        "optional": ["address.city"],
    }
    list(open_source(**options).read(""))
    (asked,) = peer.asked
    assert asked.query == {
        "$select": "sku,name,address",
        "$expand": "lines($select=item)",
        "$filter": "name ne 'it''s' and price gt 1",
        "$orderby": "sku desc",
    }
    assert asked.headers["prefer"] == "odata.maxpagesize=7"
    assert b"+" not in asked.request.scope["query_string"]


@pytest.mark.parametrize("version", ["4", "2"])
def test_expanded_list_becomes_child_rows(
    service: Items, open_source: OpenSource, version: str
) -> None:
    service.version = version
    service.records = [{**items(1)[0], "lines": [{"item": "A", "quantity": "2"}]}]
    (batch,) = open_source(expand=["lines"]).read("")
    row = dict(zip(batch.columns, batch.rows[0], strict=True))
    assert row["lines"] == [{"item": "A", "quantity": "2"}]


def test_numbers_of_either_version_are_exact(peer: Peer, open_source: OpenSource) -> None:
    body = b'{"value": [{"sku": "A", "price": 1234567890123456.789, "text": "0.10"}]}'
    peer.answer = lambda _: Response(body, media_type="application/json;odata.metadata=minimal")
    (batch,) = open_source(key=["sku"], columns=["price", "text"], count=False).read("")
    assert batch.rows[0] == ("A", Decimal("1234567890123456.789"), "0.10")


def test_dates_of_version_2_become_iso_text(service: Items, open_source: OpenSource) -> None:
    service.version = "2"
    service.records = items(1, changed="/Date(1767261600000)/")
    (batch,) = open_source().read("")
    assert batch.rows[0][batch.columns.index("changed")] == "2026-01-01T10:00:00"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("/Date(1767261600123)/", "2026-01-01T10:00:00.123000"),
        ("/Date(-2208988800000)/", "1900-01-01T00:00:00"),
        ("/Date(1767261600000+0060)/", "2026-01-01T11:00:00+01:00"),
        ("/Date(999999999999999)/", "/Date(999999999999999)/"),
        ("/Date(1)/x", "/Date(1)/x"),
        ("1767261600000", "1767261600000"),
    ],
)
def test_ticks_become_a_date_where_they_are_one(written: str, text: str) -> None:
    assert iso(written) == text


def test_what_was_not_expanded_is_left_out() -> None:
    assert plain(
        {"a": 1, "b": {"__deferred": {}}, "__metadata": {}, "c": {"results": [{"__metadata": 1}]}}
    ) == {"a": 1, "c": [{}]}


@pytest.mark.parametrize("version", ["4", "2"])
@pytest.mark.parametrize(("skips", "counts", "complete"), [
    (False, True, True), (False, False, True), (True, True, True), (True, False, False),
])  # fmt: skip
def test_next_links_that_count_delete_nothing_without_a_total(
    service: Items,
    open_source: OpenSource,
    version: str,
    *,
    skips: bool,
    counts: bool,
    complete: bool,
) -> None:
    service.version, service.skips, service.counts = version, skips, counts
    service.records = items(45)
    batches = list(open_source().read(""))
    assert len(batches) == 3
    assert len(keys(batches)) == 45
    assert batches[-1].complete is complete


@pytest.mark.parametrize(
    ("version", "options", "condition"),
    [
        ("4", {}, "changed ge 2026-01-01T10:55:00Z"),
        ("4", {"type": "Date"}, "changed ge 2026-01-01"),
        ("2", {}, "changed ge datetime'2026-01-01T10:55:00'"),
        ("2", {"time_zone": "Europe/Rome"}, "changed ge datetime'2026-01-01T11:55:00'"),
        ("2", {"type": "DateTimeOffset"}, "changed ge datetimeoffset'2026-01-01T10:55:00Z'"),
    ],
)
def test_second_run_asks_for_what_changed(
    peer: Peer,
    service: Items,
    open_source: OpenSource,
    version: str,
    options: dict[str, Any],
    condition: str,
) -> None:
    service.version = version
    service.records = items(30, changed="2026-01-01T10:00:00Z")
    service.records[4]["changed"] = "2026-01-01T11:00:00Z"
    changes = CHANGED | options
    first = list(open_source(changes=changes).read(""))
    assert first[-1].complete
    second = list(open_source(changes=changes, filter="price gt 1").read(first[-1].cursor))
    assert lists(peer)[-1]["$filter"].replace("(price gt 1) and ", "") == condition
    assert not any(batch.whole for batch in second)


def test_only_what_changed_is_read_by_the_second_run(
    service: Items, open_source: OpenSource
) -> None:
    service.records = items(30, changed="2026-01-01T10:00:00Z")
    service.records[4]["changed"] = "2026-01-01T11:00:00Z"
    cursor = list(open_source(changes=CHANGED).read(""))[-1].cursor
    second = list(open_source(changes=CHANGED).read(cursor))
    assert keys(second) == ["A005"]
    assert second[-1].cursor == cursor


def test_change_number_is_asked_for_as_a_number(peer: Peer, open_source: OpenSource) -> None:
    peer.answer = lambda _: JSONResponse({"value": [{"sku": "A", "row": 41}]})
    options = {
        "key": ["sku"],
        "columns": ["row"],
        "count": False,
        "changes": {"property": "row", "type": "number"},
    }
    cursor = list(open_source(**options).read(""))[-1].cursor
    list(open_source(**options).read(cursor))
    assert lists(peer)[-1]["$filter"] == "row ge 41"
    with pytest.raises(Rejected):
        open_source(**options).cursor_at(datetime(2026, 1, 1, tzinfo=UTC), cursor)


@pytest.mark.parametrize("version", ["4", "2"])
def test_keys_of_several_properties_are_asked_for(
    peer: Peer, service: Items, open_source: OpenSource, version: str
) -> None:
    service.version = version
    service.key = {"sku": "Edm.String", "place": "Edm.Int64"}
    service.records = [{**each, "place": 3} for each in items(2)]
    service.records[0]["sku"] = "it's/a|b%2F"
    found = list(open_source().read_keys(["it's/a\\|b%2F|3", "A002|3", "A002|4"]))
    assert keys(found) == ["it's/a|b%2F", "A002"]
    raw = [asked.request.scope["raw_path"] for asked in peer.asked if "(" in asked.path]
    number = b"3L" if version == "2" else b"3"
    assert raw[0] == b"/Items(sku='it%27%27s%2Fa%7Cb%252F',place=" + number + b")"


def test_key_of_another_type_is_refused_before_it_is_asked_for(
    peer: Peer, service: Items, open_source: OpenSource
) -> None:
    service.key = {"sku": "Edm.Int32"}
    with pytest.raises(Rejected) as caught:
        list(open_source().read_keys(["1) or (1 eq 1"]))
    assert caught.value.code == "SA-2115"
    assert peer.questions == ["/$metadata"]


@given(st.lists(st.text(max_size=8), min_size=1, max_size=3))
def test_key_in_an_address_is_read_back(parts: list[str]) -> None:
    names = [f"k{place}" for place in range(len(parts))]
    try:
        predicate = key_predicate(names, parts, ["Edm.String"] * len(parts), "4")
    except UnicodeEncodeError:
        return
    for root in ("Items", "https://erp.example/odata/Items", "companies('a/b')/items"):
        assert parsed_predicate(root + predicate, names) == tuple(parts)


@pytest.mark.parametrize(
    ("address", "names", "parts"),
    [
        ("Items(12)", ["id"], ("12",)),
        ("Items(id=12,lot='x')", ["lot", "id"], ("x", "12")),
        ("Items(guid'ab-1')", ["id"], ("ab-1",)),
        ("https://x/Items/ab-1", ["id"], ("ab-1",)),
        ("Items(id=1)", ["id", "lot"], None),
        ("Items('a", ["id"], None),
        ("Items()", ["id"], None),
    ],
)
def test_key_is_found_in_the_address_of_an_entity(
    address: str, names: list[str], parts: tuple[str, ...] | None
) -> None:
    assert parsed_predicate(address, names) == parts


def test_literals_of_version_2_say_their_type() -> None:
    assert literal("7", "Edm.Decimal", "2") == "7M"
    assert literal("ab-1", "Edm.Guid", "2") == "guid'ab-1'"
    assert literal("ab-1", "Edm.Guid", "4") == "ab-1"


# Delta links


def test_delta_tells_what_changed_and_what_is_gone(
    peer: Peer, service: Items, open_source: OpenSource
) -> None:
    service.records = items(25)
    first = list(open_source(delta=True).read(""))
    assert first[-1].complete
    service.changes = [
        {**items(1)[0], "name": "changed"},
        {"@removed": {"reason": "deleted"}, "sku": "A002"},
        {"@odata.context": "#Items/$deletedEntity", "id": "Items('A003')", "reason": "deleted"},
        {"@odata.context": "#Items/$link", "source": "x", "target": "y"},
        {"@removed": {"reason": "deleted"}, "@id": f"{peer.url}/Items('A004')"},
    ]
    second = list(open_source(delta=True).read(first[-1].cursor))
    assert keys(second) == ["A001"]
    assert gone(second) == ["A002", "A003", "A004"]
    assert not any(batch.whole for batch in second)
    third = list(open_source(delta=True).read(second[-1].cursor))
    assert (keys(third), gone(third)) == ([], [])
    assert third[-1].cursor == second[-1].cursor


def test_entity_that_came_back_is_not_gone_and_one_that_went_last_is(
    service: Items, open_source: OpenSource
) -> None:
    service.records = items(2)
    cursor = list(open_source(delta=True).read(""))[-1].cursor
    one, two = items(2)
    service.changes = [
        {"@removed": {}, "sku": "A001"},
        one,
        {**two, "name": "changed"},
        {"@removed": {}, "sku": "A002"},
    ]
    changed = list(open_source(delta=True).read(cursor))
    assert "A001" in keys(changed)
    assert gone(changed) == ["A002"]


def test_entity_of_which_only_the_change_is_told_is_asked_for_whole(
    service: Items, open_source: OpenSource
) -> None:
    service.records = items(2)
    cursor = list(open_source(delta=True).read(""))[-1].cursor
    service.changes = [{"sku": "A002", "price": "1"}, {"sku": "A009", "price": "1"}]
    changed = list(open_source(delta=True).read(cursor))
    (row,) = [row for batch in changed for row in batch.rows]
    assert row[:2] == ("A002", "Vite 2")
    assert gone(changed) == ["A009"]


def test_delta_link_that_was_forgotten_means_a_full_pass(
    service: Items, open_source: OpenSource
) -> None:
    service.records, service.expired = items(3), True
    (batch,) = open_source(delta=True).read(json.dumps({"delta": "/Items?$deltatoken=7"}))
    assert batch.complete
    assert keys([batch]) == ["A001", "A002", "A003"]


def test_service_that_tracks_nothing_halts_a_flow_that_relies_on_it(
    service: Items, open_source: OpenSource
) -> None:
    service.records, service.tracks = items(3), False
    with pytest.raises(Misconfigured) as caught:
        list(open_source(delta=True).read(""))
    assert caught.value.code == "SA-2424"


def test_delta_link_to_another_server_is_not_followed(
    peer: Peer, service: Items, open_source: OpenSource
) -> None:
    service.records = items(3)
    with pytest.raises(Rejected) as caught:
        list(open_source(delta=True).read(json.dumps({"delta": "https://evil.example/x"})))
    assert caught.value.code == "SA-2402"
    assert peer.asked == []


# Odd services


def test_unknown_set_is_named_with_what_may_be_meant(open_source: OpenSource) -> None:
    with pytest.raises(Misconfigured, match="did you mean 'Items'") as caught:
        list(open_source(entity_set="Item").read(""))
    assert caught.value.code == "SA-2420"


@pytest.mark.parametrize("version", ["4", "2"])
def test_words_of_the_service_reach_the_person(
    service: Items, open_source: OpenSource, version: str
) -> None:
    service.version = version
    with pytest.raises(Misconfigured, match="no such resource"):
        list(open_source(entity_set="Nothing", key=["a"], columns=["b"]).read(""))


@pytest.mark.parametrize(
    "document",
    [
        b"<a",
        b"\xff\xfe<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"{}",
        b"<a>" * 200_000,
    ],
    ids=["cut off", "utf-16", "entities", "json", "deep"],
)
def test_metadata_that_cannot_be_read_is_waited_for(document: bytes) -> None:
    with pytest.raises(Unavailable) as caught:
        entity_type(document, "Items", "erp")
    assert caught.value.code == "SA-2421"


def test_set_without_a_key_wants_one_declared(service: Items, open_source: OpenSource) -> None:
    service.key = {}
    with pytest.raises(Misconfigured) as caught:
        list(open_source().read(""))
    assert caught.value.code == "SA-2423"


@pytest.mark.parametrize("version", ["4", "2"])
@pytest.mark.parametrize(
    "answer", [[], {}, {"d": 7}, {"value": {}}, {"d": {"results": {}}}, {"error": {"message": "x"}}]
)
def test_answer_without_entities_is_waited_out(
    peer: Peer, service: Items, open_source: OpenSource, version: str, answer: object
) -> None:
    service.version = version
    peer.answer = lambda _: JSONResponse(answer)
    with pytest.raises(Unavailable) as caught:
        list(open_source(key=["sku"], columns=["name"]).read(""))
    assert caught.value.code == "SA-2404"


def test_bare_list_of_early_version_2_is_read(
    peer: Peer, service: Items, open_source: OpenSource
) -> None:
    service.version = "2"

    def answer(_: Asked) -> Response:
        return JSONResponse({"d": [{"sku": "A", "name": "x"}]})

    peer.answer = answer
    assert keys(open_source(key=["sku"], columns=["name"]).read("")) == ["A"]


def test_check_reads_a_page_and_tells_of_it(service: Items, open_source: OpenSource) -> None:
    service.records, service.skips, service.counts = items(30), True, False
    found = {each.subject: each.detail for each in open_source().check()}
    assert found["Items"] == "20 entities on the first page"
    assert "not seen" in found["deletes"]


@pytest.mark.parametrize(
    "options",
    [
        {"delta": True, "changes": CHANGED},
        {"pages": "skip"},
        {"entity_set": "/Items"},
        {"entity_set": "Items?$filter=1"},
        {"changes": {"property": "x", "time_zone": "Rome"}},
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ODataOptions.model_validate({"entity_set": "Items", **options})
