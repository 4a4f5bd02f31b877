"""The agent killed while it writes orders, with its real store: never two documents, never none."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Any

import pytest

import connectors
from agent.contract import AnyTarget
from agent.delivery import Delivery, DeliverySettings
from agent.model import Change, Op, State
from agent.store import Store
from connectors._sql_writing import SqlTarget, Writing
from tests.connectors.sql_erp import ORDERS, Erp, order
from tests.connectors.test_sql_target import on_database
from tests.delivery.world import ManualClock

BETWEEN_LIVES = 1000.0
"""Seconds, in which every lease runs out."""
PROCESSES = multiprocessing.get_context("spawn")


class Death(StrEnum):
    BEFORE_COMMIT = "before the database's commit"
    AFTER_COMMIT = "after the database's commit, before our receipt"
    NEVER = "never"


class Mortal:
    """A driver's connection at whose commit the process ends."""

    def __init__(self, connection: Any, death: Death) -> None:
        self._connection, self._death = connection, death

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def commit(self) -> None:
        if self._death is Death.AFTER_COMMIT:
            self._connection.commit()
        os.kill(os.getpid(), signal.SIGKILL)


def mortal(kind: type[AnyTarget], death: Death) -> type[AnyTarget]:
    class MortalTarget(kind):  # type: ignore[misc, valid-type]
        def open_writing(self) -> Writing:
            session: Writing = super().open_writing()
            if death is not Death.NEVER:
                session._writing = Mortal(session._writing, death)
            return session

    return MortalTarget


def live(
    folder: Path,
    kind: str,
    connection: Mapping[str, Any],
    options: Mapping[str, Any],
    number: int,
    death: Death,
) -> None:
    """One life of an agent: what is due is delivered, if it lives long enough."""
    clock = ManualClock()
    clock.advance(number * BETWEEN_LIVES)
    found = connectors.load(kind)
    assert found.target
    assert issubclass(found.target, SqlTarget)
    target = mortal(found.target, death)
    with closing(Store.open(folder / "state.db", clock)) as store:
        Delivery(
            name="erp",
            store=store,
            makers={
                "": lambda: target(
                    found.connection.model_validate(connection),
                    found.target_options.model_validate(options),
                )
            },
            settings=DeliverySettings(senders=1),
            clock=clock,
            random=Random(1),
        ).run_until_idle()


def lives(folder: Path, erp: Erp, deaths: list[Death], **options: Any) -> None:
    """An agent that dies so, one life after the other."""
    told = erp.options({**ORDERS, **options})
    for number, death in enumerate(deaths, 1):
        arguments = (folder, erp.kind.name, erp.connection, told, number, death)
        process = PROCESSES.Process(target=live, args=arguments)
        process.start()
        process.join()
        assert process.exitcode == (0 if death is Death.NEVER else -signal.SIGKILL)


def take_over(folder: Path, keys: list[str]) -> None:
    """Orders of the shop, in our store."""
    changes = [
        Change(Op.UPSERT, "order", key, order(key).body, bytes([place] * 16), None)
        for place, key in enumerate(keys, 1)
    ]
    with closing(Store.open(folder / "state.db", ManualClock())) as store:
        store.messages.append("orders", "erp", 1, 1, changes, held=False, coalesce=False)


@pytest.fixture(
    params=[
        pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql")),
        pytest.param("mariadb", marks=pytest.mark.xdist_group("mariadb")),
        "sqlite_file",
    ]
)
def erp(request: pytest.FixtureRequest) -> Erp:
    found = request.getfixturevalue(request.param)
    return on_database(found, request.param.partition("_")[0]).make_orders()


def test_agent_killed_around_every_commit_writes_every_order_once(erp: Erp, tmp_path: Path) -> None:
    keys = ["W-1", "W-2", "W-3"]
    take_over(tmp_path, keys)
    deaths = [Death.BEFORE_COMMIT, Death.AFTER_COMMIT] * len(keys)
    lives(tmp_path, erp, [*deaths, Death.NEVER])
    assert sorted(erp.documents) == [(key, 2) for key in keys]
    with closing(Store.open(tmp_path / "state.db", ManualClock())) as store:
        assert [row.state for row in store.messages.list(flow="orders")] == [State.DELIVERED] * 3


def test_agent_killed_where_nobody_can_be_asked_leaves_the_order_to_a_person(
    erp: Erp, tmp_path: Path
) -> None:
    take_over(tmp_path, ["W-1"])
    lives(tmp_path, erp, [Death.AFTER_COMMIT, Death.NEVER, Death.NEVER], look_up=[])
    assert erp.documents == [("W-1", 2)]
    with closing(Store.open(tmp_path / "state.db", ManualClock())) as store:
        [row] = store.messages.list(flow="orders")
    assert (row.state, row.code) == (State.PARKED, "SA-5010")
