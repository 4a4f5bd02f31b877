"""`explain`, `verify`, `replay` and `jobs` as people call them, on one daemon."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.cli.conftest import Site, Until

pytestmark = pytest.mark.xdist_group("living")
FLOWS = ("explained", "compared", "repaired", "replayed", "asked")


def remove(site: Site, key: str) -> None:
    """Somebody removes a product in the shop's own database."""
    with closing(sqlite3.connect(site.folder / "shop.db", timeout=10)) as db, db:
        assert db.execute("DELETE FROM records WHERE key = ?", (key,)).rowcount == 1


def test_explanation_begins_with_one_sentence_in_the_language_of_the_terminal(
    living: Site,
) -> None:
    living.drop("E1,Vite", "E2,", flow="explained")
    living.run("sync", "explained")
    there = living.run("explain", "explained", "E1", LC_ALL="it_IT.UTF-8")
    assert there.status == 0, there
    assert there.out.startswith("E1 è su shop così come nella sorgente, dal ")
    refused = living.run("explain", "explained", "E2", LC_ALL="C")
    sentence, remedy, command, *_ = refused.out.splitlines()
    assert 'field "name"' in sentence
    assert remedy == "What to do: Fill it in at the source, or declare a `default`."
    assert command == "→ syncagent resync explained --key E2"
    assert living.run("explain", "explained", "E1", "--lang", "en").out.startswith("E1 is at shop")
    document = living.run("explain", "explained", "E1", "--json").document
    assert (document["there"], document["said"]) == (True, "is.there")
    sent = next(step["at"] for step in document["steps"] if step["step"] == "sent")
    elsewhere = living.run("explain", "explained", "E1", TZ="Asia/Tokyo")
    assert sent[:19].replace("T", " ") in elsewhere.out, "times are those of the site: UTC"


def test_comparison_exits_with_0_in_step_and_with_1_where_something_is_missing(
    living: Site,
) -> None:
    living.drop("C1,Vite", "C2,Dado", flow="compared")
    living.run("sync", "compared")
    in_step = living.run("verify", "compared")
    assert in_step.status == 0, in_step
    assert in_step.out == "2 of 2 in step\n"
    remove(living, "C1")
    missing = living.run("verify", "compared")
    assert missing.status == 1
    assert missing.out.splitlines()[0] == "1 of 2 in step, 1 missing"
    assert "missing  C1" in missing.out
    assert "syncagent verify compared --repair" in missing.err
    status = living.run("status", "--json").document["flows"]
    (flow,) = (each for each in status if each["flow"] == "compared")
    assert flow["verification"]["told"] == "1 of 2 in step, 1 missing"


def test_repair_waits_until_what_was_missing_is_there(living: Site) -> None:
    living.drop("R1,Vite", "R2,Dado", flow="repaired")
    living.run("sync", "repaired")
    remove(living, "R2")
    assert living.run("verify", "repaired", "--repair").status == 0
    assert living.run("verify", "repaired").out == "2 of 2 in step\n"


def test_extra_records_are_deleted_only_with_repair(living: Site) -> None:
    answer = living.run("verify", "repaired", "--delete-extra")
    assert (answer.status, "--repair" in answer.err) == (2, True)


def test_replay_sends_again_what_was_delivered(living: Site, until: Until) -> None:
    living.drop("P1,Vite", flow="replayed")
    living.run("sync", "replayed")
    answer = living.run("replay", "replayed", "--since", "2020-01-01")
    assert answer.status == 0, answer
    assert answer.out.startswith("1 are sent again")

    def sent_twice() -> bool:
        listed = living.run(
            "outbox", "list", "--flow", "replayed", "--state", "delivered", "--json"
        )
        return len(listed.document["messages"]) == 2

    until(sent_twice)


def test_job_is_asked_for_and_shown(living: Site, until: Until) -> None:
    living.drop("J1,Vite", flow="asked")
    asked = living.run("jobs", "run", "asked", "--json")
    job = str(asked.document["job"])
    until(lambda: living.run("jobs", "show", job, "--json").document["state"] == "done")
    listed = living.run("jobs", "list", "--json").document
    assert listed["running"] == listed["waiting"] == []
    assert any(each["flow"] == "asked" for each in listed["done"])
    gone = living.run("jobs", "cancel", job)
    assert (gone.status, gone.err[:7]) == (2, "SA-7105")
    assert living.run("jobs", "cancel").status == 2
