"""Connections that break while an order is being kept: never two documents, never none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest
from firebird.driver import driver_config

from agent.contract import AnyTarget
from agent.errors import Unavailable
from agent.model import Message
from connectors._sql_keeping import close_waiting
from tests.connectors.on_derby import Library
from tests.connectors.sql_erp import ORDERS, Erp, deliver, order
from tests.connectors.test_sql_target import on_database, on_library
from tests.peers.cutting import Cut, Wire, wire

COMMITS: dict[str, Callable[[bytes], bool]] = {
    "postgresql": lambda sent: b"COMMIT" in sent,
    "mariadb": lambda sent: b"COMMIT" in sent,
    "sqlserver": lambda sent: sent[:1] == b"\x0e" and b"\x07\0\0\1" in sent,  # and begin anew
    "firebird": lambda sent: sent[-8:-4] == b"\0\0\0\x1e",  # op_commit and a handle
    "db2": lambda sent: b"\x20\x0e" in sent,  # RDBCMM
}
"""What each protocol says to have a transaction kept."""


@pytest.fixture(
    params=[
        pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql")),
        pytest.param("mariadb", marks=pytest.mark.xdist_group("mariadb")),
        pytest.param("firebird", marks=pytest.mark.xdist_group("firebird")),
        pytest.param("sqlserver_database", marks=pytest.mark.xdist_group("postgresql")),
        pytest.param("db2", marks=pytest.mark.xdist_group("derby")),
    ]
)
def erp(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Erp:
    """Each database that is reached over a network."""
    found = request.getfixturevalue(request.param)
    if request.param == "firebird":  # the proxy must be able to read
        monkeypatch.setattr(driver_config.db_defaults.config, "value", "WireCrypt=Disabled")
    if isinstance(found, Library):
        return on_library(found, connect_timeout=1).make_orders()
    return on_database(found, request.param.partition("_")[0]).make_orders()


@pytest.fixture
def line(erp: Erp) -> Iterator[Wire]:
    """Between the target and its database."""
    with wire(int(erp.connection["port"])) as opened:
        yield opened
        close_waiting()  # while somebody still listens


def until_delivered(target: AnyTarget, message: Message) -> int:
    """Attempts as the engine makes them, asking first where the last one left a doubt."""
    doubtful = message.doubtful
    for attempt in range(1, 10):
        message = msgspec.structs.replace(message, doubtful=doubtful)
        try:
            receipts = list(target.look_up([message])) if doubtful else []
            receipts = receipts or list(target.deliver([message]))
        except Unavailable as lost:
            doubtful = doubtful or not lost.untouched
            continue
        assert [each.accepted for each in receipts] == [True]
        return attempt
    raise AssertionError("never delivered")


@pytest.mark.parametrize("plan", [Cut.LOSE_MESSAGE, Cut.LOSE_ANSWER])
def test_connection_cut_while_the_order_is_kept_leaves_one_document(
    erp: Erp, line: Wire, plan: Cut
) -> None:
    with erp.through(line.port).target() as target:
        assert deliver(target, order("W-1")).accepted
        line.cut(COMMITS[erp.engine], plan)
        with pytest.raises(Unavailable) as lost:
            list(target.deliver([order("W-2")]))
        assert not lost.value.untouched
        assert line.cuts == 1
        kept = [] if plan is Cut.LOSE_MESSAGE else [("W-2", 2)]
        assert erp.documents == [("W-1", 2), *kept]
        doubtful = msgspec.structs.replace(order("W-2"), doubtful=True)
        assert len(list(target.look_up([doubtful]))) == len(kept)
        assert until_delivered(target, doubtful) == 1
    assert erp.documents == [("W-1", 2), ("W-2", 2)]


def test_connection_cut_between_header_and_lines_undoes_the_header(erp: Erp, line: Wire) -> None:
    with erp.through(line.port).target() as target:
        assert deliver(target, order("W-1")).accepted
        table = "ordrig".encode("utf-16-le" if erp.engine == "sqlserver" else "ascii")
        line.cut(lambda sent: table in sent, Cut.LOSE_MESSAGE)
        with pytest.raises(Unavailable) as lost:
            list(target.deliver([order("W-2")]))
        assert lost.value.untouched
        assert erp.documents == [("W-1", 2)]
        assert until_delivered(target, order("W-2")) == 1
    assert erp.documents == [("W-1", 2), ("W-2", 2)]


def test_database_that_cannot_be_reached_leaves_nothing_in_doubt(erp: Erp, line: Wire) -> None:
    with erp.through(line.port).target() as target:
        assert deliver(target, order("W-1")).accepted
        line.refuse(refusing=True)
        with pytest.raises(Unavailable) as away:
            list(target.deliver([order("W-2")]))
        assert away.value.untouched
        line.refuse(refusing=False)
        assert deliver(target, order("W-2")).accepted
    assert erp.documents == [("W-1", 2), ("W-2", 2)]


def test_connection_that_died_while_nothing_was_written_is_made_anew(erp: Erp, line: Wire) -> None:
    with erp.through(line.port).target() as target:
        assert deliver(target, order("W-1")).accepted
        line.refuse(refusing=True)
        line.refuse(refusing=False)
        assert deliver(target, order("W-2")).accepted
    assert erp.documents == [("W-1", 2), ("W-2", 2)]


LOCKS = {
    "postgresql": "SELECT pg_advisory_xact_lock(hashtext(:rif))",
    "mariadb": "SELECT cliente FROM ordtes WHERE rifweb = 'lock' FOR UPDATE",
    "firebird": "SELECT cliente FROM ordtes WHERE rifweb = 'lock' WITH LOCK",
}


def test_commit_that_arrives_late_is_waited_for_where_there_is_a_lock(erp: Erp, line: Wire) -> None:
    """Without a unique index, the look-up alone would come too early."""
    if erp.engine not in LOCKS:
        pytest.skip("this stand-in has no such lock")
    erp.sql("INSERT INTO ordtes (rifweb, cliente) VALUES ('lock', '-')")
    behind, direct = erp.through(line.port), {**ORDERS, "lock": {"sql": LOCKS[erp.engine]}}
    with behind.target(direct) as target, erp.target(direct) as other:
        assert deliver(target, order("W-1")).accepted
        line.cut(COMMITS[erp.engine], Cut.DELAY_MESSAGE)
        with pytest.raises(Unavailable):
            list(target.deliver([order("W-2")]))
        doubtful = msgspec.structs.replace(order("W-2"), doubtful=True)
        line.release_after(0.3)
        [found] = other.look_up([doubtful])
        assert found.accepted
    assert erp.documents == [("lock", 0), ("W-1", 2), ("W-2", 2)]
