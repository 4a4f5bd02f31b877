"""One batch against the published fake: who is taken, who is refused, who is not known."""

from collections.abc import Callable, Iterator, Sequence
from math import ceil, log2

import pytest
from msgspec.structs import replace

from agent.contract import Doubt, NoOptions
from agent.delivery.sending import DoorClosed, Outcome, send
from agent.errors import Misconfigured, Rejected, Unavailable
from agent.model import Message, Op, Receipt
from connectors.memory import (
    RECEIVERS,
    MemoryTarget,
    Receiver,
    TargetOptions,
    breaks_after,
    doubled,
    fails,
    honest,
    loses_answer,
    reordered,
    silent,
)

NAME = "test_sending"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    RECEIVERS[NAME] = Receiver()
    yield RECEIVERS[NAME]
    del RECEIVERS[NAME]


def batch(size: int, *, attempts: int = 0) -> list[Message]:
    return [
        Message(f"s-{n}", n, "flow", "product", f"K{n}", Op.UPSERT, b"{}", attempts)
        for n in range(1, size + 1)
    ]


def sent(
    messages: Sequence[Message],
    *,
    doubt: Doubt = Doubt.SEND,
    gate: Callable[[], None] = lambda: None,
) -> Outcome:
    target = MemoryTarget(NoOptions(), TargetOptions(receiver=NAME, doubt=doubt))
    return send(target, messages, gate, lambda _message, _reference: None)


def crashes_on(*keys: str) -> Callable[[Receiver, Sequence[Message]], list[Receipt]]:
    def behaviour(receiver: Receiver, messages: Sequence[Message]) -> list[Receipt]:
        if {message.key for message in messages} & set(keys):
            raise KeyError("price")
        return honest(receiver, messages)

    return behaviour


@pytest.mark.parametrize("behaviour", [honest, reordered, doubled])
def test_receipts_are_matched_by_id(
    receiver: Receiver,
    behaviour: Callable[[Receiver, Sequence[Message]], list[Receipt]],
) -> None:
    receiver.script.append(behaviour)
    messages = batch(10)
    outcome = sent(messages)
    assert outcome.accepted == {
        message.id: Receipt(message.id, accepted=True, reference=f"product/{message.key}")
        for message in messages
    }
    assert not outcome.rejected
    assert not outcome.error


def test_a_message_without_a_receipt_is_not_known(receiver: Receiver) -> None:
    receiver.script.append(silent)
    messages = batch(3)
    outcome = sent(messages)
    assert outcome.unsettled(messages) == messages
    assert not outcome.error
    assert not outcome.answered


def test_receipts_before_an_error_stand(receiver: Receiver) -> None:
    error = Unavailable("SA-5901", "connection reset")
    receiver.script.append(breaks_after(4, error))
    messages = batch(10)
    outcome = sent(messages)
    assert list(outcome.accepted) == [message.id for message in messages[:4]]
    assert outcome.unsettled(messages) == messages[4:]
    assert outcome.error is error


def test_a_single_refusal_concerns_its_message_only(receiver: Receiver) -> None:
    receiver.refuses["K2"] = "unknown tax class"
    outcome = sent(batch(3))
    assert list(outcome.accepted) == ["s-1", "s-3"]
    assert outcome.rejected["s-2"].reason == "unknown tax class"


def test_a_refusal_without_words_gets_some(receiver: Receiver) -> None:
    receiver.script.append(lambda _, messages: [Receipt(m.id, accepted=False) for m in messages])
    outcome = sent(batch(1))
    assert outcome.rejected["s-1"].code == "SA-5002"
    assert outcome.rejected["s-1"].reason


@pytest.mark.parametrize("place", [1, 2, 50, 51, 99, 100])
def test_one_poison_in_a_hundred_is_found_in_few_requests(receiver: Receiver, place: int) -> None:
    receiver.poison = {f"K{place}"}
    outcome = sent(batch(100))
    assert list(outcome.rejected) == [f"s-{place}"]
    assert outcome.rejected[f"s-{place}"].code == "SA-2093"
    assert len(outcome.accepted) == 99
    assert len(receiver.requests) - 1 <= 2 * ceil(log2(100))


def test_halves_carry_the_same_ids_and_bytes(receiver: Receiver) -> None:
    receiver.poison = {"K7"}
    messages = batch(20)
    sent(messages)
    for request in receiver.requests:
        assert set(request) <= set(messages)


def test_everything_refused_as_a_whole_ends_parked_one_by_one(receiver: Receiver) -> None:
    receiver.poison = {f"K{n}" for n in range(1, 17)}
    outcome = sent(batch(16))
    assert len(outcome.rejected) == 16
    assert len(receiver.requests) == 2 * 16 - 1


def test_only_what_has_no_receipt_is_halved(receiver: Receiver) -> None:
    receiver.script.append(breaks_after(6, Rejected("SA-5902", "the rest is refused")))
    outcome = sent(batch(10))
    assert len(outcome.accepted) == 10
    assert [len(request) for request in receiver.requests] == [10, 2, 2]


def test_an_outage_during_the_search_keeps_what_is_already_known(receiver: Receiver) -> None:
    refusal, outage = Rejected("SA-5902", "no"), Unavailable("SA-5901", "gone")
    receiver.script.extend([fails(refusal), honest, fails(outage)])
    messages = batch(8)
    outcome = sent(messages)
    assert outcome.unsettled(messages) == messages[4:]
    assert outcome.error is outage


def test_a_wrong_password_is_shown_once(receiver: Receiver) -> None:
    error = Misconfigured("SA-5903", "401")
    receiver.script.append(fails(error))
    outcome = sent(batch(50))
    assert outcome.error is error
    assert len(receiver.requests) == 1


def test_a_connector_that_crashes_counts_as_an_outage_at_first(receiver: Receiver) -> None:
    receiver.script.append(crashes_on("K3"))
    messages = batch(10)
    outcome = sent(messages)
    assert outcome.unsettled(messages) == messages
    assert isinstance(outcome.error, Unavailable)
    assert outcome.error.code == "SA-5003"
    assert len(receiver.requests) == 1


def test_the_message_that_crashes_the_connector_again_and_again_is_found(
    receiver: Receiver,
) -> None:
    receiver.script.extend([crashes_on("K73")] * 100)
    outcome = sent(batch(100, attempts=2))
    assert list(outcome.rejected) == ["s-73"]
    assert outcome.rejected["s-73"].code == "SA-5004"
    assert "KeyError" in outcome.rejected["s-73"].reason
    assert len(outcome.accepted) == 99
    assert len(receiver.requests) - 1 <= 2 * ceil(log2(100))


def test_nothing_is_blamed_while_nothing_goes_through(receiver: Receiver) -> None:
    messages = batch(100, attempts=2)
    receiver.script.extend([crashes_on(*(message.key for message in messages))] * 1000)
    outcome = sent(messages)
    assert outcome.unsettled(messages) == messages
    assert len(receiver.requests) <= 2 * ceil(log2(100)) + 1, "and the search gives up"


def test_an_error_of_the_operating_system_is_an_outage_however_often_it_comes(
    receiver: Receiver,
) -> None:
    def reset(*_: object) -> list[Receipt]:
        raise ConnectionResetError(104, "Connection reset by peer")

    receiver.script.append(reset)
    messages = batch(100, attempts=9)
    outcome = sent(messages)
    assert outcome.unsettled(messages) == messages
    assert len(receiver.requests) == 1


def test_what_may_have_been_sent_before_is_asked_for_and_not_sent_again(
    receiver: Receiver,
) -> None:
    first = batch(4)
    receiver.script.append(loses_answer(Unavailable("SA-5901", "timed out")))
    sent(first, doubt=Doubt.ASK)
    again = [replace(message, attempts=1, doubtful=True) for message in first]
    new = Message("s-5", 5, "flow", "product", "K5", Op.UPSERT, b"{}")
    outcome = sent([*again, new], doubt=Doubt.ASK)
    assert set(outcome.accepted) == {"s-1", "s-2", "s-3", "s-4", "s-5"}
    assert receiver.requests[1:] == [(new,)]


def test_halves_are_asked_for_where_the_target_cannot_take_a_message_twice(
    receiver: Receiver,
) -> None:
    receiver.script.append(loses_answer(Rejected("SA-5902", "refused, although written")))
    outcome = sent(batch(8), doubt=Doubt.ASK)
    assert len(outcome.accepted) == 8
    assert len(receiver.requests) == 1
    assert len(receiver.effects) == 8


def test_a_door_that_closes_during_the_search_ends_it(receiver: Receiver) -> None:
    passes = iter([None, None, None])

    def gate() -> None:
        try:
            next(passes)
        except StopIteration:
            raise DoorClosed from None

    receiver.poison = {"K8"}
    messages = batch(8)
    outcome = sent(messages, gate=gate)
    assert outcome.interrupted
    assert list(outcome.accepted) == ["s-1", "s-2", "s-3", "s-4"]
    assert outcome.unsettled(messages) == messages[4:]
