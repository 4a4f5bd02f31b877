"""Orders into a SOAP service: each once, whatever becomes of the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from agent.contract import AnyTarget, Doubt
from agent.errors import Misconfigured, SyncError, Unavailable
from agent.model import Message, Op, Receipt
from connectors.soap import KIND
from tests.peers.soap import SoapServer

pytestmark = pytest.mark.xdist_group("soap")

ORDER: dict[str, Any] = {
    "number": "W-17",
    "customer": "C0042",
    "placed_at": "2026-11-22T23:30:00Z",
    "note": None,
    "lines": [
        {"line": 1, "sku": "VIT-1", "quantity": "10.250", "urgent": True},
        {"line": 2, "sku": "TAS <2>", "quantity": "3"},
    ],
}
PARAMETERS = {
    "order": {
        "reference": "{{ record.number }}",
        "customer": "{{ record.customer }}",
        "placed": "{{ record.placed_at }}",
        "note": "{{ record.note }}",
        "lines": {
            "Line": {
                "each": "{{ record.lines }}",
                "make": {
                    "sku": "{{ item.sku }}",
                    "quantity": "{{ item.quantity | decimal }}",
                    "urgent": "{{ item.urgent | default(none) }}",
                },
            }
        },
    }
}
CREATE: dict[str, Any] = {
    "operation": "CreateOrder",
    "parameters": PARAMETERS,
    "reference": "number",
}
LOOK_UP: dict[str, Any] = {
    "operation": "FindOrders",
    "parameters": {"reference": "{{ record.number }}"},
    "reference": "number",
}
UPDATE = {"operation": "ChangeOrder", "parameters": {"number": "{{ reference }}", **PARAMETERS}}
DELETE = {
    "operation": "CancelOrder",
    "parameters": {"number": "{{ reference }}"},
    "gone_faults": ["NotFound"],
}

Open = Callable[..., AnyTarget]


class Engine:
    """What the engine keeps and does: bindings, doubt, one attempt after the other."""

    def __init__(self) -> None:
        self.references: dict[str, str] = {}
        self.requests = 0

    def find(self, entity: str, keys: Sequence[str]) -> Mapping[str, str]:
        assert entity == "order"
        return {key: self.references[key] for key in keys if key in self.references}

    def request(self) -> None:
        self.requests += 1

    def pause(self, seconds: float) -> None:
        raise AssertionError(seconds)

    def settle(self, target: AnyTarget, message: Message) -> Receipt | None:
        """One attempt; a receipt, or none where nobody knows."""
        receipts: list[Receipt] = []
        with suppress(Unavailable):
            if message.doubtful and target.doubt is Doubt.ASK:
                receipts = list(target.look_up([message]))
            receipts = receipts or list(target.deliver([message]))
        return self._kept(message, receipts[0]) if receipts else None

    def _kept(self, message: Message, receipt: Receipt) -> Receipt:
        if receipt.accepted and receipt.reference:
            self.references[message.key] = receipt.reference
        return receipt


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def build(soap_server: SoapServer, tmp_path: Path, engine: Engine) -> Iterator[Open]:
    """Make a target: its options, and those of the connection under `connection`."""
    soap_server.empty_books()
    wsdl = soap_server.save_wsdl(tmp_path, "/orders")
    opened: list[AnyTarget] = []

    def make(connection: dict[str, Any] | None = None, **options: Any) -> AnyTarget:
        given = {"url": f"{soap_server.url}/orders", "wsdl": wsdl} | (connection or {})
        assert KIND.target
        target = KIND.target(
            KIND.connection.model_validate(given),
            KIND.target_options.model_validate(CREATE | options),
        )
        target.equip(engine, engine)
        opened.append(target)
        return target

    yield make
    for target in opened:
        target.close()


def message(
    version: int = 1, op: Op = Op.UPSERT, *, doubtful: bool = False, **record: Any
) -> Message:
    body = b"" if op is Op.DELETE else json.dumps(ORDER | record).encode()
    return Message(f"m-{version}", version, "orders", "order", "17", op, body, doubtful=doubtful)


def only(target: AnyTarget, message: Message) -> Receipt:
    (receipt,) = target.deliver([message])
    return receipt


def failure(target: AnyTarget, message: Message) -> SyncError:
    with pytest.raises(SyncError) as caught:
        list(target.deliver([message]))
    return caught.value


def documents(server: SoapServer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.books()["documents"]
    return found


def test_order_becomes_a_document_whose_number_is_told(
    soap_server: SoapServer, build: Open
) -> None:
    receipt = only(build(), message())
    assert (receipt.accepted, receipt.reference) == (True, "DOC-1")
    assert documents(soap_server) == [
        {
            "number": "DOC-1",
            "reference": "W-17",
            "customer": "C0042",
            "placed": "2026-11-22T23:30:00+00:00",
            "note": None,
            "lines": [["VIT-1", "10.25", True], ["TAS <2>", "3", None]],
        }
    ]
    (asked,) = soap_server.asked()
    assert "note" not in asked, "what has no value is left out"


def test_reference_may_be_put_together(build: Open) -> None:
    target = build(reference="{{ reply.series }}/{{ reply.number }}")
    assert only(target, message()).reference == "WEB/DOC-1"


@pytest.mark.parametrize(
    "look_up",
    [
        LOOK_UP,
        LOOK_UP | {"operation": "NumberOf", "reference": None, "gone_faults": ["NotFound"]},
    ],
    ids=["a list", "a fault for nothing"],
)
@pytest.mark.parametrize("update", [None, UPDATE], ids=["made once", "made and changed"])
def test_lost_answer_is_asked_for_and_never_makes_a_second_document(
    soap_server: SoapServer,
    build: Open,
    engine: Engine,
    look_up: dict[str, Any],
    update: dict[str, Any] | None,
) -> None:
    target = build(look_up=look_up, update=update)
    soap_server.lose_answers(1)
    assert engine.settle(target, message()) is None
    assert len(documents(soap_server)) == 1
    again = engine.settle(target, message(doubtful=True))
    assert again
    assert (again.accepted, again.reference) == (True, "DOC-1")
    assert len(documents(soap_server)) == 1


def test_order_that_never_arrived_is_written_after_the_question(
    soap_server: SoapServer, build: Open, engine: Engine
) -> None:
    target = build(look_up=LOOK_UP)
    soap_server.answer("half of it", status=500, content_type="text/plain")
    assert engine.settle(target, message()) is None
    assert documents(soap_server) == []
    receipt = engine.settle(target, message(doubtful=True))
    assert receipt
    assert receipt.reference == "DOC-1"
    assert len(documents(soap_server)) == 1


def test_every_answer_may_get_lost_and_there_is_one_document_with_the_last_state(
    soap_server: SoapServer, build: Open, engine: Engine
) -> None:
    """Answers to writes, to questions and to changes, in a row."""
    target = build(look_up=LOOK_UP, update=UPDATE)
    for version, customer in enumerate(("C1", "C2", "C3"), start=1):
        soap_server.lose_answers(2)
        attempts, receipt = 0, None
        while receipt is None:
            order = message(version, customer=customer, doubtful=attempts > 0)
            receipt = engine.settle(target, order)
            attempts += 1
        assert receipt.accepted
        assert attempts == 3
        assert [each["customer"] for each in documents(soap_server)] == [customer]


def test_delete_whose_answer_got_lost_is_done(
    soap_server: SoapServer, build: Open, engine: Engine
) -> None:
    by_key = LOOK_UP | {"parameters": {"reference": "W-{{ key }}"}}
    for look_up in (by_key, None):
        target = build(look_up=look_up, delete=DELETE, repeatable=look_up is None)
        assert engine.settle(target, message())
        soap_server.lose_answers(1)
        assert engine.settle(target, message(2, Op.DELETE)) is None
        receipt = engine.settle(target, message(2, Op.DELETE, doubtful=True))
        assert receipt
        assert receipt.accepted
        assert documents(soap_server) == []


def test_what_can_be_asked_about_decides_what_is_done_in_doubt(build: Open) -> None:
    assert build().doubt is Doubt.HOLD
    assert build().batch_size == 1, "a lost answer makes no other order doubtful"
    assert build(look_up=LOOK_UP).doubt is Doubt.ASK
    assert build(look_up=LOOK_UP, update=UPDATE).doubt is Doubt.SEND
    assert build(repeatable=True).doubt is Doubt.SEND


def test_always_asking_takes_over_what_a_person_wrote(
    soap_server: SoapServer, build: Open, engine: Engine
) -> None:
    assert only(build(), message()).reference == "DOC-1"
    target = build(look_up=LOOK_UP, ask="always")
    assert only(target, message()).reference == "DOC-1"
    assert only(target, message(2, number="W-18")).reference == "DOC-2"
    assert len(documents(soap_server)) == 2
    assert engine.requests == 1, "the gate is passed before each further call of a delivery"


def test_two_of_one_reference_are_a_matter_for_a_person(build: Open) -> None:
    for _ in range(2):
        assert only(build(), message()).accepted
    (receipt,) = build(look_up=LOOK_UP).look_up([message(doubtful=True)])
    assert (receipt.accepted, receipt.code) == (False, "SA-5010")
    assert "DOC-2" in receipt.reason
    refused = only(build(look_up=LOOK_UP, ask="always"), message())
    assert (refused.accepted, refused.code) == (False, "SA-5345")


def test_question_that_is_refused_leaves_a_doubt(soap_server: SoapServer, build: Open) -> None:
    look_up = LOOK_UP | {"operation": "NumberOf", "reference": None}
    (receipt,) = build(look_up=look_up).look_up([message(doubtful=True)])
    assert (receipt.accepted, receipt.code) == (False, "SA-5010")
    assert "no order W-17" in receipt.reason
    assert documents(soap_server) == []


def test_service_that_refuses_a_second_one_tells_that_it_is_there(
    soap_server: SoapServer, build: Open
) -> None:
    soap_server.empty_books(unique=True)
    assert only(build(), message()).accepted
    target = build(look_up=LOOK_UP, found_faults=["Duplicate"])
    assert only(target, message()).reference == "DOC-1"
    assert only(build(found_faults=["Duplicate"]), message()).accepted
    assert len(documents(soap_server)) == 1


def test_changed_order_is_changed_or_refused(
    soap_server: SoapServer, build: Open, engine: Engine
) -> None:
    assert engine.settle(build(), message())
    receipt = only(build(), message(2, customer="C2"))
    assert (receipt.accepted, receipt.code) == (False, "SA-5342")
    assert "DOC-1" in receipt.reason
    assert only(build(update=UPDATE), message(2, customer="C2")).reference == "DOC-1"
    assert [each["customer"] for each in documents(soap_server)] == ["C2"]
    asking = build(look_up=LOOK_UP, ask="always")
    assert only(asking, message(3)).code == "SA-5342", "found, and still not what it should be"


def test_record_known_by_our_key_is_sent_again_when_it_changed(
    soap_server: SoapServer, build: Open, engine: Engine
) -> None:
    parameters = {"key": "{{ key }}", "version": "{{ version }}", "data": "{{ record.customer }}"}
    target = build(operation="PutRecord", parameters=parameters, reference=None, repeatable=True)
    for version, customer in enumerate(("C1", "C2"), start=1):
        receipt = engine.settle(target, message(version, customer=customer))
        assert receipt
        assert receipt.reference == "17"
    assert soap_server.books()["records"]["17"] == {"version": 2, "data": "C2"}


def test_deletes_are_written_where_the_flow_says_how(
    soap_server: SoapServer, build: Open, engine: Engine
) -> None:
    assert engine.settle(build(), message())
    assert only(build(), message(2, Op.DELETE)).code == "SA-5343"
    assert only(build(delete=DELETE), message(2, Op.DELETE)).accepted
    assert documents(soap_server) == []
    assert only(build(delete=DELETE), message(2, Op.DELETE)).accepted, "it is gone already"


def test_order_waits_for_its_customer(soap_server: SoapServer, build: Open) -> None:
    number = "{{ record.customer | reference('order') }}"
    receipt = only(build(parameters={"order": {"customer": number}}), message())
    assert (receipt.waits, receipt.code) == (True, "SA-5006")
    assert soap_server.asked() == []


def test_fault_of_the_sender_refuses_the_order_in_the_services_words(build: Open) -> None:
    receipts = list(
        build(look_up=LOOK_UP).deliver([message(customer="NOBODY"), message(2, number="W-18")])
    )
    assert [receipt.accepted for receipt in receipts] == [False, True]
    assert receipts[0].code == "SA-5340"
    assert "no customer NOBODY" in receipts[0].reason


@pytest.mark.parametrize(
    ("connection", "options", "code", "untouched"),
    [
        ({}, {}, "SA-2506", False),
        ({"busy_faults": ["Locked"]}, {}, "SA-2506", True),
        ({"busy_faults": ["Locked"]}, {"refused_faults": ["Server"]}, "SA-2506", True),
        ({"login_faults": ["Locked"]}, {"refused_faults": ["Server"]}, "SA-2505", True),
        ({}, {"refused_faults": ["Server"]}, "SA-5340", None),
        ({}, {"refused_faults": ["Locked"]}, "SA-5340", None),
    ],
)
def test_faults_are_what_their_codes_say(
    build: Open,
    connection: dict[str, Any],
    options: dict[str, Any],
    code: str,
    untouched: bool | None,
) -> None:
    target = build(connection, **options)
    if untouched is None:
        assert only(target, message(customer="LOCKED")).code == code
        return
    error = failure(target, message(customer="LOCKED"))
    assert (error.code, error.untouched) == (code, untouched)
    assert "month-end closing" in error.reason


def test_fault_after_the_effect_makes_no_second_document(
    soap_server: SoapServer, build: Open, engine: Engine
) -> None:
    target = build(look_up=LOOK_UP)
    assert engine.settle(target, message(customer="HALF")) is None
    receipt = engine.settle(target, message(customer="HALF", doubtful=True))
    assert receipt
    assert receipt.reference == "DOC-1"
    assert len(documents(soap_server)) == 1


@pytest.mark.parametrize(
    "verdict",
    [
        {"error": "message"},
        {"accepted": "{{ reply.result == 'OK' }}", "error": "message"},
        {"accepted": "{{ reply.result == 'OK' }}"},
    ],
)
def test_refusal_without_a_fault_is_one(
    soap_server: SoapServer, build: Open, verdict: dict[str, str]
) -> None:
    target = build(operation="SubmitOrder", **verdict)
    receipt = only(target, message(customer="NOBODY"))
    assert (receipt.accepted, receipt.code) == (False, "SA-5340")
    assert "no customer NOBODY" in receipt.reason
    assert only(target, message()).reference == "DOC-1"
    assert len(documents(soap_server)) == 1


@pytest.mark.parametrize(
    ("record", "options"),
    [
        ({"customer": None}, {}),
        ({"note": "a\x00b"}, {}),
        ({"note": {"an": "object"}}, {}),
        ({}, {"parameters": {"order": "{{ record.number }}"}}),
        ({}, {"parameters": {"colour": "red"}}),
        ({}, {"parameters": {"order": {"colour": "red"}}}),
        ({}, {"parameters": {"order": {"reference": ["a", "b"], "customer": "C"}}}),
    ],
)
def test_order_that_does_not_fit_is_parked_and_nothing_is_sent(
    soap_server: SoapServer, build: Open, record: dict[str, Any], options: dict[str, Any]
) -> None:
    receipt = only(build(**options), message(**record))
    assert (receipt.accepted, receipt.code) == (False, "SA-5341")
    assert "CreateOrder" in receipt.reason
    assert soap_server.asked() == []


def test_answer_that_tells_nobody_whether_it_was_written_halts(
    soap_server: SoapServer, build: Open
) -> None:
    error = failure(build(accepted="{{ reply.status == 'OK' }}"), message())
    assert (type(error), error.code, error.untouched) == (Misconfigured, "SA-5344", False)
    assert len(documents(soap_server)) == 1


def test_service_that_is_away_leaves_the_order_untouched(build: Open) -> None:
    error = failure(build({"url": "http://127.0.0.1:9/"}), message())
    assert (type(error), error.untouched) == (Unavailable, True)


def test_answer_without_the_number_halts_and_the_question_finds_it(
    soap_server: SoapServer, build: Open
) -> None:
    error = failure(build(reference="document.number"), message())
    assert (type(error), error.code, error.untouched) == (Misconfigured, "SA-5344", False)
    (receipt,) = build(look_up=LOOK_UP).look_up([message(doubtful=True)])
    assert receipt.reference == "DOC-1"
    assert len(documents(soap_server)) == 1


@pytest.mark.parametrize(
    "options",
    [
        {"ask": "always"},
        {"parameters": "{{ record }}"},
        {"parameters": {"each": "{{ record.lines }}", "make": {"a": "b"}}},
        {"parameters": {"order": "{{ row.number }}"}},
    ],
)
def test_options_that_cannot_be_are_found_before_anything_runs(
    build: Open, options: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        build(**options)


def test_check_shows_the_operations_and_what_happens_in_doubt(build: Open) -> None:
    findings = {each.subject: each for each in build(look_up=LOOK_UP, delete=DELETE).check()}
    assert findings["operation"].detail.startswith("CreateOrder(order: ns0:Order)")
    assert "customer: xsd:string" in findings["ns0:Order"].detail
    assert "sku: xsd:string" in findings["ns0:Line"].detail
    assert findings["look_up"].detail.startswith("FindOrders(")
    assert "asked for first" in findings["after a lost answer"].detail
    held = {each.subject: each for each in build().check()}
    assert held["after a lost answer"].warning
    with pytest.raises(Misconfigured, match="SA-2502"):
        list(build(update=UPDATE | {"operation": "Change"}).check())
