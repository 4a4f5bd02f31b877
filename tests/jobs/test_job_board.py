"""The jobs as people see them, and how they take one back."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from agent.errors import Rejected
from tests.explain.premises import CONFIG, premises

A1 = ("A1", "Vite", "1.5", "A")


class Barrier:
    """A key that is not read before it is let through."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __repr__(self) -> str:
        return "Barrier"

    def __str__(self) -> str:
        self.reached.set()
        assert self.open.wait(20)
        return "B1"

    def row(self) -> tuple[Any, str, str, str]:
        return self, "Dado", "2", "A"


def test_waiting_job_is_listed_and_taken_back(tmp_path: Path) -> None:
    with premises(tmp_path, running=False) as site:
        job = site.ask("request", flow="products", scope="keys", keys=["A1", "A2"])["job"]
        (waiting,) = site.ask("jobs")["waiting"]
        assert (waiting["job"], waiting["keys"], waiting["asked_by"]) == (job, 2, "person")
        site.ask("cancel", job=job, by="Anna")
        assert site.ask("jobs")["waiting"] == []
        with pytest.raises(Rejected, match="neither waits nor is being done"):
            site.ask("cancel", job=job, by="Anna")


def test_running_job_is_listed_with_how_far_it_got_and_ends_with_its_next_batch(
    tmp_path: Path,
) -> None:
    config = CONFIG.replace("key: [sku]", "key: [sku], batch_size: 1")
    with premises(tmp_path, config) as site:
        barrier = Barrier()
        site.holds(A1, barrier.row(), ("C1", "Rosetta", "3", "A"))
        job = site.ask("request", flow="products")["job"]
        assert barrier.reached.wait(20)
        (running,) = site.ask("jobs")["running"]
        assert (running["job"], running["rows"], running["changes"]) == (job, 1, 1)
        site.ask("request", flow="products", scope="full")
        (waiting,) = site.ask("jobs")["waiting"]
        assert waiting["why"] == "its flow is busy"
        site.ask("cancel", job=waiting["job"], by="Anna")

        site.ask("cancel", job=job, by="Anna")
        barrier.open.set()
        site.wait(lambda: site.ask("progress", job=job)["state"] == "done")
        ended = site.ask("progress", job=job)
        assert (ended["outcome"], ended["code"]) == ("interrupted", "SA-7107")
        assert ended["reason"] == "cancelled by Anna"
        assert ended["rows"] == 2
        site.wait(lambda: not site.ask("jobs")["running"])
        assert site.ask("jobs")["waiting"] == []


def test_what_an_event_asks_for_waits_without_a_number_and_is_taken_back(tmp_path: Path) -> None:
    with premises(tmp_path, running=False) as site:
        for scope in ("differential", "full"):
            site.agent.queue.request("products", scope, asked_by="event")
        asked_for = [(each["job"], each["scope"]) for each in site.ask("jobs")["waiting"]]
        assert sorted(asked_for) == [(None, "differential"), (None, "full")]
        site.ask("cancel", flow="products", waiting="full", by="Anna")
        (left,) = site.ask("jobs")["waiting"]
        assert left["scope"] == "differential"
        with pytest.raises(Rejected, match="no schedule or event waits for products: full"):
            site.ask("cancel", flow="products", waiting="full", by="Anna")
        with pytest.raises(Rejected, match="nothing is being done for products"):
            site.ask("cancel", flow="products", by="Anna")


def test_schedules_are_listed_with_when_they_are_due(tmp_path: Path) -> None:
    rhythm = '    watch: no\n    schedule: {{every: 1h, verify: "30 3 * * *"}}'
    with premises(tmp_path, CONFIG.replace("    watch: no", rhythm)) as site:
        scheduled = site.ask("jobs")["scheduled"]
        assert [each["scope"] for each in scheduled] in (
            ["differential", "verify"],
            ["verify", "differential"],
        )
        assert [each["due_at"] for each in scheduled] == sorted(e["due_at"] for e in scheduled)
