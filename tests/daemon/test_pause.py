"""A paused flow is not read: by itself nothing begins, and who asks for more is told why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.api.flows import pause
from agent.errors import Rejected, Unavailable
from connectors.memory import fails
from tests.explain.premises import CONFIG, Premises, premises
from tests.jobs.test_job_board import Barrier

WATCHED = CONFIG.replace("watch: no", "watch: yes")
A1, C1 = ("A1", "Vite", "1.5", "A"), ("C1", "Rosetta", "3", "A")
ROME = ZoneInfo("Europe/Rome")


def paused(site: Premises) -> dict[str, str] | None:
    (flow,) = site.ask("status")["flows"]
    found: dict[str, str] | None = flow["paused"]
    return found


def arrived(site: Premises, key: str) -> bool:
    return ("product", key) in site.receiver.holds


def test_events_wake_a_paused_flow_only_when_it_goes_on(tmp_path: Path) -> None:
    with premises(tmp_path, WATCHED) as site:
        site.wait(lambda: bool(site.agent.runner.looked_at))
        site.ask("pause", flow="products", by="anna", reason="stock-taking")
        site.holds(A1)
        site.table.wake()
        site.wait(lambda: bool(site.ask("jobs")["waiting"]))
        (waiting,) = site.ask("jobs")["waiting"]
        assert waiting["why"] == "its flow is paused"
        assert not arrived(site, "A1")
        site.ask("resume", flow="products")
        site.wait(lambda: arrived(site, "A1"))
        assert paused(site) is None


def test_who_asks_for_a_run_of_a_paused_flow_is_told_who_paused_it(tmp_path: Path) -> None:
    with premises(tmp_path) as site:
        site.ask("pause", flow="products", by="anna", lasts="2h", reason="stock-taking")
        with pytest.raises(Rejected, match=r'SA-7108.*"products" is paused until 20') as caught:
            site.ask("request", flow="products")
        assert caught.value.hint == "anna: stock-taking; syncagent resume products"


def test_paused_flow_is_compared_and_what_was_read_before_is_delivered(tmp_path: Path) -> None:
    with premises(tmp_path) as site:
        down = fails(Unavailable("SA-5901", "connection refused", untouched=True))
        site.receiver.script.extend([down] * 3)
        site.holds(A1)
        site.run()
        site.ask("pause", flow="products", by="anna")
        site.wait(lambda: arrived(site, "A1"))
        assert site.run("verify")["outcome"] == "ok"


def test_pause_lasts_over_a_restart_and_ends_by_itself(tmp_path: Path) -> None:
    with premises(tmp_path, running=False) as site:
        until = site.ask("pause", flow="products", by="anna", lasts="1h")["until"]
    with premises(tmp_path, WATCHED) as site:
        site.holds(A1)
        found = paused(site)
        assert found
        assert (found["by"], found["until"]) == ("anna", until)
        pauses, now = site.agent.store.pauses, site.agent.clock.now_ms()
        kept = pauses.get("products", now)
        assert kept
        pauses.put(replace(kept, until=now + 200))
        site.agent.queue.look()
        site.wait(lambda: arrived(site, "A1"))
        assert paused(site) is None


def test_run_that_is_under_way_ends_with_its_batch_and_begins_again_after_the_pause(
    tmp_path: Path,
) -> None:
    config = CONFIG.replace("key: [sku]", "key: [sku], batch_size: 1")
    with premises(tmp_path, config) as site:
        barrier = Barrier()
        site.holds(A1, barrier.row(), C1)
        job = site.ask("request", flow="products")["job"]
        assert barrier.reached.wait(20)
        site.ask("pause", flow="products", by="anna")
        barrier.open.set()
        site.wait(lambda: site.ask("progress", job=job)["state"] == "done")
        ended = site.ask("progress", job=job)
        assert (ended["outcome"], ended["code"], ended["rows"]) == ("interrupted", "SA-7101", 2)
        assert site.agent.runner.failing == frozenset(), "a pause is no failure of the source"
        site.ask("resume", flow="products")
        site.wait(lambda: arrived(site, "C1"))


def test_resuming_everything_ends_no_pause(tmp_path: Path) -> None:
    with premises(tmp_path, running=False) as site:
        site.ask("pause", flow="products", by="anna")
        site.ask("resume")
        assert paused(site)


def test_end_of_a_pause_accepts_no_changed_columns(tmp_path: Path) -> None:
    with premises(tmp_path, running=False) as site:
        site.agent.store.flows.update("products", columns={"sku": "text"})
        site.ask("pause", flow="products", by="anna")
        site.ask("resume", flow="products")
        assert site.agent.store.flows.get("products").columns == {"sku": "text"}


def test_verdict_names_paused_flows(tmp_path: Path) -> None:
    with premises(tmp_path, running=False) as site:
        assert site.ask("status")["verdict"] == "all is well"
        site.ask("pause", flow="products", by="anna")
        assert site.ask("status")["verdict"] == "all is well; paused: products"


def test_time_of_day_means_the_next_time_that_the_clocks_show_it(tmp_path: Path) -> None:
    with premises(tmp_path, running=False) as site:
        here = datetime.now(ROME)
        for ahead in (timedelta(hours=2), timedelta(hours=23)):
            wanted = (here + ahead).replace(second=0, microsecond=0)
            until = site.ask("pause", flow="products", by="anna", until=f"{wanted:%H:%M}")["until"]
            assert datetime.fromisoformat(until) == wanted
        tomorrow = (here + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
        answer = pause(site.agent, "products", "anna", until=f"{tomorrow:%Y-%m-%dT%H:%M}")
        assert datetime.fromisoformat(answer["until"]) == tomorrow


@pytest.mark.parametrize(
    "end", [{"lasts": "soon"}, {"until": "25:00"}, {"lasts": "0s"}, {"until": "2020-01-01T00:00"}]
)
def test_end_that_is_none_is_refused(tmp_path: Path, end: dict[str, str]) -> None:
    with premises(tmp_path, running=False) as site:
        for wrong in (end, {"lasts": "1h", "until": "08:00"}):
            with pytest.raises(Rejected, match="SA-7003"):
                site.ask("pause", flow="products", by="anna", **wrong)
        assert paused(site) is None
