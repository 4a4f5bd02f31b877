"""Only what changed, what was deleted, and marks that let nothing slip past."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from agent.contract import Batch
from agent.errors import Misconfigured, Rejected
from connectors._rest.marks import ChangesOptions, Marks
from connectors._rest.options import RestOptions
from connectors._rest.paging import Page
from tests.peers.http_server import Asked, Peer
from tests.rest.articles import Articles, articles
from tests.rest.sources import OpenSource, keys

CHANGES = {"field": "changed", "parameters": {"since": "{since}"}}
LIST: dict[str, Any] = {
    "path": "/pages",
    "records": "data.items",
    "paging": {"kind": "page", "size_parameter": "size", "size": 10, "total": "meta.total"},
}
NOON = "Thu, 01 Jan 2026 12:00:00 GMT"


def at(clock: str) -> str:
    return f"2026-01-01T{clock}Z"


def read(open_source: OpenSource, cursor: str = "", **options: Any) -> list[Batch]:
    return list(open_source(**{**LIST, "changes": CHANGES, **options}).read(cursor))


def since(peer: Peer) -> str:
    return peer.asked[-1].query["since"]


def test_second_run_asks_for_what_changed_since_minus_the_overlap(
    peer: Peer, shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records = articles(5, changed=at("10:00:00"))
    first = read(open_source)
    assert first[-1].complete
    shelf.records[2]["changed"] = at("11:00:00")
    second = read(open_source, first[-1].cursor)
    assert since(peer) == at("09:55:00")
    assert not any(batch.whole or batch.complete for batch in second)
    third = read(open_source, second[-1].cursor)
    assert since(peer) == at("10:55:00")
    assert keys(third) == ["A003"]
    assert third[-1].cursor == second[-1].cursor


def test_change_made_while_the_list_is_read_is_not_lost(
    peer: Peer, shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records, shelf.date = articles(25, changed=at("10:00:00")), NOON

    def change() -> None:  # the first page was read; a later page brings a later stamp still
        shelf.records[0]["changed"] = at("13:00:00")
        shelf.records[-1]["changed"] = at("14:00:00")

    shelf.between = change
    by_cursor: dict[str, Any] = {
        "path": "/cursor",
        "paging": {"kind": "cursor", "next": "data.cursor", "size_parameter": "size", "size": 10},
    }
    cursor = read(open_source, **by_cursor)[-1].cursor
    assert "A001" in keys(read(open_source, cursor, **by_cursor))
    assert since(peer) == at("11:55:00")


@pytest.mark.parametrize("total", ["meta.total", ""])
def test_record_that_moves_behind_while_pages_are_counted_is_not_lost(
    shelf: Articles, open_source: OpenSource, total: str
) -> None:
    paging = LIST["paging"] | {"total": total}
    shelf.date = NOON
    shelf.records = [
        {**each, "changed": at(f"10:{place:02}:00")} for place, each in enumerate(articles(30))
    ]
    cursor = json.dumps({"field": "changed", "since": at("09:00:00")})
    moved = iter([True])

    def move() -> None:  # ordered by change: what is changed goes behind, and A011 slips past
        if next(moved, False):
            record = shelf.records.pop(0)
            shelf.records.append({**record, "changed": at("11:00:00")})

    shelf.between = move
    first = read(open_source, cursor, paging=paging)
    assert "A011" not in keys(first)
    assert "A011" in keys(read(open_source, first[-1].cursor, paging=paging))


def test_window_whose_total_moves_is_read_again(shelf: Articles, open_source: OpenSource) -> None:
    shelf.records = articles(25, changed=at("10:00:00"))
    cursor = read(open_source)[-1].cursor
    shelf.between = lambda: shelf.records.remove(shelf.records[0])
    assert read(open_source, cursor)[-1].cursor == cursor


def test_deleted_records_are_told_and_come_back_when_they_are_made_again(
    peer: Peer, shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records = articles(5, changed=at("10:00:00"))
    shelf.deleted = [{"id": "A002"}, {"id": "Z9"}]
    deleted = {
        "path": "/deleted",
        "records": "gone",
        "key": ["id"],
        "parameters": {"after": "{since}"},
        "paging": {"kind": "none"},
    }
    first = read(open_source, deleted=deleted)
    assert not any(batch.gone for batch in first)
    assert "/deleted" not in "".join(peer.questions)
    second = read(open_source, first[-1].cursor, deleted=deleted)
    assert peer.asked[-2].path == "/deleted"
    assert peer.asked[-2].query["after"] == at("09:55:00")
    assert [batch.gone for batch in second if batch.gone] == [("Z9",)]
    assert "A002" in keys(second)


def test_servers_clock_counts_where_records_have_no_stamp(
    peer: Peer, shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records, shelf.date = articles(3), NOON
    changes = {"parameters": {"since": "{since}"}, "overlap": "1h"}
    cursor = read(open_source, changes=changes)[-1].cursor
    read(open_source, cursor, changes=changes)
    assert since(peer) == at("11:00:00")


def test_search_can_have_another_body_for_changes(peer: Peer, open_source: OpenSource) -> None:
    bodies: list[Any] = []

    def answer(asked: Asked) -> Response:
        bodies.append(json.loads(asked.body))
        return JSONResponse([{"sku": "A", "name": "x", "price": 1, "n": 7}])

    peer.answer = answer
    options: dict[str, Any] = {
        "path": "/query/v1/suiteql",
        "method": "POST",
        "records": "",
        "headers": {"Prefer": "transient"},
        "body": '{"q": "SELECT * FROM item"}',
        "paging": {"kind": "none"},
        "changes": {
            "field": "n",
            "format": "number",
            "body": '{"q": "SELECT * FROM item WHERE n >= {since}"}',
        },
    }
    cursor = read(open_source, **options)[-1].cursor
    read(open_source, cursor, **options)
    assert bodies == [
        {"q": "SELECT * FROM item"},
        {"q": "SELECT * FROM item WHERE n >= 7"},
    ]
    assert peer.asked[0].headers["prefer"] == "transient"


def test_cursor_of_another_field_starts_over(shelf: Articles, open_source: OpenSource) -> None:
    shelf.records = articles(3)
    assert read(open_source, '{"field": "other", "since": "2026-01-01"}')[-1].complete
    assert read(open_source, "no cursor at all")[-1].complete


def test_stamp_that_is_none_halts_the_flow(shelf: Articles, open_source: OpenSource) -> None:
    shelf.records = articles(3, changed="yesterday")
    with pytest.raises(Misconfigured) as caught:
        read(open_source)
    assert caught.value.code == "SA-2411"


def test_cursor_of_a_moment(peer: Peer, shelf: Articles, open_source: OpenSource) -> None:
    shelf.records = articles(3)
    source = open_source(**LIST, changes=CHANGES)
    cursor = source.cursor_at(datetime(2025, 6, 1, 12, tzinfo=UTC), "")
    list(source.read(cursor))
    assert since(peer) == "2025-06-01T11:55:00Z"
    numbered = open_source(**LIST, changes={"field": "n", "format": "number"})
    with pytest.raises(Rejected):
        numbered.cursor_at(datetime(2025, 6, 1, tzinfo=UTC), "")


@pytest.mark.parametrize(
    ("options", "stamp", "asked"),
    [
        ({}, "2026-01-01T10:00:00.1234567Z", "2026-01-01T09:55:00Z"),
        ({}, "2026-01-01T12:00:00+02:00", "2026-01-01T09:55:00Z"),
        ({"time_zone": "Europe/Rome"}, "2026-07-01 10:00:00", "2026-07-01T09:55:00+02:00"),
        (
            {"time_zone": "Europe/Rome", "format": "%d/%m/%Y %H:%M"},
            "01/07/2026 10:00",
            "01/07/2026 09:55",
        ),
        ({"format": "%Y-%m-%d"}, "2026-01-02T10:00:00Z", "2026-01-02"),
        ({"format": "%Y-%m-%d"}, "2026-01-02", "2026-01-01"),
        ({"format": "unix"}, 1767261600, "1767261300"),
        ({"format": "unix"}, "1767261600", "1767261300"),
        ({"format": "unix_ms"}, 1767261600999, "1767261300000"),
        ({"format": "number"}, 41, "41"),
        ({"format": "number", "overlap": "10"}, "41", "31"),
    ],
)
def test_mark_is_read_and_written_as_the_server_has_it(
    options: dict[str, Any], stamp: object, asked: str
) -> None:
    changes = ChangesOptions.model_validate({"field": "at", **options})
    marks = Marks(changes, "")
    assert marks.since() == ""
    now = datetime(2030, 1, 1, tzinfo=UTC)
    marks.note(Page(1, [{"at": stamp}, {"at": None}, {}], False, now, None, False))
    assert Marks(changes, marks.cursor()).since() == asked


def test_numbers_in_disorder_are_sure_up_to_the_first_page_only() -> None:
    changes = ChangesOptions(field="n", format="number")
    for pages, counted, sure in [
        ([[1, 2], [3, 4]], False, "4"),
        ([[1, 2], [3, 4]], True, "2"),
        ([[4, 3], [2, 1]], True, "4"),
        ([[2, 3], [9, 1]], False, "3"),
    ]:
        marks = Marks(changes, "")
        for page in pages:
            marks.note(Page(1, [{"n": n} for n in page], False, None, None, counted))
        assert json.loads(marks.cursor())["number"] == sure


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"changes": {"time_zone": "Europe/Roma"}}, "unknown time zone"),
        ({"changes": {"time_zone": "/etc/passwd"}}, "unknown time zone"),
        ({"changes": {"format": "isoo"}}, "must be iso"),
        ({"deleted": {"path": "/x"}}, "deleted needs changes"),
        ({"body": "{}"}, "needs method: POST"),
        ({"parameters": {"after": "{since}"}}, "belongs under changes"),
        ({"item": "/articles/key"}, "write item like"),
        ({"method": "POST", "body": "{"}, "Expecting"),
        ({"path": "https://elsewhere.example"}, "write a path"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        RestOptions.model_validate({"path": "/a", "key": ["id"], "columns": [], **options})
