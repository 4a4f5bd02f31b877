"""A command is kept with its job or its result, until the other side has heard."""

from pathlib import Path

from agent.store import Store
from tests.store.conftest import StandingClock


def test_command_is_known_once_it_was_taken(store: Store) -> None:
    assert not store.commands.is_known("shop", "c1")
    store.commands.take("shop", "c1", 1, job=7)
    assert store.commands.is_known("shop", "c1")
    assert not store.commands.is_known("other", "c1")


def test_job_of_a_command_is_looked_at_until_it_is_over(store: Store) -> None:
    store.commands.take("shop", "c1", 1, job=7)
    assert store.commands.at_work("shop") == [("c1", 7)]
    assert store.commands.unreported("shop") == []
    store.commands.conclude("shop", "c1", {"status": "done"})
    assert store.commands.at_work("shop") == []
    assert store.commands.unreported("shop") == [("c1", {"status": "done"})]


def test_result_is_told_again_to_who_asks_again(store: Store) -> None:
    store.commands.take("shop", "c1", 1, result={"status": "done"})
    store.commands.reported("shop", "c1")
    assert store.commands.unreported("shop") == []
    store.commands.is_known("shop", "c1")
    assert store.commands.unreported("shop") == [("c1", {"status": "done"})]


def test_only_what_was_heard_is_forgotten(store: Store) -> None:
    store.commands.take("shop", "c1", 1, result={"status": "done"})
    store.commands.take("shop", "c2", 1, result={"status": "done"})
    store.commands.take("shop", "c3", 100, result={"status": "done"})
    for command in ("c1", "c3"):
        store.commands.reported("shop", command)
    store.commands.forget(50)
    assert [store.commands.is_known("shop", name) for name in ("c1", "c2", "c3")] == [
        False,
        True,
        True,
    ]


def test_job_that_a_crash_cut_off_keeps_its_number(path: Path, clock: StandingClock) -> None:
    with Store.open(path, clock) as store:
        job = store.jobs.request("f", "keys", ["a"], asked_by="shop", priority=20, now=0)
        store.jobs.start(job, store.runs.start(job, "f", "keys", "shop", 0))
    with Store.open(path, clock) as store:
        (waiting,) = store.jobs.waiting()
        assert (waiting.id, waiting.keys, waiting.run) == (job, ("a",), None)


def test_job_that_a_crash_cut_off_melts_into_an_equal_one(path: Path, clock: StandingClock) -> None:
    with Store.open(path, clock) as store:
        job = store.jobs.request("f", "keys", ["a"], asked_by="shop", priority=20, now=0)
        store.jobs.start(job, store.runs.start(job, "f", "keys", "shop", 0))
        other = store.jobs.request("f", "keys", ["b"], asked_by="person", priority=30, now=0)
    with Store.open(path, clock) as store:
        (waiting,) = store.jobs.waiting()
        assert (waiting.id, sorted(waiting.keys), waiting.priority) == (other, ["a", "b"], 30)
