"""The other side was restored from a backup: it gets again what came later, and nothing twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.errors import Rejected
from connectors.memory import Receiver
from tests.explain.premises import CONFIG, Premises, premises

INTO_AN_ERP = CONFIG.replace(
    "shop: {{kind: memory,", "shop: {{kind: sqlite, file: erp.db,"
).replace(
    'target: {{connection: shop, receiver: "{name}"}}',
    """target:
      connection: shop
      values: {{rif: "{{{{ key }}}}"}}
      look_up: [{{sql: SELECT id FROM ordini WHERE rif = :rif}}]
      write: [{{sql: INSERT INTO ordini (rif) VALUES (:rif) RETURNING id, returns: id}}]""",
)

A1 = ("A1", "Vite", "1.5", "A")
A2 = ("A2", "Dado", "2", "A")
A3 = ("A3", "Rosetta", "3", "A")


def moment(site: Premises) -> str:
    """Now, and a moment later it is later."""
    now = site.agent.clock.now_ms()
    site.wait(lambda: site.agent.clock.now_ms() > now + 2)
    return datetime.fromtimestamp((now + 1) / 1000, UTC).isoformat()


def back_up(receiver: Receiver) -> Receiver:
    return Receiver(dict(receiver.holds), dict(receiver.versions), list(receiver.effects))


def restore(site: Premises, backup: Receiver) -> None:
    """The other side is what it was; whatever came later it never heard of."""
    receiver = site.receiver
    receiver.holds, receiver.versions = backup.holds, backup.versions
    receiver.effects = backup.effects


def test_what_came_after_the_backup_is_sent_again_in_its_newest_state(site: Premises) -> None:
    site.holds(A1, A2)
    site.sync()
    backup, since = back_up(site.receiver), moment(site)
    site.holds(("A1", "Vite M4", "1.5", "A"), A2, A3)
    site.sync()
    site.holds(("A1", "Vite M5", "1.5", "A"), A2, A3)
    site.sync()
    site.holds(("A1", "Vite M5", "1.5", "A"), A3)
    site.sync()  # A2 is deleted
    before = dict(site.receiver.holds)
    restore(site, backup)
    answer = site.ask("replay", flow="products", since=since, by="Anna")
    assert (answer["sent"], answer["read"], answer["under_way"]) == (3, 0, 0)
    site.wait(lambda: site.counts().get("pending", 0) == 0)
    assert site.receiver.holds == before
    assert site.receiver.record("product", "A1")["name"] == "Vite M5"


def test_versions_are_higher_than_before(site: Premises) -> None:
    since = moment(site)
    site.holds(A1)
    site.sync()
    highest = site.receiver.versions["product", "A1"]
    site.ask("replay", flow="products", since=since, by="Anna")
    site.wait(lambda: site.receiver.versions["product", "A1"] > highest)


def test_newer_state_on_its_way_is_not_written_over_by_an_older_one(site: Premises) -> None:
    since = moment(site)
    site.holds(A1)
    site.sync()
    site.receiver.refuses["A1"] = "no such category"
    site.holds(("A1", "Vite M4", "1.5", "A"))
    site.sync()
    answer = site.ask("replay", flow="products", since=since, by="Anna")
    assert (answer["sent"], answer["under_way"]) == (0, 1)
    site.receiver.refuses.clear()
    site.ask("retry", flow="products")
    site.wait(lambda: site.receiver.record("product", "A1")["name"] == "Vite M4")


def test_everything_that_is_replayed_is_in_doubt_also_where_there_is_much_of_it(
    site: Premises,
) -> None:
    since = moment(site)
    site.holds(*((f"A{number:03}", "Vite", "1", "A") for number in range(250)))
    site.sync()
    assert not any(m.doubtful for request in site.receiver.requests for m in request)
    site.receiver.requests.clear()
    assert site.ask("replay", flow="products", since=since, by="Anna")["sent"] == 250
    site.wait(lambda: site.counts().get("pending", 0) == 0)
    sent = [message for request in site.receiver.requests for message in request]
    assert len(sent) == 250
    assert all(message.doubtful for message in sent)


def test_order_that_survived_in_the_erp_is_not_written_twice(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "erp.db")) as erp:
        erp.execute("CREATE TABLE ordini (id INTEGER PRIMARY KEY, rif TEXT)")
        with premises(tmp_path, INTO_AN_ERP) as site:
            since = moment(site)
            site.holds(A1, A2)
            site.sync()
            with erp:
                assert erp.execute("DELETE FROM ordini WHERE rif = 'A2'").rowcount == 1
            site.ask("replay", flow="products", since=since, by="Anna")
            site.wait(lambda: site.counts().get("pending", 0) == 0)
            assert erp.execute("SELECT rif FROM ordini ORDER BY rif").fetchall() == [
                ("A1",),
                ("A2",),
            ]


def test_moment_before_what_is_kept_is_refused_with_what_to_do_instead(tmp_path: Path) -> None:
    config = CONFIG.replace("backup: off", "backup: off, keep_rows: 1")
    with premises(tmp_path, config) as site:
        long_ago = datetime.now(UTC) - timedelta(days=1)
        site.holds(A1, A2)
        site.sync()
        assert site.ask("replay", flow="products", since=long_ago.isoformat(), by="A")["sent"] == 2
        site.wait(lambda: site.counts().get("pending", 0) == 0)
        site.agent.store.maintain(site.agent.clock.now_ms())
        with pytest.raises(Rejected, match="not all kept any more") as caught:
            site.ask("replay", flow="products", since=long_ago.isoformat(), by="Anna")
        assert "--repair" in caught.value.hint


def test_moment_without_a_time_zone_is_no_moment(site: Premises) -> None:
    with pytest.raises(Rejected, match="since"):
        site.ask("replay", flow="products", since="2026-11-01T00:00:00", by="Anna")
