"""What was set aside comes back on its day: parked as before, or looked at again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.api.operations import OPERATIONS
from agent.api.server import ApiServer
from agent.aside import take_back
from agent.cli import program
from agent.cli.invocation import Invocation
from agent.config import ApiSettings
from agent.daemon import Agent
from agent.errors import Rejected
from agent.model import State
from connectors.memory import RECEIVERS, TABLES, Receiver, Table
from tests.delivery.world import ManualClock
from tests.waiting import until as happens

CONFIG = """
site: {name: Rossi, time_zone: Europe/Rome}
connections: {erp: {kind: memory}, shop: {kind: memory}}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  articles:
    source: {connection: erp, table: NAME, key: [SKU]}
    target: {connection: shop, receiver: NAME}
    entity: product
    mapping: {sku: SKU, name: TITLE}
"""
DAY = 86_400


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    name = str(tmp_path)
    TABLES[name], RECEIVERS[name] = Table(("SKU", "TITLE"), []), Receiver()
    yield TABLES[name]
    del TABLES[name], RECEIVERS[name]


@pytest.fixture
def agent(tmp_path: Path, clock: ManualClock, table: Table) -> Iterator[Agent]:
    del table
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG.replace("NAME", str(tmp_path)))
    opened = Agent.open(path, clock=clock)
    yield opened
    opened.close()


Run = Callable[[], None]


@pytest.fixture
def run(agent: Agent) -> Run:
    def look() -> None:
        """One job after the other, until none waits."""
        if not agent.store.jobs.waiting():
            agent.request("articles", "differential")
        for job in agent.store.jobs.waiting():
            agent.run_here(job.id, lambda _rows, _changes: None)

    return look


def tell(agent: Agent, **arguments: object) -> object:
    (parked,) = agent.store.messages.list(state=State.PARKED)
    return OPERATIONS["ignore"].call(
        agent, {"messages": [parked.id], "reason": "not now", "by": "anna", **arguments}
    )["until"]


def refuse(agent: Agent, table: Table, run: Run, tmp_path: Path) -> None:
    RECEIVERS[str(tmp_path)].refuses["A"] = "no such category"
    table.rows.append(("A", "Vite"))
    run()
    happens(lambda: agent.store.messages.list(state=State.PARKED))


@pytest.mark.parametrize(
    ("how", "until"),
    [
        ({"lasts": "30d"}, "2023-12-14T22:13:20.000Z"),
        ({"until": "2023-12-24"}, "2023-12-23T23:00:00.000Z"),
        ({"until": "2023-12-24T08:00"}, "2023-12-24T07:00:00.000Z"),
        ({}, None),
    ],
)
def test_until_when_is_told_at_the_clocks_of_the_site(
    agent: Agent, table: Table, run: Run, tmp_path: Path, how: dict[str, str], until: str | None
) -> None:
    refuse(agent, table, run, tmp_path)
    assert tell(agent, **how) == until


@pytest.mark.parametrize("how", [{"until": "2020-01-01"}, {"lasts": "soon"}, {"lasts": "2000d"}])
def test_another_end_is_refused_and_nothing_is_set_aside(
    agent: Agent, table: Table, run: Run, tmp_path: Path, how: dict[str, str]
) -> None:
    refuse(agent, table, run, tmp_path)
    with pytest.raises(Rejected, match="SA-7003"):
        tell(agent, **how)
    assert len(agent.store.messages.list(state=State.PARKED)) == 1


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (("--for", "30d"), "1 message set aside until "),
        (("--until", "2023-12-24"), "1 message set aside until "),
        ((), "1 message set aside\n"),
    ],
)
def test_the_command_says_until_when(
    agent: Agent,
    table: Table,
    run: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    how: tuple[str, ...],
    told: str,
) -> None:
    refuse(agent, table, run, tmp_path)
    (parked,) = agent.store.messages.list(state=State.PARKED)
    server = ApiServer(agent, tmp_path, ApiSettings())
    server.start()
    try:
        arguments = ["outbox", "ignore", parked.id, "--reason", "not now", *how]
        config = ["--config", str(tmp_path / "config.yaml")]
        program.main([*arguments, *config], obj=Invocation(), standalone_mode=False)
    finally:
        server.stop()
    assert capsys.readouterr().out.startswith(told)
    (aside,) = agent.store.messages.resolved()
    assert bool(aside.aside_until) == bool(how)


def test_a_refused_record_shows_among_the_errors_again(
    agent: Agent, clock: ManualClock, table: Table, run: Run, tmp_path: Path
) -> None:
    refuse(agent, table, run, tmp_path)
    tell(agent, lasts="30d")
    assert OPERATIONS["causes"].call(agent, {})["causes"] == []
    clock.advance(29 * DAY)
    agent._maintain()
    assert OPERATIONS["causes"].call(agent, {})["causes"] == []
    clock.advance(DAY)
    agent._maintain()
    (cause,) = OPERATIONS["causes"].call(agent, {})["causes"]
    assert (cause["code"], cause["keys"], cause["reason"]) == (
        "refused", ("A",), "no such category",
    )  # fmt: skip


@pytest.mark.parametrize("mended", [True, False])
def test_a_row_that_the_mapping_refused_is_looked_at_again(
    agent: Agent, clock: ManualClock, table: Table, run: Run, mended: bool
) -> None:
    table.rows.append(("A", None))
    run()
    tell(agent, lasts="30d")
    run()
    assert agent.store.messages.list(state=State.PARKED) == []
    if mended:
        table.rows[0] = ("A", "Vite")
    clock.advance(30 * DAY)
    agent._maintain()
    (job,) = agent.store.jobs.waiting()
    assert (job.scope, job.keys) == ("keys", ("A",))
    run()
    assert len(agent.store.messages.list(state=State.PARKED)) == (not mended)


def test_of_a_flow_that_is_gone_nothing_is_read(agent: Agent, table: Table, run: Run) -> None:
    table.rows.append(("A", None))
    run()
    tell(agent, lasts="1d")
    assert take_back(agent.store, agent.queue, {}, 2**60)
    assert agent.store.jobs.waiting() == []
