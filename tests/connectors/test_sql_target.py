"""Orders and customers in a real database: once, whole, or not at all."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from agent.errors import Misconfigured, Unavailable
from tests.connectors.databases import Database
from tests.connectors.on_derby import Library
from tests.connectors.sql_erp import ORDERS, Erp, deletion, deliver, message, order


def on_database(database: Database, engine: str) -> Erp:
    return Erp(database.kind, database.connection, database.opener, engine)


def on_library(library: Library, **more: Any) -> Erp:
    connection = library.connection | more
    return Erp(library.kind, connection, library.peer.connect, "db2", f"{library.name}.")


ENGINES = [
    pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql")),
    pytest.param("mariadb", marks=pytest.mark.xdist_group("mariadb")),
    pytest.param("firebird", marks=pytest.mark.xdist_group("firebird")),
    pytest.param("sqlserver_database", marks=pytest.mark.xdist_group("postgresql")),
    pytest.param("oracle", marks=pytest.mark.xdist_group("h2")),
    pytest.param("db2", marks=pytest.mark.xdist_group("derby")),
    pytest.param("ibmi", marks=pytest.mark.xdist_group("derby")),
    "sqlite_file",
    "sqlite_odbc",
]


@pytest.fixture(params=ENGINES)
def erp(request: pytest.FixtureRequest) -> Erp:
    """Each kind of database in turn."""
    found = request.getfixturevalue(request.param)
    if isinstance(found, Library):
        return on_library(found, **({"statements": "all"} if request.param == "ibmi" else {}))
    return on_database(found, request.param.partition("_")[0])


def test_order_is_written_with_its_lines_and_its_number_comes_back(erp: Erp) -> None:
    erp.make_orders()
    with erp.target() as target:
        first, second = deliver(target, order("W-1")), deliver(target, order("W-2"))
    assert (first.reference, second.reference) == ("1", "2")
    assert erp.documents == [("W-1", 2), ("W-2", 2)]
    [(customer, total, note)] = erp.rows(
        "SELECT cliente, totale, note FROM ordtes WHERE rifweb = 'W-1'"
    )
    assert (customer, float(total)) == ("C001", 45.0)
    assert note == "al piano terra: è urgente, 10 €"
    quantities = erp.rows("SELECT riga, qta FROM ordrig WHERE rifweb = 'W-1' ORDER BY riga")
    assert [(int(row), float(quantity)) for row, quantity in quantities] == [(1, 10), (2, 2.5)]


def test_order_with_a_line_that_is_refused_leaves_nothing_behind(erp: Erp) -> None:
    erp.make_orders()
    lines = [
        {"line": 1, "sku": "VIT-1", "quantity": "1"},
        {"line": 2, "sku": None, "quantity": "1"},
    ]
    with erp.target() as target:
        refused = deliver(target, order("W-1", lines=lines))
        assert not refused.accepted
        assert refused.code == "SA-5302"
        assert refused.reason
        assert erp.documents == []
        assert deliver(target, order("W-2")).accepted
    assert erp.documents == [("W-2", 2)]


def test_doubtful_order_that_is_there_is_not_written_again(erp: Erp) -> None:
    erp.make_orders()
    with erp.target() as target:
        [receipt] = target.deliver([order("W-1")])
        doubtful = msgspec.structs.replace(order("W-1"), doubtful=True)
        [found] = target.look_up([doubtful])
        [again] = target.deliver([doubtful])
        assert found.accepted
        assert again.accepted
        assert receipt.reference == found.reference == again.reference == "1"
        assert list(target.look_up([order("W-9")])) == []
    assert erp.documents == [("W-1", 2)]


def test_doubtful_order_that_is_not_there_is_written(erp: Erp) -> None:
    erp.make_orders()
    doubtful = msgspec.structs.replace(order("W-1"), doubtful=True)
    with erp.target() as target:
        assert list(target.look_up([doubtful])) == []
        assert deliver(target, doubtful).accepted
    assert erp.documents == [("W-1", 2)]


def test_order_that_a_unique_index_knows_is_found_and_not_refused(erp: Erp) -> None:
    erp.make_orders(unique=True)
    with erp.target() as target:
        [first] = target.deliver([order("W-1")])
        [again] = target.deliver([order("W-1", version=2)])
        assert again.accepted
        assert again.reference == first.reference
    assert erp.documents == [("W-1", 2)]


def test_number_that_somebody_else_took_meanwhile_is_tried_again_and_not_for_ever(
    erp: Erp,
) -> None:
    erp.make_orders()
    numbers = f"{erp.prefix}numeri"
    erp.sql(
        f"CREATE TABLE {numbers} (numero INTEGER NOT NULL PRIMARY KEY)",
        f"INSERT INTO {numbers} VALUES (7)",
    )
    counted = {"sql": f"INSERT INTO {numbers} (numero) VALUES (7)"}
    with erp.target(write=[counted, *ORDERS["write"]]) as target:
        first = deliver(target, order("W-1"))
        last = deliver(target, msgspec.structs.replace(order("W-1"), attempts=3))
    assert (first.waits, first.code) == (True, "SA-5301")
    assert (last.accepted, last.waits, last.code) == (False, False, "SA-5301")
    assert erp.documents == []


def test_changed_order_waits_for_a_person(erp: Erp) -> None:
    erp.make_orders()
    with erp.target() as target:
        deliver(target, order("W-1"))
        refused = deliver(target, order("W-1", version=2, total="50.00"))
        gone = deliver(target, deletion("order", "W-1"))
    assert (refused.code, gone.code) == ("SA-5308", "SA-5309")
    assert "written as 1" in refused.reason
    assert erp.documents == [("W-1", 2)]


def test_changed_order_is_changed_and_deleted_where_that_is_configured(erp: Erp) -> None:
    erp.make_orders()
    changing: dict[str, Any] = {
        "update": [
            {
                "sql": "UPDATE ordtes SET totale = :totale WHERE numdoc = :numero",
                "values": {
                    "totale": "{{ record.total | decimal }}",
                    "numero": "{{ reference | integer }}",
                },
            }
        ],
        "delete": [
            {"sql": "DELETE FROM ordrig WHERE rifweb = :rif"},
            {"sql": "DELETE FROM ordtes WHERE rifweb = :rif"},
        ],
    }
    with erp.target(**changing) as target:
        deliver(target, order("W-1"))
        for _ in range(2):  # the second time it changes nothing, which is no failure
            assert deliver(target, order("W-1", version=2, total="50.00")).accepted
        [(total,)] = erp.rows("SELECT totale FROM ordtes")
        assert float(total) == 50.0
        assert deliver(target, deletion("order", "W-1")).accepted
        assert erp.documents == []
        assert deliver(target, deletion("order", "W-7")).accepted


def test_values_that_do_not_fit_are_refused_and_never_cut_off(erp: Erp) -> None:
    if erp.engine == "sqlite":
        pytest.skip("SQLite keeps any text in any column")
    erp.make_orders()
    with erp.target() as target:
        refused = deliver(target, order("W-1", customer="C" * 21))
        assert (refused.accepted, refused.code) == (False, "SA-5302")
        with_nul = deliver(target, order("W-2", note="a\0b"))
        assert (with_nul.accepted, with_nul.code) == (False, "SA-5302")
    assert erp.documents == []


def test_long_text_with_accents_arrives_whole(erp: Erp) -> None:
    erp.make_orders()
    note = "però €" * 60
    with erp.target() as target:
        assert deliver(target, order("W-1", note=note)).accepted
        assert deliver(target, order("W-2", note=None)).accepted
    assert erp.rows("SELECT note FROM ordtes ORDER BY numdoc") == [(note,), (None,)]


def test_statement_that_touches_no_row_undoes_the_record(erp: Erp) -> None:
    if erp.engine == "db2":
        pytest.skip("IBM's client does not understand how Derby says that no row was touched")
    erp.make_orders()
    reserving = {
        "sql": "UPDATE ordtes SET totale = 0 WHERE rifweb = :altro",
        "values": {"altro": "never"},
    }
    with erp.target(write=[*ORDERS["write"], reserving]) as target:
        refused = deliver(target, order("W-1"))
        assert refused.code == "SA-5310"
        assert "UPDATE" in refused.reason
        assert erp.documents == []
    with erp.target(write=[*ORDERS["write"], reserving | {"may_touch_none": True}]) as target:
        assert deliver(target, order("W-1")).accepted


def test_look_up_that_would_not_find_the_order_is_noticed_before_it_matters(erp: Erp) -> None:
    erp.make_orders()
    with erp.target(
        look_up=[{"sql": "SELECT numdoc FROM ordtes WHERE rifweb = :rif AND totale < 0"}]
    ) as target:
        assert deliver(target, order("W-1")).code == "SA-5307"
    constant = {"sql": "SELECT MAX(numdoc) + 1 FROM ordtes"}
    with erp.target(reference=constant) as target:
        refused = deliver(target, order("W-1"))
    assert (refused.code, "but" in refused.reason) == ("SA-5307", True)
    assert erp.documents == []


def test_order_that_is_there_twice_waits_for_a_person(erp: Erp) -> None:
    erp.make_orders()
    with erp.target() as target:
        deliver(target, order("W-1"))
    erp.sql("INSERT INTO ordtes (rifweb, cliente) VALUES ('W-1', 'C002')")
    with erp.target() as target:
        [refused] = target.look_up([msgspec.structs.replace(order("W-1"), doubtful=True)])
    assert refused.code == "SA-5305"
    assert "1, 2" in refused.reason


CUSTOMERS: dict[str, Any] = {
    "ask": "always",
    "values": {"piva": "{{ record.vat_number }}", "nome": "{{ record.name }}"},
    "look_up": [
        {"sql": "SELECT codice, nome FROM clienti WHERE piva = :piva"},
        {
            "sql": "SELECT codice, nome FROM clienti WHERE email = :email",
            "values": {"email": "{{ record.email }}"},
        },
    ],
    "write": [
        {
            "sql": "INSERT INTO clienti (codice, nome, piva, email) "
            "VALUES (:codice, :nome, :piva, :email)",
            "values": {"codice": "W{{ key }}", "email": "{{ record.email }}"},
        }
    ],
}


def customer(key: str, **data: Any) -> Any:
    return message("customer", key, {"code": key, "vat_number": "", "email": ""} | data)


def test_customer_is_matched_by_what_it_has_and_made_otherwise(erp: Erp) -> None:
    erp.sql(
        "CREATE TABLE clienti (codice VARCHAR(20) NOT NULL PRIMARY KEY, nome VARCHAR(60), "
        "piva VARCHAR(20), email VARCHAR(60))",
        "INSERT INTO clienti VALUES ('A1', 'Rossi', '01234567890', '')",
        "INSERT INTO clienti VALUES ('A2', 'Bianchi', '', 'info@bianchi.example')",
    )
    with erp.target(CUSTOMERS) as target:
        by_number = deliver(target, customer("1", name="Rossi Srl", vat_number="01234567890"))
        by_mail = deliver(target, customer("2", name="B", email="info@bianchi.example"))
        made = deliver(target, customer("3", name="Verdi", email="info@verdi.example"))
        assert deliver(target, customer("4", name="Nobody")).code == "SA-5307"
    assert [each.reference for each in (by_number, by_mail, made)] == ["A1", "A2", "W3"]
    assert len(erp.rows("SELECT codice FROM clienti")) == 3
    renaming = {
        "sql": "UPDATE clienti SET nome = :nome WHERE codice = :codice",
        "values": {"codice": "{{ reference }}"},
    }
    with erp.target(CUSTOMERS, update=[renaming]) as target:
        assert deliver(target, customer("1", name="Rossi Srl", vat_number="01234567890")).accepted
    assert ("Rossi Srl",) in erp.rows("SELECT nome FROM clienti")


def test_record_is_read_back_by_the_names_of_its_columns(erp: Erp) -> None:
    erp.make_orders()
    read = {"sql": "SELECT rifweb AS number, cliente AS customer FROM ordtes WHERE rifweb = :rif"}
    with erp.target(read=read) as target:
        deliver(target, order("W-1"))
        [record] = target.read_back("order", ["W-1", "W-2"])
    assert (record.key, record.data) == ("W-1", {"number": "W-1", "customer": "C001"})


def test_check_changes_nothing_and_tells_what_becomes_of_doubt(erp: Erp) -> None:
    erp.make_orders()
    with erp.target() as target:
        found = {each.subject.partition(":")[0]: each for each in target.check()}
    assert "by look_up" in found["an unknown outcome"].detail
    assert set(found) >= {"look_up 1", "write 1", "write 2"}
    assert erp.documents == []
    with erp.target(look_up=[], reference=ORDERS["look_up"][0]) as target:
        *_, doubt = target.check()
    assert doubt.warning


def test_check_finds_a_table_that_is_not_there(erp: Erp) -> None:
    erp.sql("CREATE TABLE ordrig (rifweb VARCHAR(40))")
    with erp.target() as target, pytest.raises(Misconfigured) as caught:
        list(target.check())
    assert "ordtes" in caught.value.reason.lower()


def test_missing_table_halts_the_flow_and_leaves_nothing_in_doubt(erp: Erp) -> None:
    erp.sql("CREATE TABLE ordrig (rifweb VARCHAR(40))")
    with erp.target() as target, pytest.raises(Misconfigured) as caught:
        list(target.deliver([order("W-1")]))
    assert caught.value.untouched


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql")),
        pytest.param("mariadb", marks=pytest.mark.xdist_group("mariadb")),
    ],
)
def test_row_that_somebody_else_holds_keeps_its_record_waiting_and_no_other(
    engine: str, request: pytest.FixtureRequest
) -> None:
    erp = on_database(request.getfixturevalue(engine), engine).make_orders(unique=True)
    impatient = replace(erp, connection=erp.connection | {"query_timeout": 3})
    taking = {
        "sql": "UPDATE ordtes SET totale = 0 WHERE rifweb = :altro",
        "values": {"altro": "{{ record.note }}"},
    }
    with impatient.target(write=[*ORDERS["write"], taking]) as target:
        assert deliver(target, order("W-1", note="W-1")).accepted
        with closing(erp.opener()) as clerk:
            clerk.execute("BEGIN").close()
            clerk.execute("UPDATE ordtes SET totale = 1 WHERE rifweb = 'W-1'").close()
            held = deliver(target, order("W-2", note="W-1"))
            assert (held.accepted, held.waits, held.code) == (False, True, "SA-5303")
            assert deliver(target, order("W-3", note="W-3")).accepted
            clerk.execute("COMMIT").close()
        assert deliver(target, order("W-2", note="W-1")).accepted
    assert sorted(erp.documents) == [("W-1", 2), ("W-2", 2), ("W-3", 2)]


@pytest.mark.xdist_group("postgresql")
def test_statement_that_takes_too_long_is_undone_and_comes_again(postgresql: Database) -> None:
    erp = on_database(postgresql, "postgresql").make_orders()
    impatient = replace(erp, connection=erp.connection | {"query_timeout": 1})
    with impatient.target(write=[*ORDERS["write"], {"sql": "SELECT pg_sleep(60)"}]) as target:
        with pytest.raises(Unavailable) as late:
            deliver(target, order("W-1"))
        assert late.value.untouched
    assert erp.documents == []
