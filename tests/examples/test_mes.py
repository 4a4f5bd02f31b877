"""The example of an MES: its calls are signals, its table is the truth, arrivals are looked up."""

from __future__ import annotations

import base64
import json
import socket
import sqlite3
import ssl
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.api.flows import resume
from agent.daemon import Agent
from agent.store import Run
from connectors._http import sign
from tests.examples.conftest import OpenSite
from tests.examples.site import Records, Site, drop, words
from tests.waiting import until

KEY = b"a key of twenty-four byte"
ARTICLES = 40
NO_DAY = {"00000000", "99999999"}


class Mes:
    """The MES's own database, and the calls that it makes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.port = _free_port()
        self.authority = Path()
        self.arrivals: dict[tuple[str, str], tuple[str, str]] = {}
        """(article, warehouse) → quantity in hundredths, day; as purchasing last told it."""
        self.execute("PRAGMA journal_mode = WAL")
        self.execute(
            "CREATE TABLE stock (article TEXT, warehouse TEXT, on_hand DECIMAL(12, 2),"
            " blocked DECIMAL(12, 2), reserved DECIMAL(12, 2), PRIMARY KEY (article, warehouse))"
        )
        for number in range(ARTICLES):
            self.execute(
                "INSERT INTO stock VALUES (?, ?, ?, 1, 2.5)",
                f"{number:06}",
                "MI" if number % 2 else "RM",
                number,
            )

    def execute(self, statement: str, *values: object) -> None:
        """Stock moves."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute(statement, values)

    def call(self, event: str, *keys: tuple[str, str]) -> int:
        """Tell the agent which articles moved, over TLS; the status of its answer."""
        items = [{"article": article, "warehouse": warehouse} for article, warehouse in keys]
        body = json.dumps({"items": items}).encode()
        signed = sign(body, message_id=event, timestamp=int(time.time()), keys=[KEY])
        return self.post(body, [("content-type", "application/json"), *signed])

    def post(self, body: bytes, headers: list[tuple[str, str]]) -> int:
        """One request; the status of its answer."""
        url = f"https://localhost:{self.port}/mes/stock"
        context = ssl.create_default_context(cafile=str(self.authority))
        with httpx.Client(verify=context, trust_env=False) as client:
            return client.post(url, content=body, headers=headers).status_code

    def expected(self) -> Records:
        """What the shop is to hold, from the table and the last list of arrivals."""
        with closing(sqlite3.connect(self.path)) as connection:
            rows = connection.execute("SELECT * FROM stock").fetchall()
        return {f"{row[0]}|{row[1]}": self._record(*row) for row in rows}

    def _record(
        self, article: str, warehouse: str, on_hand: float, blocked: float, reserved: float
    ) -> dict[str, Any]:
        quantity, day = self.arrivals.get((article, warehouse), ("0", "00000000"))
        return {
            "sku": article,
            "warehouse": warehouse,
            "quantity": f"{max(on_hand - blocked - reserved, 0):g}",
            "reserved": f"{reserved:g}",
            "incoming": f"{int(quantity) / 100:g}",
            "available_on": None if day in NO_DAY else f"{day[:4]}-{day[4:6]}-{day[6:]}",
        }


@pytest.fixture
def mes(tmp_path: Path) -> Mes:
    return Mes(tmp_path / "mes.db")


@pytest.fixture
def site(mes: Mes, open_site: OpenSite) -> Site:
    site = open_site("mes")
    assert site.shop.certificates is not None
    mes.authority = site.shop.certificates.authority
    (site.folder / "arrivals").mkdir()
    site.secret("mes-calls", "whsec_" + base64.b64encode(KEY).decode())
    site.configure(
        {
            "/srv/mes/mes.db": str(mes.path),
            "host: 192.0.2.10": "host: 127.0.0.1",
            "port: 8443": f"port: {mes.port}",
            "/etc/syncagent/agent.pem": str(site.shop.certificates.server),
            "/etc/syncagent/agent.key": str(site.shop.certificates.server_key),
            "/srv/purchasing/arrivals": str(site.folder / "arrivals"),
        }
    )
    return site


def arrive(site: Site, mes: Mes, arrivals: dict[tuple[str, str], tuple[str, str]]) -> None:
    """Purchasing drops its list: fields of fixed width, one line for each arrival."""
    mes.arrivals = arrivals
    lines = [
        f"{article:10}{warehouse:4}{quantity:>9}{day}\r\n"
        for (article, warehouse), (quantity, day) in arrivals.items()
    ]
    drop(site.folder / "arrivals", "ARRIVALS.TXT", "".join(lines))


ARRIVALS = {
    ("000003", "MI"): ("12050", "20261201"),
    ("000004", "RM"): ("300", "99999999"),
    ("000009", "RM"): ("100", "20261201"),  # the warehouse has no such article
}


def test_stock_arrives_with_the_day_of_the_next_arrival(site: Site, mes: Mes) -> None:
    arrive(site, mes, ARRIVALS)
    assert site.sync()["stock"].outcome == "ok"
    shown = site.shown("stock")
    assert shown["000003|MI"]["available_on"] == "2026-12-01"
    assert shown["000003|MI"]["incoming"] == "120.5"
    assert shown["000001|MI"]["quantity"] == "0", "never less than nothing"
    site.assert_in_step("stock", mes.expected())


def test_call_of_the_mes_syncs_what_it_names(site: Site, mes: Mes) -> None:
    with site.running() as agent:
        site.until_shown("stock", mes.expected)
        mes.execute("UPDATE stock SET on_hand = 77 WHERE article = '000005'")
        mes.execute("DELETE FROM stock WHERE article = '000006'")
        mes.execute("UPDATE stock SET on_hand = 88 WHERE article = '000007'")
        assert mes.call("e1", ("000005", "MI"), ("000006", "RM")) == 204
        untold = mes.expected() | {"000007|MI": site.shown("stock")["000007|MI"]}
        site.until_shown("stock", lambda: untold)
        until(lambda: _finished(agent, "keys"))
        assert _finished(agent, "keys")[0].counts["rows"] == 1, "of the two one was there"
        assert mes.call("e1", ("000005", "MI")) == 204, "told twice"
        agent.request("stock", "differential")
        site.until_shown("stock", mes.expected)
    site.assert_in_step("stock", mes.expected())


def test_caller_who_cannot_sign_wakes_nobody(site: Site, mes: Mes) -> None:
    with site.running():
        site.until_shown("stock", mes.expected)
        assert mes.post(b'{"items": []}', [("content-type", "application/json")]) == 401


def test_new_list_of_arrivals_reaches_its_articles_by_itself(site: Site, mes: Mes) -> None:
    arrive(site, mes, ARRIVALS)
    with site.running():
        site.until_shown("stock", mes.expected)
        before = site.effects()
        arrive(
            site,
            mes,
            {("000003", "MI"): ("12050", "20261215"), ("000008", "RM"): ("5", "00000000")},
        )
        site.until_shown("stock", mes.expected)
        assert site.effects() - before == 3, "one later, one new, one gone"


def test_night_finds_what_no_call_told(site: Site, mes: Mes) -> None:
    site.sync()
    mes.execute("UPDATE stock SET blocked = 0 WHERE article > '000030'")
    mes.execute("DELETE FROM stock WHERE article = '000020'")
    site.sync(scope="full")
    site.assert_in_step("stock", mes.expected())


def test_calls_during_an_outage_of_the_shop_are_not_lost(site: Site, mes: Mes) -> None:
    with site.running():
        site.until_shown("stock", mes.expected)
        site.shop.kill()
        for event, number in enumerate((5, 6, 5)):
            mes.execute(f"UPDATE stock SET on_hand = on_hand + 10 WHERE article = '00000{number}'")
            warehouse = "MI" if number % 2 else "RM"
            assert mes.call(f"e{event}", (f"00000{number}", warehouse)) == 204
    site.shop.start()
    with site.running() as agent:
        resume(agent, target="shop")
        site.until_shown("stock", mes.expected)
    site.assert_in_step("stock", mes.expected())


def test_what_moved_while_the_agent_was_down_is_found_when_it_starts(site: Site, mes: Mes) -> None:
    site.sync()
    mes.execute("UPDATE stock SET on_hand = 55 WHERE article = '000005'")
    with site.running():
        site.until_shown("stock", mes.expected)


def test_mes_that_cannot_be_reached_takes_nothing_away(site: Site, mes: Mes) -> None:
    site.sync()
    away = mes.path.rename(mes.path.with_name("away.db"))
    assert site.sync()["stock"].outcome == "halted"
    away.rename(mes.path)
    with closing(Agent.open(site.config)) as agent:
        resume(agent, "stock")
    mes.execute("UPDATE stock SET on_hand = 55 WHERE article = '000005'")
    site.sync()
    site.assert_in_step("stock", mes.expected())


def test_check_and_preview_tell_what_they_found(site: Site, mes: Mes) -> None:
    arrive(site, mes, ARRIVALS)
    checked = site.command("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for line in (
        "stock source ok stock: 5 columns: article, warehouse, on_hand, blocked, reserved",
        "stock.arrival lookup ok ARRIVALS.TXT: ready",
    ):
        assert line in words(checked.stdout)
    site.sync()
    mes.execute("UPDATE stock SET on_hand = 55 WHERE article = '000003'")
    shown = site.command("preview", "stock", "--key", "000003|MI")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert '000003|MI changed quantity: "0" → "51.5"' in words(shown.stdout)


def _finished(agent: Agent, scope: str) -> list[Run]:
    runs = agent.store.runs.list("stock", limit=100)
    return [run for run in runs if run.scope == scope and run.finished_at]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
