"""Requests become runs: never two of one flow at once, equal ones melted, the urgent first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.jobs import COMPARES, PASSING, JobQueue, Rhythm, Systems, Timetable
from agent.store import FlowPause, Job, Store


class Workshop:
    """Runs jobs until told to let them go, and remembers them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.done: list[Job] = []
        self.running: list[str] = []
        self.together: list[frozenset[str]] = []
        self.changed = threading.Condition()
        self.open = threading.Event()

    def work(self, job: Job) -> None:
        with self.changed:
            assert job.flow not in self.running
            self.running.append(job.flow)
            self.together.append(frozenset(self.running))
            self.changed.notify_all()
        assert self.open.wait(10)
        if job.id != PASSING:
            self.store.jobs.done(job.id)
        with self.changed:
            self.running.remove(job.flow)
            self.done.append(job)
            self.changed.notify_all()

    def until(self, happens: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(happens, timeout=10)


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    with Store.open(tmp_path / "store.db", SystemClock()) as store:
        yield Workshop(store)


@pytest.fixture
def queue(workshop: Workshop) -> Iterator[JobQueue]:
    queue = JobQueue(workshop.store, SystemClock(), workshop.work, workers=2)
    yield queue
    workshop.open.set()
    queue.stop(10)


def test_of_flows_that_bring_the_same_records_one_runs_at_a_time(
    workshop: Workshop, queue: JobQueue
) -> None:
    queue.schedule([], ledgers={"orders": "orders", "relay": "orders", "stock": "stock"})
    for flow in ("orders", "relay", "stock"):
        queue.request(flow, "full", asked_by="person")
    queue.start()
    workshop.until(lambda: len(workshop.running) == 2)
    workshop.open.set()
    workshop.until(lambda: len(workshop.done) == 3)
    assert not any({"orders", "relay"} <= running for running in workshop.together)


def test_a_flow_that_is_lent_begins_no_job(workshop: Workshop, queue: JobQueue) -> None:
    workshop.open.set()
    with queue.lend("orders", 1) as free:
        assert free
        queue.request("orders", "full", asked_by="person")
        queue.request("stock", "full", asked_by="person")
        queue.start()
        workshop.until(lambda: [job.flow for job in workshop.done] == ["stock"])
    workshop.until(lambda: [job.flow for job in workshop.done] == ["stock", "orders"])


def test_a_flow_that_is_busy_is_not_lent(workshop: Workshop, queue: JobQueue) -> None:
    queue.request("orders", "full", asked_by="person")
    queue.start()
    workshop.until(lambda: workshop.running == ["orders"])
    with queue.lend("orders", 0.01) as free:
        assert not free


def test_jobs_of_one_flow_never_overlap(workshop: Workshop, queue: JobQueue) -> None:
    queue.request("a", "differential", asked_by="event")
    queue.start()
    workshop.until(lambda: workshop.running == ["a"])
    queue.request("a", "full", asked_by="person")
    queue.request("b", "differential", asked_by="event")
    workshop.until(lambda: sorted(workshop.running) == ["a", "b"])
    workshop.open.set()
    workshop.until(lambda: len(workshop.done) == 3)
    assert max(len(each) for each in workshop.together) == 2


def test_equal_waiting_jobs_melt(workshop: Workshop, queue: JobQueue) -> None:
    for _ in range(5):
        queue.request("a", "differential", asked_by="event")
        queue.request("a", "keys", ("X",), asked_by="person")
    workshop.open.set()
    queue.start()
    workshop.until(lambda: len(workshop.done) == 2)
    assert sorted(job.scope for job in workshop.done) == ["differential", "keys"]


def test_person_goes_before_the_schedule(workshop: Workshop, queue: JobQueue) -> None:
    queue.request("a", "differential", asked_by="schedule")
    queue.request("a", "keys", ("X",), asked_by="person")
    workshop.open.set()
    queue.start()
    workshop.until(lambda: len(workshop.done) == 2)
    assert [job.asked_by for job in workshop.done] == ["person", "schedule"]


def test_no_more_flows_at_once_than_workers(workshop: Workshop, queue: JobQueue) -> None:
    for flow in ("a", "b", "c"):
        queue.request(flow, "differential", asked_by="event")
    queue.start()
    workshop.until(lambda: len(workshop.running) == 2)
    workshop.open.set()
    workshop.until(lambda: len(workshop.done) == 3)
    assert max(len(each) for each in workshop.together) == 2


def test_schedule_asks_again_and_again(workshop: Workshop, queue: JobQueue) -> None:
    workshop.open.set()
    queue.schedule([Timetable("a", "differential", Rhythm(every=0.02), 0)])
    queue.start()
    workshop.until(lambda: len(workshop.done) >= 3)
    assert queue.next_due("a") is not None
    assert queue.next_due("b") is None


def test_clock_set_back_does_not_stop_the_schedule(workshop: Workshop, queue: JobQueue) -> None:
    workshop.open.set()
    in_an_hour = SystemClock().now_ms() + 3_600_000
    queue.schedule([Timetable("a", "differential", Rhythm(every=0.02), in_an_hour)])
    queue.start()
    workshop.until(lambda: len(workshop.done) >= 2)


def test_delayed_job_waits(workshop: Workshop, queue: JobQueue) -> None:
    workshop.open.set()
    queue.request("a", "differential", asked_by="event", delay=3600)
    queue.request("b", "differential", asked_by="event")
    queue.start()
    workshop.until(lambda: len(workshop.done) == 1)
    assert workshop.done[0].flow == "b"


def test_request_of_a_person_survives_a_restart(workshop: Workshop, queue: JobQueue) -> None:
    job_id = queue.request("a", "full", asked_by="person")
    (waiting,) = workshop.store.jobs.waiting()
    assert (waiting.id, waiting.scope) == (job_id, "full")


def test_stop_waits_for_what_runs_and_starts_nothing(workshop: Workshop, queue: JobQueue) -> None:
    queue.request("a", "differential", asked_by="event")
    queue.start()
    workshop.until(lambda: workshop.running == ["a"])
    assert not queue.stop(0.05)
    queue.request("b", "differential", asked_by="event")
    workshop.open.set()
    assert queue.stop(10)
    assert [job.flow for job in workshop.done] == ["a"]


def test_quiet_source_is_read_only_for_somebody_who_waits(
    workshop: Workshop, queue: JobQueue
) -> None:
    workshop.open.set()
    quiet = {"erp": 4_000_000_000_000}
    queue.schedule([], {"erp": lambda _: quiet.get("erp")})
    queue.start()
    queue.request("erp", "differential", asked_by="event")
    queue.request("crm", "differential", asked_by="event")
    workshop.until(lambda: len(workshop.done) == 1)
    queue.request("erp", "full", asked_by="person")
    workshop.until(lambda: len(workshop.done) == 2)
    assert [(job.flow, job.scope) for job in workshop.done] == [
        ("crm", "differential"),
        ("erp", "full"),
    ]
    quiet.clear()
    queue.schedule([], {})
    workshop.until(lambda: len(workshop.done) == 3)
    assert workshop.done[2].flow == "erp", "what fell due in the quiet is done after it"


def test_keys_that_an_event_names_are_kept_and_wait_for_the_end_of_the_quiet(
    workshop: Workshop, queue: JobQueue
) -> None:
    later = 4_000_000_000_000
    queue.schedule([], {"erp": lambda _: later})
    queue.request("erp", "keys", ["A"], asked_by="event")
    queue.request("erp", "keys", ["B"], asked_by="event")
    (waiting,) = workshop.store.jobs.waiting()
    assert (waiting.keys, waiting.not_before) == (("A", "B"), later)
    queue.request("erp", "keys", ["C"], asked_by="person")
    (waiting,) = workshop.store.jobs.waiting()
    assert (waiting.keys, waiting.not_before) == (("A", "B", "C"), 0)


ERP_AND_CRM = Systems(
    {"a": {"erp"}, "b": {"erp"}, "c": {"erp"}, "d": {"crm"}, "e": {"crm", "erp"}},
    {"erp": 2, "crm": 1},
)


@pytest.fixture
def wide(workshop: Workshop) -> Iterator[JobQueue]:
    queue = JobQueue(workshop.store, SystemClock(), workshop.work, workers=8)
    queue.schedule([], systems=ERP_AND_CRM)
    yield queue
    workshop.open.set()
    queue.stop(10)


def test_no_more_flows_read_a_system_at_once_than_it_allows_and_others_go_on(
    workshop: Workshop, wide: JobQueue
) -> None:
    for flow in "abcd":
        wide.request(flow, "full", asked_by="person")
        wide.request(flow, "differential", asked_by="event")
    wide.start()
    workshop.until(lambda: {"d"} < set(workshop.running) and len(workshop.running) == 3)
    workshop.open.set()
    workshop.until(lambda: len(workshop.done) == 8)
    assert max(len(running & {"a", "b", "c"}) for running in workshop.together) == 2


def test_flow_that_reads_two_systems_waits_for_room_in_both(
    workshop: Workshop, wide: JobQueue
) -> None:
    wide.request("d", "full", asked_by="person")
    wide.start()
    workshop.until(lambda: workshop.running == ["d"])
    wide.request("e", "full", asked_by="person")
    wide.request("a", "full", asked_by="schedule")
    workshop.until(lambda: set(workshop.running) == {"d", "a"})
    workshop.open.set()
    workshop.until(lambda: len(workshop.done) == 3)
    assert not any({"d", "e"} <= running for running in workshop.together)


def test_comparison_takes_no_room_at_the_source(workshop: Workshop, wide: JobQueue) -> None:
    for flow in "ab":
        wide.request(flow, COMPARES, asked_by="person")
    wide.request("c", "full", asked_by="person")
    wide.start()
    workshop.until(lambda: set(workshop.running) == {"a", "b", "c"})
    wide.request("e", "full", asked_by="person")
    workshop.until(lambda: "e" in workshop.running)


def pause(store: Store, flow: str, *, milliseconds: int | None) -> None:
    now = SystemClock().now_ms()
    until = None if milliseconds is None else now + milliseconds
    store.pauses.put(FlowPause(flow, now, until, "person", "anna", "stock-taking"))


def test_of_a_paused_flow_nothing_begins_by_itself_but_what_fell_due_is_done_after_it(
    workshop: Workshop, queue: JobQueue
) -> None:
    workshop.open.set()
    pause(workshop.store, "a", milliseconds=None)
    for asked_by in ("event", "schedule", "person"):
        queue.request("a", "differential", asked_by=asked_by)
    queue.request("a", "keys", ("X",), asked_by="event")
    queue.request("a", COMPARES, asked_by="schedule")
    queue.request("b", "differential", asked_by="schedule")
    queue.start()
    workshop.until(lambda: len(workshop.done) == 1)
    queue.request("b", "full", asked_by="schedule")
    workshop.until(lambda: len(workshop.done) == 2)
    assert {job.flow for job in workshop.done} == {"b"}
    workshop.store.pauses.lift("a")
    queue.look()
    workshop.until(lambda: len(workshop.done) == 6)


def test_pause_ends_by_itself_and_the_queue_notices(workshop: Workshop, queue: JobQueue) -> None:
    workshop.open.set()
    pause(workshop.store, "a", milliseconds=80)
    queue.request("a", "full", asked_by="person")
    queue.request("a", "differential", asked_by="event")
    queue.start()
    workshop.until(lambda: len(workshop.done) == 2)
    assert workshop.store.pauses.in_force(SystemClock().now_ms()) == {}


def test_person_may_compare_a_flow_that_is_paused(workshop: Workshop, queue: JobQueue) -> None:
    workshop.open.set()
    pause(workshop.store, "a", milliseconds=None)
    queue.request("a", COMPARES, asked_by="person")
    queue.start()
    workshop.until(lambda: len(workshop.done) == 1)
