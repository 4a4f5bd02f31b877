"""The agent is killed at every step of a delivery, while another program takes the files away."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.model import Message
from tests.faults.seeds import seeded
from tests.file.folders import PLAIN, message, take, target
from tests.file.nursery import ROOT, settle, written

TRIGGERED = {"trigger": "ORD_{{ key }}.ok"}
MOST_STEPS = 5000


def checked_folder(tmp_path: Path) -> Path:
    """As `syncagent check` leaves it: with a ledger that holds nothing."""
    folder = tmp_path / "import"
    folder.mkdir()
    assert list(target(folder).check())
    return folder


@contextmanager
def nursery(given: Path) -> Iterator[Callable[[int], str]]:
    """Ask for one life that ends before a step; what came of it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.file.nursery", "lives", str(given)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    with process:
        assert process.stdin
        assert process.stdout

        def life(step: int) -> str:
            assert process.stdin
            assert process.stdout
            process.stdin.write(f"{step}\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        yield life
        process.stdin.close()


def at_once(step: int) -> bool:
    """Whether the importer comes before the next life.

    The step behind one call and that before the next are the same moment, so each is seen twice:
    with an importer that takes the file at once, and with one that comes late.
    """
    return step % 2 == 0


def imported(folder: Path, *, triggered: bool) -> list[str]:
    """The keys of what the other program takes; with triggers, only what has one."""
    if not triggered:
        return [json.loads(each)["number"] for each in take(folder)]
    keys = []
    for trigger in sorted(folder.glob("*.ok")):
        file = trigger.with_suffix(".json")
        keys.append(json.loads(file.read_bytes())["number"])
        file.unlink()
        trigger.unlink()
    return keys


@pytest.mark.parametrize("triggered", [False, True])
def test_order_is_handed_over_once_wherever_the_agent_is_killed(
    tmp_path: Path, triggered: bool
) -> None:
    """For each step: killed there, looked up in the next life, delivered if need be."""
    folder = checked_folder(tmp_path)
    options: dict[str, Any] = PLAIN | (TRIGGERED if triggered else {})
    given = tmp_path / "given.json"
    steps, killed = 0, True
    with nursery(given) as life:
        while killed:
            steps += 1
            order = message(f"{steps}", steps, number=f"W-{steps}")
            written(given, {"folder": str(folder)}, options, [order])
            killed = life(steps - 1) == "killed"
            found = imported(folder, triggered=triggered) if at_once(steps) else []
            again = msgspec.structs.replace(order, doubtful=True)
            accepted = settle(target(folder, **options), [again])
            assert accepted == [order.id], f"killed before step {steps - 1}"
            found += imported(folder, triggered=triggered)
            assert found == [f"W-{steps}"], f"killed before step {steps - 1}"
            assert steps < MOST_STEPS
    assert steps > 100


def test_change_of_an_order_arrives_once_and_last_wherever_the_agent_is_killed(
    tmp_path: Path,
) -> None:
    """The first file lies there still when the second is on its way, and may be taken between."""
    folder = checked_folder(tmp_path)
    options: dict[str, Any] = PLAIN | {"changed": "rewrite"}
    given = tmp_path / "given.json"
    steps, killed = 0, True
    with nursery(given) as life:
        while killed:
            steps += 1
            first = message(f"{steps}", 2 * steps, number="first")
            assert settle(target(folder, **options), [first]) == [first.id]
            second = message(f"{steps}", 2 * steps + 1, number="second")
            written(given, {"folder": str(folder)}, options, [second])
            killed = life(steps - 1) == "killed"
            found = imported(folder, triggered=False) if at_once(steps) else []
            again = msgspec.structs.replace(second, doubtful=True)
            accepted = settle(target(folder, **options), [again])
            assert accepted == [second.id], f"killed before step {steps - 1}"
            found += imported(folder, triggered=False)
            assert found in (["second"], ["first", "second"]), f"killed before step {steps - 1}"
            assert steps < MOST_STEPS
    assert steps > 100


def test_every_order_arrives_once_while_the_agent_is_killed_again_and_again(
    tmp_path: Path,
) -> None:
    folder = checked_folder(tmp_path)
    choose = seeded(-1)
    open_: dict[str, Message] = {
        str(n): message(str(n), n + 1, number=f"W-{n}") for n in range(200)
    }
    documents: Counter[str] = Counter()
    done = threading.Event()

    def importer() -> None:
        while not done.wait(0.001):
            documents.update(imported(folder, triggered=False))

    reader = threading.Thread(target=importer)
    reader.start()
    given = tmp_path / "given.json"
    try:
        with nursery(given) as life:
            while open_:
                claim = choose.sample(sorted(open_), min(7, len(open_)))
                messages = [open_[key] for key in claim]
                written(given, {"folder": str(folder)}, PLAIN, messages)
                told = life(choose.randrange(3000))
                accepted = set() if told == "killed" else set(json.loads(told))
                for each in messages:
                    if each.id in accepted:
                        del open_[each.key]
                    else:
                        open_[each.key] = msgspec.structs.replace(each, doubtful=True)
    finally:
        done.set()
        reader.join()
    documents.update(imported(folder, triggered=False))
    assert documents == Counter(f"W-{n}" for n in range(200))
