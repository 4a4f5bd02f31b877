"""Records written by templates: made once whatever gets lost, changed, confirmed, taken away."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response

from agent.contract import Doubt
from agent.errors import Misconfigured, SyncError, Unavailable
from agent.model import Receipt
from connectors._rest.target import RestTarget
from tests.peers.http_server import Peer
from tests.rest.counter import Ledger, answers, lost, not_now
from tests.rest.targets import (
    CONFIRM,
    CREATE,
    LOOK_UP,
    UPDATE,
    Counting,
    Known,
    OpenTarget,
    gone,
    order,
)


def only(target: RestTarget, *messages: Any) -> Receipt:
    (receipt,) = target.deliver(messages)
    return receipt


def states(ledger: Ledger) -> list[tuple[str, str]]:
    return [(row["code"], row["state"]) for row in ledger.rows.values()]


def test_the_other_sides_number_comes_back(open_target: OpenTarget, ledger: Ledger) -> None:
    receipt = only(open_target(), order("W1"))
    assert (receipt.accepted, receipt.reference) == (True, "101")
    assert states(ledger) == [("W1", "draft")]


def test_numbers_are_written_digit_by_digit(open_target: OpenTarget, ledger: Ledger) -> None:
    target = open_target()
    totals = ["12345678901234567890.12", "0.07", "-7", "1000000"]
    list(target.deliver([order(f"W{number}", total=each) for number, each in enumerate(totals)]))
    assert [body.partition(b'"total":')[2] for body in ledger.bodies] == [
        f"{total}}}".encode() for total in totals
    ]


# Lost answers


def test_order_whose_answer_was_lost_is_found_and_not_made_again(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    target = open_target(look_up=[LOOK_UP])
    assert target.doubt is Doubt.ASK
    ledger.script.append(lost)
    with pytest.raises(Unavailable) as caught:
        only(target, order("W1"))
    assert not caught.value.untouched
    asked = [order("W1", doubtful=True), order("W2", doubtful=True)]
    (receipt,) = target.look_up(asked)
    assert receipt == Receipt("id-W1-1", accepted=True, reference="101")
    only(target, asked[1])
    assert states(ledger) == [("W1", "draft"), ("W2", "draft")]


def test_order_whose_confirmation_is_wanting_is_found_and_confirmed(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    target = open_target(look_up=[LOOK_UP], steps=[CONFIRM])
    assert target.doubt is Doubt.SEND, "it asks by itself, for being found is not all"
    ledger.script.extend([lambda done: done(), not_now])
    with pytest.raises(Unavailable):
        only(target, order("W1"))
    assert states(ledger) == [("W1", "draft")]
    assert only(target, order("W1", doubtful=True)).reference == "101"
    assert states(ledger) == [("W1", "confirmed")]


def test_confirmation_whose_answer_was_lost_is_not_repeated(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    target = open_target(look_up=[LOOK_UP], steps=[CONFIRM])
    ledger.script.extend([lambda done: done(), lost])
    with pytest.raises(Unavailable):
        only(target, order("W1"))
    receipt = only(target, order("W1", doubtful=True))
    assert (receipt.accepted, receipt.reference) == (True, "101")
    assert states(ledger) == [("W1", "confirmed")]
    assert len(ledger.bodies) == 2


def test_step_that_the_server_calls_done_is_done(open_target: OpenTarget, ledger: Ledger) -> None:
    always = {"path": CONFIRM["path"]}
    target = open_target(look_up=[LOOK_UP], steps=[always], errors={"confirmed before": "found"})
    for _ in range(2):
        assert only(target, order("W1", doubtful=True)).accepted
    assert states(ledger) == [("W1", "confirmed")]


def test_step_that_was_refused_makes_no_second_order_when_a_person_retries(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    target = open_target(look_up=[LOOK_UP], steps=[CONFIRM])
    ledger.script.extend([lambda done: done(), answers(422, {"message": "credit limit"})])
    refused = only(target, order("W1"))
    assert (refused.accepted, refused.code) == (False, "SA-5330")
    assert "credit limit" in refused.reason
    assert only(target, order("W1")).accepted
    assert states(ledger) == [("W1", "confirmed")]


def test_update_whose_answer_was_lost_is_sent_again(
    open_target: OpenTarget, ledger: Ledger, known: Known
) -> None:
    target = open_target(look_up=[LOOK_UP], update=UPDATE)
    known["order", "W1"] = only(target, order("W1")).reference
    ledger.script.append(lost)
    with pytest.raises(Unavailable):
        only(target, order("W1", version=2, total="9.50"))
    again = order("W1", version=2, doubtful=True, total="9.50")
    assert only(target, again).reference == "101"
    assert [row["total"] for row in ledger.rows.values()] == [9.5]


def test_product_made_with_a_lost_answer_is_found_and_brought_up_to_date(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    target = open_target(look_up=[LOOK_UP], update=UPDATE)
    ledger.script.append(lost)
    with pytest.raises(Unavailable):
        only(target, order("W1", total="1"))
    assert only(target, order("W1", version=2, doubtful=True, total="2")).reference == "101"
    assert [row["total"] for row in ledger.rows.values()] == [2]


@pytest.mark.parametrize(
    ("options", "doubt"),
    [
        ({}, Doubt.HOLD),
        ({"look_up": [LOOK_UP]}, Doubt.ASK),
        ({"look_up": [LOOK_UP], "update": UPDATE}, Doubt.SEND),
        ({"repeatable": True}, Doubt.SEND),
        ({"create": None, "update": UPDATE, "look_up": [LOOK_UP]}, Doubt.SEND),
    ],
)
def test_what_happens_after_a_lost_answer_follows_from_what_the_flow_says(
    open_target: OpenTarget, options: dict[str, Any], doubt: Doubt
) -> None:
    target = open_target(**options)
    assert target.doubt is doubt
    assert target.batch_size == (1 if doubt is Doubt.HOLD else 20), "none doubtful for another"
    warned = [finding.subject for finding in target.check() if finding.warning]
    assert bool(warned) is (doubt is Doubt.HOLD)


# Looking up


def test_two_that_match_are_a_persons_affair(open_target: OpenTarget, ledger: Ledger) -> None:
    for _ in range(2):
        only(open_target(), order("W1"))
    receipt = only(open_target(look_up=[LOOK_UP], ask="always"), order("W1"))
    assert receipt.code == "SA-5332"
    assert "101, 102" in receipt.reason
    assert len(ledger.rows) == 2


def test_questions_are_asked_in_order_and_what_fits_only_roughly_does_not_count(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    ledger.rows = {
        7: {"id": 7, "code": "OLD", "note": "W1x", "state": "draft"},
        8: {"id": 8, "code": "OLD", "note": "W1", "state": "draft"},
    }
    roughly = LOOK_UP | {"query": {"code": "OLD"}, "where": "{{ reply.note == key }}"}
    target = open_target(look_up=[LOOK_UP, roughly], update=UPDATE, ask="always")
    assert only(target, order("W1", total="5")).reference == "8"
    assert ledger.rows[8]["total"] == 5
    assert "total" not in ledger.rows[7]


def test_record_that_was_there_before_is_changed_only_where_the_flow_says_how(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    ledger.rows = {7: {"id": 7, "code": "W1", "state": "draft"}}
    assert only(open_target(look_up=[LOOK_UP], ask="always"), order("W1")).reference == "7"
    assert ledger.rows[7] == {"id": 7, "code": "W1", "state": "draft"}


def test_new_version_of_what_cannot_be_changed_is_a_persons_affair(
    open_target: OpenTarget, known: Known, ledger: Ledger
) -> None:
    known["order", "W1"] = "101"
    receipt = only(open_target(look_up=[LOOK_UP]), order("W1", version=2))
    assert receipt.code == "SA-5331"
    assert ledger.bodies == []


def test_id_that_is_no_longer_there_is_looked_for_anew(
    open_target: OpenTarget, ledger: Ledger, known: Known
) -> None:
    ledger.rows = {7: {"id": 7, "code": "W1", "state": "draft"}}
    known["order", "W1"] = known["order", "W2"] = "99"
    target = open_target(look_up=[LOOK_UP], update=UPDATE)
    receipts = list(target.deliver([order("W1", total="5"), order("W2", total="6")]))
    assert [receipt.reference for receipt in receipts] == ["7", "8"], "one moved, one made again"
    assert [row["total"] for row in ledger.rows.values()] == [5, 6]


def test_what_the_server_says_is_there_already_is_found_and_changed(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    ledger.unique = True
    ledger.rows = {7: {"id": 7, "code": "W1", "state": "draft"}}
    target = open_target(look_up=[LOOK_UP], update=UPDATE, errors={"already EXISTS": "found"})
    assert only(target, order("W1", total="5")).reference == "7"
    assert ledger.rows[7]["total"] == 5


def test_server_that_says_so_and_has_nothing_is_quoted(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    ledger.script.append(answers(409, {"message": "duplicate W1"}))
    receipt = only(open_target(look_up=[LOOK_UP], update=UPDATE), order("W1"))
    assert (receipt.accepted, receipt.code) == (False, "SA-5330")
    assert "duplicate W1" in receipt.reason


def test_question_without_a_value_is_not_asked(
    open_target: OpenTarget, ledger: Ledger, counter: Peer
) -> None:
    by_vat = LOOK_UP | {"query": {"code": "{{ record.vat }}"}}
    only_business = LOOK_UP | {"when": "{{ record.vat | default('', true) != '' }}"}
    target = open_target(look_up=[by_vat, only_business], ask="always")
    list(target.deliver([order("W1", vat=None), order("W2", vat="")]))
    assert [asked.request.method for asked in counter.asked] == ["POST", "POST"]
    assert len(ledger.rows) == 2


@pytest.mark.parametrize(
    ("wrong", "found"),
    [({"query": {"code": "W0"}}, "but 7"), ({"item": "none"}, "but nothing")],
)
def test_look_up_that_does_not_find_what_was_just_made_halts_before_it_is_needed(
    open_target: OpenTarget, ledger: Ledger, wrong: dict[str, Any], found: str
) -> None:
    ledger.rows = {7: {"id": 7, "code": "W0", "none": None}}
    ledger.extra = {"none": []}
    target = open_target(look_up=[LOOK_UP | wrong])
    delivered = target.deliver([order("W1"), order("W2")])
    assert next(delivered).accepted, "what was made is known"
    with pytest.raises(Misconfigured, match=found) as caught:
        next(delivered)
    assert (caught.value.code, caught.value.untouched) == ("SA-5339", True)
    assert [row["code"] for row in ledger.rows.values()] == ["W0", "W1"]
    lagging = open_target(look_up=[LOOK_UP | wrong], prove=False)
    assert all(receipt.accepted for receipt in lagging.deliver([order("W3"), order("W4")]))


def test_look_up_is_proved_once(open_target: OpenTarget, counter: Peer) -> None:
    target = open_target(look_up=[LOOK_UP])
    list(target.deliver([order("W1"), order("W2")]))
    list(target.deliver([order("W3")]))
    assert [asked.request.method for asked in counter.asked] == ["POST", "GET", "POST", "POST"]


def test_answer_without_a_list_proves_nothing(open_target: OpenTarget, counter: Peer) -> None:
    with pytest.raises(Unavailable) as caught:
        only(open_target(look_up=[LOOK_UP | {"item": "rows"}], ask="always"), order("W1"))
    assert caught.value.code == "SA-5339"
    assert len(counter.asked) == 1


def test_record_that_has_to_be_there_first_is_waited_for(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    target = open_target(create=None, look_up=[LOOK_UP], update=UPDATE)
    receipt = only(target, order("W1"))
    assert (receipt.accepted, receipt.waits, receipt.code) == (False, True, "SA-5333")
    ledger.rows = {7: {"id": 7, "code": "W1", "state": "draft"}}
    assert only(target, order("W1")).reference == "7"


# What a record needs

ARTICLES = {
    "each": "{{ record.lines }}",
    "path": "/articles",
    "query": {"sku": "{{ item.sku }}"},
    "item": "items",
}
WITH_LINES = CREATE | {
    "body": {
        "code": "{{ key }}",
        "lines": {
            "each": "{{ record.lines }}",
            "make": {"article": "{{ found.articles[number - 1] | integer }}"},
        },
    }
}
LINES = [{"sku": "A"}, {"sku": "B"}]


def test_articles_of_an_order_are_found_one_by_one(
    open_target: OpenTarget, ledger: Ledger, gate: Counting
) -> None:
    ledger.articles = {"A": 31, "B": 32}
    target = open_target(create=WITH_LINES, find={"articles": ARTICLES})
    only(target, order("W1", lines=LINES))
    assert ledger.rows[101]["lines"] == [{"article": 31}, {"article": 32}]
    assert gate.passed == 2, "the engine passed it for the first of three"


@pytest.mark.parametrize(("missing", "code"), [("reject", "SA-5336"), ("wait", "SA-5333")])
def test_article_that_is_not_there_is_named(
    open_target: OpenTarget, ledger: Ledger, missing: str, code: str
) -> None:
    ledger.articles = {"A": 31}
    find = {"articles": ARTICLES | {"missing": missing}}
    receipt = only(open_target(create=WITH_LINES, find=find), order("W1", lines=LINES))
    assert (receipt.code, receipt.waits) == (code, missing == "wait")
    assert 'articles for {"sku":"B"}' in receipt.reason
    assert ledger.rows == {}


def test_order_waits_for_its_customers_number(
    open_target: OpenTarget, ledger: Ledger, known: Known
) -> None:
    body = {"code": "{{ key }}", "customer": "{{ record.customer | reference('customer') }}"}
    target = open_target(create=CREATE | {"body": body})
    assert only(target, order("W1", customer="C1")).waits
    known["customer", "C1"] = "31"
    assert only(target, order("W1", customer="C1")).accepted
    assert ledger.rows[101]["customer"] == "31"


# Answers


def test_too_many_requests_are_waited_out_and_nothing_was_touched(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    ledger.script.append(answers(429, {}, {"retry-after": "17"}))
    with pytest.raises(Unavailable) as caught:
        only(open_target(), order("W1"))
    assert (caught.value.retry_after, caught.value.untouched) == (17, True)


@pytest.mark.parametrize(
    ("at", "status", "untouched"),
    [
        ("/articles", 503, True),
        ("/orders", 403, True),
        ("/orders", 429, True),
        ("/orders", 408, False),
        ("/orders", 500, False),
    ],
)
def test_only_a_write_without_a_clear_answer_leaves_an_order_in_doubt(
    open_target: OpenTarget, counter: Peer, ledger: Ledger, at: str, status: int, untouched: bool
) -> None:
    ledger.articles = {"A": 31}
    fails = JSONResponse({}, status)
    counter.answer = lambda asked: fails if asked.path == at else ledger(asked)
    target = open_target(create=WITH_LINES, find={"articles": ARTICLES})
    with pytest.raises((Unavailable, Misconfigured)) as caught:
        only(target, order("W1", lines=LINES[:1]))
    assert caught.value.untouched is untouched


def test_limit_met_between_two_requests_of_one_order_leaves_it_touched(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    ledger.script.extend([lambda done: done(), answers(429, {})])
    with pytest.raises(Unavailable) as caught:
        only(open_target(look_up=[LOOK_UP], steps=[CONFIRM]), order("W1"))
    assert not caught.value.untouched


def test_allowance_that_is_used_up_stops_whoever_comes_next(
    open_target: OpenTarget, ledger: Ledger, gate: Counting
) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "40"}
    ledger.script.append(answers(201, {"order": {"id": 1}}, headers))
    assert only(open_target(), order("W1")).accepted
    assert gate.pauses == [40]


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"detail": "wrong"}, "SA-5330"),
        (422, {"upc": ["too long"]}, "SA-5330"),
        (409, {"message": "locked"}, "SA-5330"),
        (413, {}, "SA-5330"),
        (418, {}, "SA-5242"),
        (423, {}, "SA-5330"),
    ],
)
def test_refusal_parks_one_record_in_the_servers_words(
    open_target: OpenTarget, ledger: Ledger, status: int, body: Any, code: str
) -> None:
    ledger.script.extend([answers(status, body)])
    target = open_target(status={"423": "rejected"})
    first, second = target.deliver([order("W1"), order("W2")])
    assert (first.accepted, first.code) == (False, code)
    for words in body.values():
        assert (words if isinstance(words, str) else words[0]) in first.reason
    assert second.accepted


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (503, Unavailable, "SA-5211"),
        (500, Unavailable, "SA-5212"),
        (403, Misconfigured, "SA-5221"),
        (404, Misconfigured, "SA-5222"),
        (301, Misconfigured, "SA-5223"),
        (423, Unavailable, "SA-5338"),
        (451, Misconfigured, "SA-5338"),
    ],
)
def test_what_concerns_all_records_stops_the_delivery(
    open_target: OpenTarget, ledger: Ledger, status: int, error: type[SyncError], code: str
) -> None:
    ledger.script.append(answers(status))
    target = open_target(status={"423": "unavailable", "451": "misconfigured"})
    with pytest.raises(error) as caught:
        only(target, order("W1"))
    assert caught.value.code == code


def test_table_of_a_request_goes_before_that_of_the_flow(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    ledger.script.append(answers(500, {"order": {"id": 5}}))
    create = CREATE | {"status": {"500": "ok"}}
    receipt = only(open_target(create=create, status={"5xx": "rejected"}), order("W1"))
    assert receipt.reference == "5"


def test_success_that_tells_of_an_error_is_a_refusal(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    ledger.script.append(answers(200, {"error": ["UserError", ["no stock of A1"]]}))
    receipt = only(open_target(error="error"), order("W1"))
    assert (receipt.accepted, receipt.code) == (False, "SA-5330")
    assert "no stock of A1" in receipt.reason


def test_error_is_looked_for_in_all_places_and_through_lists(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    late = {"message": "x" * 500, "code": "BUSY"}
    ledger.script.extend(
        [
            answers(200, {"errors": [{"message": "no such article", "code": "INPUT"}]}),
            answers(200, {"data": {"done": {"code": "CREDIT", "message": "limit of credit"}}}),
            answers(200, {"errors": [late]}),
            answers(200, {"errors": [], "data": {"done": None}, "order": {"id": 7}}),
        ]
    )
    places = ["errors.message", "errors.code", "data.done.code", "data.done.message"]
    target = open_target(error=places, errors={"BUSY": "unavailable"})
    assert only(target, order("W1")).reason.endswith("answered 200: no such article, INPUT")
    assert only(target, order("W2")).reason.endswith("answered 200: CREDIT, limit of credit")
    with pytest.raises(Unavailable):
        only(target, order("W3"))
    assert only(target, order("W4")).reference == "7"


def test_page_of_a_portal_is_no_success(open_target: OpenTarget, counter: Peer) -> None:
    counter.answer = lambda _: HTMLResponse("<h1>Log in</h1>")
    with pytest.raises(Unavailable) as caught:
        only(open_target(create=CREATE | {"reference": None}), order("W1"))
    assert caught.value.code == "SA-5206"


def test_record_that_was_made_without_an_id_halts_before_there_are_two(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    with pytest.raises(Misconfigured) as caught:
        only(open_target(create=CREATE | {"reference": "order.number"}), order("W1"))
    assert (caught.value.code, caught.value.untouched) == ("SA-5334", False)
    assert len(ledger.rows) == 1


def test_value_stays_inside_its_place_in_the_address(
    open_target: OpenTarget, counter: Peer
) -> None:
    counter.answer = lambda _: Response(status_code=204)
    create = {"path": "/orders/{{ key }}", "query": {"a": "{{ key }}", "b": "{{ none }}"}}
    assert only(open_target(create=create), order("../7?x=1&y#z")).accepted
    (asked,) = counter.asked
    assert asked.request.scope["raw_path"] == b"/orders/..%2F7%3Fx%3D1%26y%23z"
    assert asked.query == {"a": "../7?x=1&y#z"}
    assert only(open_target(create=create), order("..")).code == "SA-5337"
    assert len(counter.asked) == 1


def test_form_is_written_as_browsers_do(open_target: OpenTarget, counter: Peer) -> None:
    body = {"code": "{{ key }}", "tag": ["a b", "ü"], "paid": "{{ true }}", "none": "{{ none }}"}
    counter.answer = lambda _: Response(status_code=204)
    only(open_target(create={"path": "/orders", "body": body, "format": "form"}), order("W&1"))
    (asked,) = counter.asked
    assert asked.body == b"code=W%261&tag=a+b&tag=%C3%BC&paid=true"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"


def test_key_may_have_a_word_before_it(
    open_target: OpenTarget, counter: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", "s3cret")
    key = {"header": "Authorization", "scheme": "Token", "value": "env:KEY"}
    only(open_target({"api_key": key}), order("W1"))
    assert counter.asked[0].headers["authorization"] == "Token s3cret"


# Deletes, reading back, options


def test_delete_takes_away_what_is_known_or_found(
    open_target: OpenTarget, ledger: Ledger, known: Known
) -> None:
    ledger.rows = {7: {"id": 7, "code": "W1"}, 8: {"id": 8, "code": "W2"}}
    known["order", "W1"] = "7"
    target = open_target(look_up=[LOOK_UP], delete={"path": "/orders/{{ reference }}"})
    receipts = list(target.deliver([gone("W1"), gone("W2"), gone("W3"), gone("W1")]))
    assert [receipt.accepted for receipt in receipts] == [True] * 4, "gone is gone"
    assert ledger.rows == {}


def test_delete_in_doubt_is_sent_again_whatever_is_found(
    open_target: OpenTarget, ledger: Ledger
) -> None:
    ledger.rows = {7: {"id": 7, "code": "W1"}}
    target = open_target(look_up=[LOOK_UP], delete={"path": "/orders/{{ reference }}"})
    assert target.doubt is Doubt.ASK
    assert list(target.look_up([gone("W1")])) == []
    assert only(target, gone("W1")).accepted
    assert ledger.rows == {}


def test_delete_that_the_flow_does_not_know_is_refused(open_target: OpenTarget) -> None:
    assert only(open_target(), gone("W1")).code == "SA-5331"


def test_record_is_read_back_in_the_words_of_its_entity(
    open_target: OpenTarget, ledger: Ledger, known: Known
) -> None:
    ledger.rows = {7: {"id": 7, "code": "W1", "total": 9.5, "state": "draft"}}
    known["order", "W1"], known["order", "W2"] = "7", "8"
    read = LOOK_UP | {"record": {"number": "{{ reply.code }}", "total": "{{ reply.total }}"}}
    read = {name: each for name, each in read.items() if name != "reference"}
    target = open_target(read=read | {"headers": {"x-id": "{{ reference }}"}})
    (record,) = target.read_back("order", ["W1", "W2", "W3"])
    assert (record.key, record.data) == ("W1", {"number": "W1", "total": "9.5"})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"create": None}, "nothing is written"),
        ({"ask": "always"}, "needs look_up"),
        ({"steps": [CONFIRM]}, "steps need look_up"),
        ({"create": CREATE | {"reference": None}, "update": UPDATE}, "update needs a reference"),
        ({"create": WITH_LINES}, "found.articles is asked for"),
        ({"status": {"4x": "found"}}, "is no status"),
        ({"create": CREATE | {"path": "orders"}}, "write a path like"),
        ({"create": CREATE | {"path": "/o/{{ row.X }}"}}, '"row" is unknown'),
        ({"find": {"reference": ARTICLES}}, "call it something else"),
    ],
)
def test_options_that_cannot_work_are_refused(
    open_target: OpenTarget, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        open_target(**options)


def test_body_of_a_request_is_json_of_the_template(open_target: OpenTarget, ledger: Ledger) -> None:
    params = [["create", [{"n": "{{ 1 }}", "text": "1", "none": "{{ none }}"}]], "{{ true }}"]
    create = CREATE | {"body": {"code": "{{ key }}", "params": params}}
    only(open_target(create=create), order("W1"))
    expected = [["create", [{"n": 1, "text": "1", "none": None}]], True]
    assert json.loads(ledger.bodies[0])["params"] == expected


def test_check_wants_an_answer_and_no_more(open_target: OpenTarget, counter: Peer) -> None:
    counter.answer = lambda asked: HTMLResponse("nothing here", 404 if asked.path == "/" else 500)
    found = [finding.detail for finding in open_target().check()]
    assert found[0] == "answers 404 to /"
    with pytest.raises(Unavailable):
        list(open_target(probe="/orders").check())
    counter.answer = lambda _: JSONResponse({"detail": "who are you?"}, 401)
    with pytest.raises(Misconfigured, match="who are you"):
        list(open_target().check())


def test_check_judges_an_error_that_comes_with_success(
    open_target: OpenTarget, counter: Peer
) -> None:
    counter.answer = lambda _: JSONResponse({"error": "FORBIDDEN: no such key"})
    with pytest.raises(Misconfigured, match="no such key"):
        list(open_target(error="error", errors={"FORBIDDEN": "misconfigured"}).check())
    counter.answer = lambda _: JSONResponse({"error": None})
    assert list(open_target(error="error").check())
