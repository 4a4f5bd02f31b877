"""The published fake keeps the contract of a target."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest

from agent.contract import Kind
from agent.errors import Unavailable
from agent.model import Op
from connectors.memory import KIND, RECEIVERS, Receiver, fails, loses_answer
from tests.contract.target_suite import TargetSuite


class MemoryBench:
    kind: Kind = KIND

    def __init__(self) -> None:
        self.name = uuid4().hex
        self.receiver = RECEIVERS[self.name] = Receiver()
        self.connection: dict[str, Any] = {}
        self.options: dict[str, Any] = {"receiver": self.name}

    def effects(self, key: str) -> list[tuple[Op, int]]:
        return [(each.op, each.version) for each in self.receiver.effects if each.key == key]

    def held(self, key: str) -> Any:
        return self.receiver.record("product", key)

    def refuse(self, keys: Sequence[str]) -> None:
        self.receiver.refuses = dict.fromkeys(keys, "not wanted")

    def fail_next(self) -> None:
        self.receiver.script.append(fails(Unavailable("SA-5211", "not now")))

    def lose_next_answer(self) -> None:
        self.receiver.script.append(loses_answer(Unavailable("SA-5204", "lost")))


class TestMemoryTarget(TargetSuite):
    @pytest.fixture
    def bench(self) -> Iterator[MemoryBench]:
        bench = MemoryBench()
        yield bench
        del RECEIVERS[bench.name]
