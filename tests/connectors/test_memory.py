"""The published fake keeps the contract, and its scripts do what they say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from agent.contract import Kind, NoOptions
from agent.errors import Rejected, Unavailable
from agent.model import Message, Op
from connectors import memory
from connectors.memory import KIND, Receiver, Table
from tests.contract.source_suite import COLUMNS, KEY, Row, SourceSuite


@dataclass
class MemoryBench:
    table: str
    kind: Kind = KIND
    connection: dict[str, Any] = field(default_factory=dict)

    @property
    def options(self) -> dict[str, Any]:
        return {"table": self.table, "key": list(KEY), "batch_size": "50"}

    def put(self, rows: Sequence[Row]) -> None:
        memory.TABLES[self.table].rows = list(rows)


class TestMemorySource(SourceSuite):
    @pytest.fixture
    def bench(self, request: pytest.FixtureRequest) -> Iterator[MemoryBench]:
        name = request.node.nodeid
        memory.TABLES[name] = Table(COLUMNS)
        yield MemoryBench(name)
        del memory.TABLES[name]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    memory.RECEIVERS["shop"] = Receiver()
    yield memory.RECEIVERS["shop"]
    del memory.RECEIVERS["shop"]


@pytest.fixture
def target() -> memory.MemoryTarget:
    return memory.MemoryTarget(NoOptions(), memory.TargetOptions(receiver="shop"))


def message(version: int, key: str = "A", op: Op = Op.UPSERT) -> Message:
    return Message(f"m-{version}", version, "flow", "product", key, op, b'{"v":%d}' % version)


def test_message_sent_twice_takes_effect_once(
    target: memory.MemoryTarget, receiver: Receiver
) -> None:
    for _ in range(2):
        assert [receipt.accepted for receipt in target.deliver([message(1)])] == [True]
    assert [effect.version for effect in receiver.effects] == [1]


def test_older_version_does_not_overwrite_a_newer_one(
    target: memory.MemoryTarget, receiver: Receiver
) -> None:
    list(target.deliver([message(2)]))
    list(target.deliver([message(1)]))
    assert receiver.record("product", "A") == {"v": 2}


def test_delete_removes_the_record(target: memory.MemoryTarget, receiver: Receiver) -> None:
    list(target.deliver([message(1), message(2, op=Op.DELETE)]))
    assert receiver.holds == {}
    assert list(target.read_back("product", ["A"])) == []


def test_lost_answer_took_effect_and_can_be_looked_up(
    target: memory.MemoryTarget, receiver: Receiver
) -> None:
    receiver.script.append(memory.loses_answer(Unavailable("SA-2003", "gone")))
    with pytest.raises(Unavailable):
        list(target.deliver([message(1)]))
    assert [receipt.message_id for receipt in target.look_up([message(1), message(2)])] == ["m-1"]


def test_break_after_some_leaves_the_others_untouched(
    target: memory.MemoryTarget, receiver: Receiver
) -> None:
    receiver.script.append(memory.breaks_after(1, Unavailable("SA-2003", "gone")))
    answer = iter(target.deliver([message(1), message(2, "B")]))
    assert next(answer).message_id == "m-1"
    with pytest.raises(Unavailable):
        next(answer)
    assert [effect.key for effect in receiver.effects] == ["A"]


def test_poison_refuses_the_whole_batch_and_a_refused_key_only_itself(
    target: memory.MemoryTarget, receiver: Receiver
) -> None:
    receiver.poison.add("B")
    with pytest.raises(Rejected):
        list(target.deliver([message(1), message(2, "B")]))
    receiver.poison.clear()
    receiver.refuses["B"] = "no such tax class"
    verdicts = {r.message_id: r.reason for r in target.deliver([message(1), message(2, "B")])}
    assert verdicts == {"m-1": "", "m-2": "no such tax class"}
    assert [effect.key for effect in receiver.effects] == ["A"]


@pytest.mark.parametrize(
    ("behaviour", "ids"),
    [
        (memory.silent, []),
        (memory.reordered, ["m-2", "m-1"]),
        (memory.doubled, ["m-1", "m-2", "m-1", "m-2", "a message never sent"]),
    ],
)
def test_odd_receipts(
    target: memory.MemoryTarget,
    receiver: Receiver,
    behaviour: memory.Behaviour,
    ids: list[str],
) -> None:
    receiver.script.append(behaviour)
    sent = [message(1), message(2, "B")]
    assert [receipt.message_id for receipt in target.deliver(sent)] == ids
    assert len(receiver.effects) == 2


def test_pass_that_breaks_off_was_not_complete() -> None:
    memory.TABLES["breaks"] = Table(
        ("sku",), [("A",), ("B",), ("C",)], Unavailable("SA-2003", "gone"), breaks_after=2
    )
    source = memory.MemorySource(NoOptions(), memory.SourceOptions(table="breaks", key=("sku",)))
    reading = source.read("")
    broken = next(reading)
    assert list(broken.rows) == [("A",), ("B",)]
    assert not broken.complete
    with pytest.raises(Unavailable):
        next(reading)
    assert [batch.complete for batch in source.read("")] == [True]


def test_cursor_column_reads_from_its_mark_on() -> None:
    memory.TABLES["marked"] = Table(("sku", "at"), [("A", 3), ("B", 1), ("C", 2)])
    options = memory.SourceOptions(table="marked", key=("sku",), cursor="at")
    source = memory.MemorySource(NoOptions(), options)
    first = list(source.read(""))
    assert [row[0] for row in first[-1].rows] == ["B", "C", "A"]
    memory.TABLES["marked"].rows.append(("D", 4))
    second = list(source.read(first[-1].cursor))
    assert [row[0] for row in second[-1].rows] == ["A", "D"]
    assert not second[-1].complete
