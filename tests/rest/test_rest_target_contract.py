"""The templated target keeps the contract, before a server that knows records by our keys."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from agent.contract import Kind
from agent.model import Op
from connectors.rest import KIND
from tests.contract.target_suite import TargetSuite
from tests.peers.http_server import answering
from tests.rest.counter import Keyed, lost, not_now


class RestBench:
    kind: Kind = KIND

    def __init__(self, counter: Keyed, url: str) -> None:
        self.counter = counter
        self.connection: dict[str, Any] = {"url": url}
        self.options: dict[str, Any] = {
            "create": {
                "method": "PUT",
                "path": "/records/{{ key }}",
                "headers": {"Idempotency-Key": "{{ id }}"},
                "body": {"version": "{{ version }}", "data": "{{ record }}"},
            },
            "delete": {"path": "/records/{{ key }}", "query": {"version": "{{ version }}"}},
            "read": {"path": "/records/{{ key }}", "record": "{{ reply.data }}"},
            "repeatable": True,
        }

    def effects(self, key: str) -> list[tuple[Op, int]]:
        return [(op, version) for each, op, version in self.counter.effects if each == key]

    def held(self, key: str) -> Any:
        return self.counter.records.get(key)

    def refuse(self, keys: Sequence[str]) -> None:
        self.counter.refused = set(keys)

    def fail_next(self) -> None:
        self.counter.script.append(not_now)

    def lose_next_answer(self) -> None:
        self.counter.script.append(lost)


class TestRestTarget(TargetSuite):
    @pytest.fixture
    def bench(self) -> Iterator[RestBench]:
        counter = Keyed()
        with answering(counter) as peer:
            yield RestBench(counter, peer.url)
