"""Flows, jobs and runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.store import FlowState, Job, Outcome, Store
from tests.store.conftest import StandingClock, a_change


def test_flow_remembers_what_its_passes_left(store: Store) -> None:
    assert store.flows.get("f") == FlowState()
    store.flows.update(
        "f", cursor="42", columns={"a": "int", "b": ""}, halted="SA-4001 columns changed"
    )
    store.flows.update("f", full_pass_at=7)
    assert store.flows.get("f") == FlowState(
        cursor="42", columns={"a": "int", "b": ""}, halted="SA-4001 columns changed", full_pass_at=7
    )


def test_field_that_a_flow_does_not_have_is_a_mistake(store: Store) -> None:
    with pytest.raises(TypeError, match="cursors"):
        store.flows.update("f", cursors="42")  # type: ignore[call-arg]


def request(store: Store, flow: str = "f", scope: str = "full", **more: Any) -> int:
    asked = {"asked_by": "schedule", "priority": 1, "now": 100, **more}
    return store.jobs.request(flow, scope, **asked)


def test_equal_waiting_jobs_melt_into_the_more_urgent_one(store: Store) -> None:
    job = request(store, not_before=500)
    assert request(store, asked_by="person", priority=9) == job
    (waiting,) = store.jobs.waiting()
    assert (waiting.asked_by, waiting.priority, waiting.not_before) == ("person", 9, 0)


def test_requests_for_keys_melt_by_joining_their_keys(store: Store) -> None:
    request(store, scope="keys", keys=("a", "b"))
    job = request(store, scope="keys", keys=("b", "c"))
    assert store.jobs.get(job).keys == ("a", "b", "c")


def test_running_job_does_not_swallow_a_new_request(store: Store) -> None:
    job = request(store)
    store.jobs.start(job, run=1)
    assert request(store) != job


def test_next_job_is_the_most_urgent_of_the_flows_that_are_free(store: Store) -> None:
    request(store, "slow", priority=9)
    request(store, "later", priority=5, not_before=1000)
    usual = request(store, "usual")

    def but(*busy: str) -> Callable[[Job], bool]:
        return lambda job: job.flow not in busy

    assert store.jobs.next(100, but("slow")).id == usual
    assert store.jobs.next(100, but("slow", "usual")) is None
    assert store.jobs.next_due(but("slow", "usual")) == 1000
    assert store.jobs.next(1000, but("slow")).flow == "later"


def test_job_can_be_cancelled_until_it_runs(store: Store) -> None:
    job = request(store)
    assert store.jobs.cancel(job)
    assert not store.jobs.cancel(job)
    running = request(store)
    store.jobs.start(running, run=1)
    assert not store.jobs.cancel(running)
    store.jobs.done(running)
    assert store.jobs.get(running) is None


def test_crash_interrupts_the_run_and_queues_its_job_again(
    path: Path, clock: StandingClock
) -> None:
    with Store.open(path, clock) as store:
        job = request(store)
        run = store.runs.start(job, "f", "full", "schedule", 100)
        store.jobs.start(job, run)
        store.known.put("f", [("a", b"r" * 16, b"n" * 16, None)])
        store.messages.append("f", "shop", run, 0, [a_change("a")], held=True, coalesce=True)
    with Store.open(path, clock) as store:
        assert store.runs.get(run).outcome is Outcome.INTERRUPTED
        assert [each.flow for each in store.jobs.waiting()] == ["f"]
        assert store.known.count("f") == 0, "what nobody judged is looked at again"
        assert store.messages.open_load("shop") == (0, 0)


def test_run_ends_with_counts_and_reason(store: Store) -> None:
    run = store.runs.start(1, "f", "full", "person", 100)
    store.runs.finish(run, "partial", {"rows": 3, "refused": 1}, "SA-3001", "one refused", 200)
    (row,) = store.runs.list("f")
    assert row == store.runs.get(run)
    assert (row.outcome, row.counts, row.finished_at) == ("partial", {"rows": 3, "refused": 1}, 200)
    assert store.runs.list("g") == []
    with pytest.raises(KeyError):
        store.runs.get(99)


def test_held_runs_wait_until_a_person_spoke(store: Store) -> None:
    run = store.runs.start(1, "f", "full", "person", 100)
    store.runs.hold(run, "900 of 1000 deleted")
    assert [each.reason for each in store.runs.held()] == ["900 of 1000 deleted"]
    store.runs.set_outcome(run, "approved", "approved by anna")
    assert store.runs.held() == []
