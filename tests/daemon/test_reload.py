"""The configuration changes while the agent runs: taken over whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.daemon import Agent
from connectors.memory import RECEIVERS, TABLES, Receiver, Table
from tests.waiting import until

CONFIG = """
connections:
  here: {kind: memory}
  there: {kind: memory}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  products:
    source: {connection: here, table: TABLE, key: [CODE]}
    target: {connection: there, receiver: RECEIVER}
    entity: product
    mapping: {sku: CODE, name: NAME}
"""


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    name = str(tmp_path)
    TABLES[name] = Table(("CODE", "NAME"), [("A", "Vite")])
    RECEIVERS[name] = Receiver()
    yield RECEIVERS[name]
    del TABLES[name], RECEIVERS[name]


def configure(
    folder: Path, *, table: str | None = None, more: str = "", text: str = CONFIG
) -> Path:
    path = folder / "config.yaml"
    text = text.replace("TABLE", table or str(folder)).replace("RECEIVER", str(folder))
    path.write_text(text + more)
    return path


@contextmanager
def running(path: Path) -> Iterator[Agent]:
    agent = Agent.open(path)
    agent.start()
    try:
        yield agent
    finally:
        assert agent.stop()
        agent.close()


def test_halted_flow_goes_on_when_it_is_written_differently(
    tmp_path: Path, receiver: Receiver
) -> None:
    with running(configure(tmp_path, table="nowhere")) as agent:
        until(lambda: agent.store.flows.get("products").halted)
        configure(tmp_path)
        agent.reload()
        until(lambda: receiver.record("product", "A"))
        assert not agent.store.flows.get("products").halted


def test_halted_flow_stays_halted_over_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    path = configure(tmp_path, table="nowhere")
    for _ in range(2):
        with running(path) as agent:
            until(lambda: agent.store.flows.get("products").halted)
    assert not receiver.effects


def test_configuration_that_cannot_be_put_in_force_changes_nothing(
    tmp_path: Path, receiver: Receiver
) -> None:
    deaf = CONFIG.replace(
        "there: {kind: memory}",
        "there: {kind: memory}\n"
        "  calls: {kind: webhook, port: 1, path: /x, token: env:T, wakes: nobody}",
    )
    with running(configure(tmp_path)) as agent:
        until(lambda: receiver.record("product", "A"))
        configure(tmp_path, text=deaf)
        agent.reload()
        assert agent.reload_problem is not None
        assert agent.reload_problem.code == "SA-2610"
        assert list(agent.config.flows) == ["products"]
        TABLES[str(tmp_path)].rows.append(("B", "Dado"))
        TABLES[str(tmp_path)].wake()
        until(lambda: receiver.record("product", "B"))


def test_flow_that_is_switched_off_is_read_no_more(tmp_path: Path, receiver: Receiver) -> None:
    path = configure(tmp_path)
    with running(path) as agent:
        until(lambda: receiver.record("product", "A"))
        path.write_text(path.read_text() + "    enabled: false\n")
        agent.reload()
        assert agent.plans == {}
        assert TABLES[str(tmp_path)].wakes == []


def test_what_changed_is_written_down_whenever_a_configuration_is_put_in_force(
    tmp_path: Path, receiver: Receiver
) -> None:
    del receiver
    path = configure(tmp_path)
    with running(path) as agent:
        assert [each.changes for each in agent.store.configurations.list()] == [{}]
        configure(tmp_path, text=CONFIG.replace("name: NAME", "name: CODE"))
        agent.reload()
        configure(tmp_path, text=CONFIG.replace("sku: CODE", "sku: [CODE"))
        agent.reload()
        newest, _ = agent.store.configurations.list()
        assert newest.changes == {"flows.products": "changed"}
    configure(tmp_path, more="site: {name: Rossi}\n")
    with running(path) as agent:
        newest, *_ = agent.store.configurations.list()
        assert newest.changes == {"flows.products": "changed", "site": "changed"}
        assert len(agent.store.configurations.list()) == 3


def test_what_was_delivered_is_still_counted_after_a_reload(
    tmp_path: Path, receiver: Receiver
) -> None:
    with running(configure(tmp_path)) as agent:
        until(lambda: receiver.record("product", "A"))
        until(lambda: agent.deliveries["there"].status().delivered == 1)
        before = agent.deliveries["there"].status()
        configure(tmp_path, more="site: {name: Rossi}\n")
        agent.reload()
        assert agent.config.site.name == "Rossi"
        after = agent.deliveries["there"].status()
        assert (after.delivered, after.last_success) == (1, before.last_success)
