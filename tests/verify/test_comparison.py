"""Both sides compared: by reading back, and by digests over the shop protocol."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.assembly import timetables
from agent.errors import Rejected
from agent.verify.comparison import number_of_buckets
from tests.explain.premises import CONFIG, Premises, premises
from tests.verify.meter import Meter
from tests.verify.shop import shop_config

A1 = ("A1", "Vite", "1.5", "A")
A2 = ("A2", "Dado", "2", "A")
A3 = ("A3", "Rosetta", "3", "A")


def verify(site: Premises) -> dict[str, Any]:
    run = site.run("verify")
    assert run["outcome"] in {"ok", "partial"}, run
    return site.ask("verification", flow="products")


def findings(answer: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    return {each["key"]: (each["kind"], each["fields"]) for each in answer["findings"]}


def in_shop(folder: Path, statement: str, *values: Any) -> None:
    """Somebody works in the shop's own database."""
    with closing(sqlite3.connect(folder / "shop.db", timeout=10)) as db, db:
        assert db.execute(statement, values).rowcount


def test_what_is_in_step_is_told_in_one_line(site: Premises) -> None:
    site.holds(A1, A2)
    site.sync()
    answer = verify(site)
    assert (answer["how"], answer["told"]) == ("read_back", "2 of 2 in step")
    (flow,) = site.ask("status")["flows"]
    assert flow["verification"]["told"] == "2 of 2 in step"
    assert flow["verification"]["finished_at"]


def test_reading_back_finds_what_is_missing_and_what_differs_with_its_fields(
    site: Premises,
) -> None:
    site.holds(A1, A2, A3)
    site.sync()
    site.keep("A1", "Altro")
    del site.receiver.holds["product", "A2"]
    answer = verify(site)
    assert findings(answer) == {
        "A1": ("different", {"name": ["Vite", "Altro"]}),
        "A2": ("missing", {}),
    }
    assert answer["told"] == "1 of 3 in step, 1 missing, 1 different"


def test_record_on_its_way_is_neither_missing_nor_different(site: Premises) -> None:
    site.holds(A1, A2)
    site.sync()
    site.receiver.refuses["A1"] = "no such category"
    site.holds(("A1", "Vite M4", "1.5", "A"), A2)
    site.sync()
    assert verify(site)["told"] == "1 of 2 in step, 1 under way"


def test_comparison_is_no_look_at_the_source(site: Premises) -> None:
    site.holds(A1)
    site.sync()
    before = site.ask("status")["flows"][0]["last_good_run_at"]
    verify(site)
    assert site.ask("status")["flows"][0]["last_good_run_at"] == before


def test_halted_flow_is_compared_all_the_same(site: Premises) -> None:
    site.holds(A1)
    site.sync()
    site.agent.store.flows.update("products", halted="SA-4001 the columns changed")
    assert verify(site)["told"] == "1 of 1 in step"


def test_repair_sends_again_what_is_missing_or_differs(site: Premises) -> None:
    site.holds(A1, A2, A3)
    site.sync()
    site.keep("A1", "Altro")
    del site.receiver.holds["product", "A2"]
    verify(site)
    mended = site.ask("repair", flow="products", by="Anna")
    assert (mended["sent_again"], mended["deleted"]) == (2, 0)
    site.wait(lambda: site.ask("progress", job=mended["job"])["state"] == "done")
    site.wait(lambda: site.counts().get("pending", 0) == 0)
    assert verify(site)["told"] == "3 of 3 in step"
    assert [each.key for each in site.receiver.effects].count("A3") == 1


def test_repair_whose_job_is_lost_is_done_by_the_next_look(site: Premises) -> None:
    site.holds(A1, A2)
    site.sync()
    del site.receiver.holds["product", "A2"]
    verify(site)
    site.agent.store.flows.update("products", halted="SA-4001 the columns changed")
    job = site.ask("repair", flow="products", by="Anna")["job"]
    site.wait(lambda: site.ask("progress", job=job)["state"] == "done")
    assert ("product", "A2") not in site.receiver.holds
    site.ask("resume", flow="products")
    site.wait(lambda: ("product", "A2") in site.receiver.holds)


def test_nothing_is_repaired_before_it_was_compared(site: Premises) -> None:
    with pytest.raises(Rejected, match="never compared"):
        site.ask("repair", flow="products", by="Anna")
    with pytest.raises(Rejected, match="never compared"):
        site.ask("verification", flow="products")


def test_shop_is_compared_by_digests(shop_site: Premises, tmp_path: Path) -> None:
    site = shop_site
    site.holds(A1, A2, A3)
    site.sync()
    answer = verify(site)
    assert (answer["how"], answer["told"]) == ("digests", "3 of 3 in step")

    body = json.dumps({"sku": "A1", "name": "Altro", "weight": "1.50"})
    in_shop(tmp_path, "UPDATE records SET data = ?, digest = '' WHERE key = 'A1'", body)
    in_shop(tmp_path, "DELETE FROM records WHERE key = 'A2'")
    in_shop(tmp_path, "UPDATE records SET digest = 'of another agent' WHERE key = 'A3'")
    answer = verify(site)
    assert findings(answer) == {
        "A1": ("different", {"name": ["Vite", "Altro"]}),
        "A2": ("missing", {}),
    }
    assert answer["told"] == "1 of 3 in step, 1 missing, 1 different"


def test_what_is_too_much_in_the_shop_is_deleted_only_when_a_person_says_so(
    shop_site: Premises,
) -> None:
    site = shop_site
    site.holds(A1, A2)
    site.sync()
    site.agent.store.known.remove("products", [1])  # as if it were another agent's
    assert findings(verify(site)) == {"A2": ("extra", {})}
    kept = site.ask("repair", flow="products", by="Anna")
    assert (kept["deleted"], kept["left"]) == (0, 1)
    gone = site.ask("repair", flow="products", by="Anna", delete_extra=True)
    assert (gone["deleted"], gone["left"], gone["job"]) == (1, 0, 0)
    site.wait(lambda: site.counts().get("pending", 0) == 0)
    assert verify(site)["told"] == "1 of 1 in step"


def test_record_of_another_flow_to_the_same_place_is_not_too_much(
    tmp_path: Path, meter: Meter
) -> None:
    config = shop_config(meter.port)
    flow = config[config.index("  products:") :]
    with premises(tmp_path, config + flow.replace("products:", "others:")) as site:
        site.holds(A1)
        site.sync()
        site.holds(A2)
        job = site.ask("request", flow="others")["job"]
        site.wait(lambda: site.ask("progress", job=job)["state"] == "done")
        site.wait(lambda: not site.agent.store.messages.counts()["others"].get("pending", 0))
        assert verify(site)["told"] == "1 of 1 in step"


def test_a_million_records_in_step_are_compared_with_less_than_a_megabyte(
    shop_site: Premises, meter: Meter, compared: int
) -> None:
    """A million fill 4,096 buckets. `make million` transfers as much; here 4,000 fill 16."""
    site, patience = shop_site, 20 + compared / 500
    site.holds(*((f"SKU-{number:07}", "Vite", "1.5", "A") for number in range(compared)))
    site.sync(patience=patience)
    before = meter.passed
    site.run("verify", patience=patience)
    told = site.ask("verification", flow="products")["told"]
    assert told == f"{compared:,} of {compared:,} in step"
    transferred = meter.passed - before
    buckets = number_of_buckets(compared)
    # The headers and the log-in count for every bucket; its number and its count get longer.
    of_a_bucket = transferred / buckets + len("4095") + len("1000") - len("0") - len("100")
    assert number_of_buckets(1_000_000) * of_a_bucket < 1_000_000
    assert transferred > 16 * buckets


def test_comparison_by_schedule_falls_due_after_the_last_one(tmp_path: Path) -> None:
    config = CONFIG.replace(
        "    watch: no", '    watch: no\n    schedule: {{verify: "30 3 * * *"}}'
    )
    with premises(tmp_path, config, running=False) as site:
        now = site.agent.clock.now_ms()
        (found,) = timetables(site.agent.config, site.agent.store, now)
        assert (found.scope, found.due_at) == ("verify", found.rhythm.next_after(now))
