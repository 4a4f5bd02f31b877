"""What every target keeps, whatever it writes to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from typing import Any, Protocol
from uuid import uuid4

import pytest
from pydantic import ValidationError

from agent.contract import AnyTarget, Kind, can
from agent.errors import SyncError, Unavailable
from agent.model import Message, Op, Receipt

AWKWARD = ['Tubo 1/2"', "Caffè; ristretto", "due\nrighe", "O'Brien", "€uro 😀", "a|b\\c", "\u2028"]


class Bench(Protocol):
    """The other side of one kind of target. It takes products of at least `sku` and `name`."""

    kind: Kind
    connection: dict[str, Any]
    options: dict[str, Any]
    """As the configuration would give them."""

    def effects(self, key: str) -> list[tuple[Op, int]]:
        """What really happened to a key: operation and version, in order."""
        ...

    def held(self, key: str) -> Any:
        """The product it holds under this key, None for none."""
        ...

    def refuse(self, keys: Sequence[str]) -> None:
        """Refuse these keys from now on, and no others."""
        ...

    def fail_next(self) -> None:
        """Do nothing of the next batch, and say `not now`."""
        ...

    def lose_next_answer(self) -> None:
        """Do the next batch, and let its answer get lost."""
        ...


class Sender:
    """Makes messages whose ids and keys occur in no other test."""

    def __init__(self) -> None:
        self.mark = uuid4().hex[:12]
        self.version = 0

    def key(self, name: str) -> str:
        return f"{self.mark}/{name}"

    def message(self, name: str, text: str = "Vite", op: Op = Op.UPSERT) -> Message:
        self.version += 1
        body = json.dumps(self.data(name, text), ensure_ascii=False).encode()
        return Message(
            id=f"{self.mark}-{self.version}",
            version=self.version,
            flow="products",
            entity="product",
            key=self.key(name),
            op=op,
            body=b"" if op is Op.DELETE else body,
        )

    def data(self, name: str, text: str) -> dict[str, Any]:
        return {"sku": name, "name": text, "weight": "0.1250", "categories": ["VIT", text]}


def accepted(receipts: Sequence[Receipt]) -> set[str]:
    return {receipt.message_id for receipt in receipts if receipt.accepted}


class TargetSuite:
    """Inherit, and give a fixture `bench`."""

    @pytest.fixture
    def bench(self) -> Bench:
        raise NotImplementedError

    @pytest.fixture
    def sender(self) -> Sender:
        return Sender()

    @pytest.fixture
    def target(self, bench: Bench) -> Iterator[AnyTarget]:
        assert bench.kind.target
        connection = bench.kind.connection.model_validate(bench.connection)
        options = bench.kind.target_options.model_validate(bench.options)
        target = bench.kind.target(connection, options)
        yield target
        target.close()

    def test_every_message_gets_one_receipt(self, target: AnyTarget, sender: Sender) -> None:
        messages = [sender.message(str(number)) for number in range(target.batch_size)]
        receipts = list(target.deliver(messages))
        assert len(receipts) == len(messages)
        assert accepted(receipts) == {message.id for message in messages}

    def test_data_arrives_unchanged(self, bench: Bench, target: AnyTarget, sender: Sender) -> None:
        messages = [sender.message(text, text) for text in AWKWARD]
        assert len(accepted(list(target.deliver(messages)))) == len(AWKWARD)
        for text in AWKWARD:
            assert bench.held(sender.key(text)) == sender.data(text, text)

    def test_delete_removes_the_record(
        self, bench: Bench, target: AnyTarget, sender: Sender
    ) -> None:
        list(target.deliver([sender.message("gone"), sender.message("stays")]))
        assert accepted(list(target.deliver([sender.message("gone", op=Op.DELETE)])))
        assert bench.held(sender.key("gone")) is None
        assert bench.held(sender.key("stays")) is not None

    def test_message_sent_twice_takes_effect_once(
        self, bench: Bench, target: AnyTarget, sender: Sender
    ) -> None:
        message = sender.message("1")
        for _ in range(2):
            assert accepted(list(target.deliver([message]))) == {message.id}
        assert bench.effects(message.key) == [(Op.UPSERT, message.version)]

    def test_older_version_counts_as_accepted_and_changes_nothing(
        self, bench: Bench, target: AnyTarget, sender: Sender
    ) -> None:
        old, new = sender.message("1", "alt"), sender.message("1", "neu")
        list(target.deliver([new]))
        assert accepted(list(target.deliver([old]))) == {old.id}
        assert bench.held(new.key)["name"] == "neu"
        assert bench.effects(new.key) == [(Op.UPSERT, new.version)]

    def test_deleted_record_is_not_brought_back_by_an_older_version(
        self, bench: Bench, target: AnyTarget, sender: Sender
    ) -> None:
        old = sender.message("1")
        list(target.deliver([sender.message("1", op=Op.DELETE)]))
        assert accepted(list(target.deliver([old]))) == {old.id}
        assert bench.held(old.key) is None

    def test_refused_message_says_why_and_the_others_pass(
        self, bench: Bench, target: AnyTarget, sender: Sender
    ) -> None:
        messages = [sender.message(name) for name in ("1", "bad", "3")]
        bench.refuse([messages[1].key])
        receipts = list(target.deliver(messages))
        assert accepted(receipts) == {messages[0].id, messages[2].id}
        (refusal,) = [receipt for receipt in receipts if not receipt.accepted]
        assert refusal.message_id == messages[1].id
        assert refusal.reason
        assert bench.held(messages[1].key) is None

    def test_refused_message_is_taken_once_the_cause_is_gone(
        self, bench: Bench, target: AnyTarget, sender: Sender
    ) -> None:
        message = sender.message("1")
        bench.refuse([message.key])
        assert not accepted(list(target.deliver([message])))
        bench.refuse([])
        assert accepted(list(target.deliver([message]))) == {message.id}
        assert bench.effects(message.key) == [(Op.UPSERT, message.version)]

    def test_outage_is_unavailable_and_nothing_is_done(
        self, bench: Bench, target: AnyTarget, sender: Sender
    ) -> None:
        message = sender.message("1")
        bench.fail_next()
        with pytest.raises(Unavailable):
            list(target.deliver([message]))
        assert bench.effects(message.key) == []

    def test_lost_answer_and_a_second_attempt_make_one_effect(
        self, bench: Bench, target: AnyTarget, sender: Sender
    ) -> None:
        messages = [sender.message(str(number)) for number in range(5)]
        bench.lose_next_answer()
        with pytest.raises(Unavailable):
            list(target.deliver(messages))
        assert len(accepted(list(target.deliver(messages)))) == 5
        for message in messages:
            assert bench.effects(message.key) == [(Op.UPSERT, message.version)]

    def test_eight_threads_with_the_same_messages_make_one_effect_each(
        self, bench: Bench, target: AnyTarget, sender: Sender
    ) -> None:
        messages = [sender.message(str(number)) for number in range(50)]
        taken: list[set[str]] = []
        problems: list[SyncError] = []

        def send() -> None:
            for start in range(0, 50, 10):
                try:
                    taken.append(accepted(list(target.deliver(messages[start : start + 10]))))
                except SyncError as error:
                    problems.append(error)

        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []
        assert [len(each) for each in taken] == [10] * 40
        for message in messages:
            assert bench.effects(message.key) == [(Op.UPSERT, message.version)]

    def test_read_back_gives_what_was_taken_and_leaves_out_what_is_absent(
        self, target: AnyTarget, sender: Sender
    ) -> None:
        if not can(target, "read_back"):
            pytest.skip("this target cannot be read")
        list(target.deliver([sender.message("1"), sender.message("2")]))
        keys = [sender.key("1"), sender.key("never sent"), sender.key("2")]
        records = {record.key: record for record in target.read_back("product", keys)}
        assert sorted(records) == [sender.key("1"), sender.key("2")]
        assert records[sender.key("1")].data == sender.data("1", "Vite")
        assert list(target.read_back("product", [])) == []

    def test_check_finds_something_to_say(self, target: AnyTarget) -> None:
        assert list(target.check())

    def test_unknown_option_is_refused(self, bench: Bench) -> None:
        with pytest.raises(ValidationError):
            bench.kind.target_options.model_validate({**bench.options, "no such": "1"})
        with pytest.raises(ValidationError):
            bench.kind.connection.model_validate({**bench.connection, "no such": "1"})

    def test_every_option_is_described(self, bench: Bench) -> None:
        for options in (bench.kind.connection, bench.kind.target_options):
            for name, field in options.model_fields.items():
                assert field.description, f"{options.__name__}.{name}"
