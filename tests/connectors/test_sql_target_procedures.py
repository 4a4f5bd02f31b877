"""Numbers that the database gives, procedures of the ERP, rules that it looks at late."""

from __future__ import annotations

from contextlib import closing

import pytest

from agent.errors import Unavailable
from tests.connectors.databases import Database
from tests.connectors.sql_erp import ORDERS, deliver, order
from tests.connectors.test_sql_target import on_database

HEADER, LINES = ORDERS["write"]


@pytest.mark.xdist_group("postgresql")
class TestPostgresql:
    def test_number_that_a_statement_returns_serves_the_lines(self, postgresql: Database) -> None:
        erp = on_database(postgresql, "postgresql").make_orders()
        erp.sql("ALTER TABLE ordrig ADD numdoc integer NOT NULL")
        lines = {
            "sql": "INSERT INTO ordrig (numdoc, rifweb, riga, articolo, qta) "
            "VALUES (:numdoc, :rif, :riga, :articolo, :qta)",
            "each": LINES["each"],
            "values": LINES["values"] | {"numdoc": "{{ reply.numdoc }}"},
        }
        header = HEADER | {"sql": HEADER["sql"] + " RETURNING NumDoc", "returns": "NUMDOC"}
        with erp.target(write=[header, lines]) as target:
            assert deliver(target, order("W-1")).reference == "1"
        assert erp.rows("SELECT DISTINCT numdoc FROM ordrig") == [(1,)]

    def test_procedure_tells_the_number_and_refuses_in_its_own_words(
        self, postgresql: Database
    ) -> None:
        erp = on_database(postgresql, "postgresql").make_orders()
        erp.sql(
            "CREATE PROCEDURE crea_ordine(ordine json, INOUT numero integer) LANGUAGE plpgsql AS "
            "$$ BEGIN IF ordine->>'customer' = 'C666' THEN "
            "RAISE EXCEPTION 'cliente bloccato: %', ordine->>'customer'; END IF; "
            "INSERT INTO ordtes (rifweb, cliente) VALUES (ordine->>'number', 'C1') "
            "RETURNING numdoc INTO numero; "
            "INSERT INTO ordrig SELECT ordine->>'number', (l->>'line')::int, l->>'sku', 1 "
            "FROM json_array_elements(ordine->'lines') l; END $$"
        )
        calling = {
            "sql": "CALL crea_ordine(CAST(:ordine AS json), NULL)",
            "values": {"ordine": "{{ record }}"},
            "returns": "numero",
        }
        with erp.target(write=[calling]) as target:
            assert deliver(target, order("W-1")).reference == "1"
            refused = deliver(target, order("W-2", customer="C666"))
        assert refused.code == "SA-5302"
        assert "cliente bloccato: C666" in refused.reason
        assert erp.documents == [("W-1", 2)]

    def test_rule_that_is_looked_at_when_all_is_kept_refuses_the_order(
        self, postgresql: Database
    ) -> None:
        erp = on_database(postgresql, "postgresql").make_orders()
        erp.sql(
            "CREATE TABLE articoli (codice varchar(20) PRIMARY KEY)",
            "INSERT INTO articoli VALUES ('VIT-1')",
            "ALTER TABLE ordrig ADD FOREIGN KEY (articolo) REFERENCES articoli "
            "DEFERRABLE INITIALLY DEFERRED",
        )
        with erp.target() as target:
            refused = deliver(target, order("W-1"))
            assert (refused.accepted, refused.code) == (False, "SA-5302")
            assert "DAD-2" in refused.reason or "articoli" in refused.reason
            assert deliver(target, order("W-2", lines=[])).accepted
        assert erp.documents == [("W-2", 0)]

    def test_connection_that_the_server_ends_between_two_statements_undoes_the_first(
        self, postgresql: Database
    ) -> None:
        erp = on_database(postgresql, "postgresql").make_orders()
        dying = {"sql": "SELECT pg_terminate_backend(pg_backend_pid())"}
        with erp.target(write=[HEADER, dying, LINES]) as target:
            with pytest.raises(Unavailable) as lost:
                deliver(target, order("W-1"))
            assert lost.value.untouched
        assert erp.documents == []

    def test_what_a_program_keeps_by_itself_is_in_doubt_when_the_rest_fails(
        self, postgresql: Database
    ) -> None:
        erp = on_database(postgresql, "postgresql").make_orders()
        program = HEADER | {"commits": True}
        dying = {"sql": "SELECT pg_terminate_backend(pg_backend_pid())"}
        with erp.target(write=[program, dying, LINES]) as target:
            with pytest.raises(Unavailable) as lost:
                deliver(target, order("W-1"))
            assert not lost.value.untouched

    def test_order_without_a_number_is_undone(self, postgresql: Database) -> None:
        erp = on_database(postgresql, "postgresql").make_orders()
        nothing = {"sql": "SELECT numdoc FROM ordtes WHERE totale < 0"}
        with erp.target(look_up=[], reference=nothing) as target:
            assert deliver(target, order("W-1")).code == "SA-5306"
        assert erp.documents == []

    def test_user_that_may_not_write_is_known_before_the_first_order(
        self, postgresql: Database
    ) -> None:
        erp = on_database(postgresql, "postgresql").make_orders()
        role = f"r{postgresql.connection['database'][:12]}"
        erp.sql(f"CREATE ROLE {role} LOGIN", f"GRANT SELECT ON ordtes TO {role}")
        erp.connection = erp.connection | {"user": role}
        with erp.target() as target, pytest.raises(Exception, match="permission denied"):
            list(target.check())


@pytest.mark.xdist_group("mariadb")
class TestMariadb:
    def test_procedure_tells_the_number_by_a_variable(self, mariadb: Database) -> None:
        erp = on_database(mariadb, "mariadb").make_orders()
        erp.sql(
            "CREATE PROCEDURE crea_ordine(IN rif VARCHAR(40), OUT numero INT) BEGIN "
            "INSERT INTO ordtes (rifweb, cliente) VALUES (rif, 'C1'); "
            "SET numero = LAST_INSERT_ID(); END"
        )
        calling = [
            {"sql": "CALL crea_ordine(:rif, @numero)"},
            {"sql": "SELECT @numero AS numero", "returns": "numero"},
        ]
        with erp.target(write=[*calling, LINES]) as target:
            assert deliver(target, order("W-1")).reference == "1"
        assert erp.documents == [("W-1", 2)]

    def test_failure_behind_the_first_answer_of_a_procedure_is_heard(
        self, mariadb: Database
    ) -> None:
        erp = on_database(mariadb, "mariadb").make_orders()
        erp.sql(
            "CREATE PROCEDURE crea_ordine(IN rif VARCHAR(40)) BEGIN SELECT 1 AS avvio; "
            "INSERT INTO ordtes (rifweb, cliente) VALUES (rif, 'C1'); "
            "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'fido superato'; END"
        )
        with erp.target(write=[{"sql": "CALL crea_ordine(:rif)"}]) as target:
            refused = deliver(target, order("W-1"))
        assert refused.code == "SA-5302"
        assert "fido superato" in refused.reason
        assert erp.documents == []

    def test_server_that_ends_the_connection_between_two_statements_undoes_the_first(
        self, mariadb: Database
    ) -> None:
        """A driver that came back by itself would keep the lines without their header."""
        erp = on_database(mariadb, "mariadb").make_orders()
        with erp.target(write=[HEADER, {"sql": "KILL CONNECTION_ID()"}, LINES]) as target:
            with pytest.raises(Unavailable) as lost:
                deliver(target, order("W-1"))
            assert lost.value.untouched
        assert erp.documents == []


@pytest.mark.xdist_group("firebird")
class TestFirebird:
    def test_procedure_and_returning_tell_the_number(self, firebird: Database) -> None:
        erp = on_database(firebird, "firebird").make_orders()
        erp.sql(
            "CREATE PROCEDURE crea_ordine (rif VARCHAR(40)) RETURNS (numero INTEGER) AS BEGIN "
            "INSERT INTO ordtes (rifweb, cliente) VALUES (:rif, 'C1') "
            "RETURNING numdoc INTO :numero; END"
        )
        calling = {"sql": "EXECUTE PROCEDURE crea_ordine(:rif)", "returns": "numero"}
        with erp.target(write=[calling, LINES]) as target:
            assert deliver(target, order("W-1")).reference == "1"
        returning = HEADER | {"sql": HEADER["sql"] + " RETURNING numdoc", "returns": "numdoc"}
        with erp.target(write=[returning, LINES]) as target:
            assert deliver(target, order("W-2")).reference == "2"
        assert erp.documents == [("W-1", 2), ("W-2", 2)]

    def test_trigger_refuses_in_its_own_words_and_open_orders_of_others_are_no_obstacle(
        self, firebird: Database
    ) -> None:
        erp = on_database(firebird, "firebird").make_orders()
        erp.sql(
            "CREATE EXCEPTION bloccato 'cliente bloccato'",
            "CREATE TRIGGER controlla FOR ordtes BEFORE INSERT AS BEGIN "
            "IF (NEW.cliente = 'C666') THEN EXCEPTION bloccato; END",
        )
        with erp.target() as target, closing(erp.opener()) as clerk:
            clerk.execute("BEGIN")
            clerk.execute("INSERT INTO ordtes (rifweb, cliente) VALUES ('W-0', 'C1')").close()
            assert deliver(target, order("W-1")).accepted
            clerk.execute("COMMIT")
            refused = deliver(target, order("W-2", customer="C666"))
            assert (refused.code, "cliente bloccato" in refused.reason) == ("SA-5302", True)
