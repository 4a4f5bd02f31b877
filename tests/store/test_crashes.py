"""Crashes, full disks, threads: what was committed stays, what was not leaves no trace."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from agent.errors import Unavailable
from agent.store import Store, StoreFailed
from tests.store.conftest import StandingClock, a_change

CHILD = """
import os, resource, signal, sys
from pathlib import Path
from agent.clock import SystemClock
from agent.model import Change, Op
from agent.store import Store

store = Store.open(Path(sys.argv[1]), SystemClock())

def append(*keys):
    changes = [Change(Op.UPSERT, "product", key, b"x" * 500, b"n" * 16, None) for key in keys]
    with store.transaction():
        store.known.put("f", [(key, b"r" * 16, b"n" * 16, None) for key in keys])
        store.messages.append("f", "shop", 1, 0, changes, held=False, coalesce=True)
        store.flows.update("f", cursor=keys[-1])
"""

KILLED_BEFORE_COMMIT = (
    CHILD
    + """
append("a", "b")
with store.transaction():
    append(*(f"{number:06d}" for number in range(30_000)))
    os.kill(os.getpid(), signal.SIGKILL)
"""
)

FILE_SIZE_LIMITED = (
    CHILD
    + """
append("a", "b")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
for attempt in range(2):
    try:
        append(*(f"{number:06d}" for number in range(30_000)))
    except Exception as error:
        print(type(error).__name__, error.code, flush=True)
"""
)


def run_child(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def what_is_there(store: Store) -> tuple[set[str], int, str]:
    keys = {row.key for row in store.messages.list()}
    return keys, store.known.count("f"), store.flows.get("f").cursor


def test_process_killed_before_its_commit_leaves_messages_digests_and_cursor_together(
    path: Path, clock: StandingClock
) -> None:
    assert run_child(KILLED_BEFORE_COMMIT, path).returncode == -signal.SIGKILL
    with Store.open(path, clock) as store:
        assert what_is_there(store) == ({"a", "b"}, 2, "b")


def test_failed_write_ends_the_process_and_loses_nothing_committed(
    path: Path, clock: StandingClock
) -> None:
    child = run_child(FILE_SIZE_LIMITED, path)
    assert child.stdout.splitlines() == ["StoreFailed SA-6005"] * 2, child.stderr
    with Store.open(path, clock) as store:
        assert what_is_there(store) == ({"a", "b"}, 2, "b")


def test_full_disk_undoes_the_transaction_and_the_store_lives_on(
    store: Store, clock: StandingClock
) -> None:
    store.messages.append("f", "shop", 1, 0, [a_change("a")], held=False, coalesce=True)
    store._database.rows("SELECT 1")
    pages = store._database.value("PRAGMA page_count")
    with store.transaction():
        store._database.write(f"PRAGMA max_page_count={pages + 5}")
    many = [a_change(f"{number:06d}", b"x" * 500) for number in range(1000)]
    with pytest.raises(Unavailable) as full:
        store.messages.append("f", "shop", 1, 0, many, held=False, coalesce=True)
    assert full.value.code == "SA-6004"
    assert len(store.messages.claim("shop", 10, now=clock.now, lease_ms=1000).messages) == 1
    assert store.messages.open_load("shop")[0] == 1


def test_transaction_that_fails_leaves_no_trace(store: Store) -> None:
    def fail_half_way() -> None:
        store.known.put("new flow", [("a", b"r" * 16, b"n" * 16, None)])
        store.messages.append("f", "shop", 1, 0, [a_change("a")], held=False, coalesce=True)
        _ = 1 / 0

    with pytest.raises(ZeroDivisionError), store.transaction():
        fail_half_way()
    assert store.messages.counts() == {}
    assert store.known.find("new flow", ["a"]) == {}
    store.messages.append("f", "shop", 1, 0, [a_change("a")], held=False, coalesce=True)
    assert store.messages.open_load("shop")[0] == 1


def test_failure_that_somebody_swallowed_still_undoes_the_whole(store: Store) -> None:
    def swallow_a_failure() -> None:
        store.flows.update("f", cursor="start")
        try:
            with store.transaction():
                store.flows.update("f", cursor="half")
                _ = 1 / 0
        except ZeroDivisionError:
            pass

    with pytest.raises(RuntimeError, match="cannot commit"), store.transaction():
        swallow_a_failure()
    assert store.flows.get("f").cursor == ""


def test_other_threads_see_only_what_is_committed(store: Store) -> None:
    seen: list[str] = []

    def look() -> None:
        seen.append(store.flows.get("f").cursor)

    with store.transaction():
        store.flows.update("f", cursor="new")
        assert store.flows.get("f").cursor == "new", "its own thread sees it at once"
        reader = threading.Thread(target=look)
        reader.start()
        reader.join()
    look()
    assert seen == ["", "new"]


def test_threads_that_write_at_once_wait_for_each_other(store: Store) -> None:
    def write(name: int) -> None:
        for number in range(20):
            change = a_change(f"{name}-{number}")
            store.messages.append("f", "shop", 1, 0, [change], held=False, coalesce=True)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = store.messages.list(limit=1000)
    assert len({row.version for row in rows}) == len({row.key for row in rows}) == 80


def test_a_store_that_failed_refuses_every_further_transaction(store: Store) -> None:
    store._database._failure = StoreFailed("SA-6005", "the drive failed")
    with pytest.raises(StoreFailed, match="SA-6005"):
        store.flows.update("f", cursor="1")
