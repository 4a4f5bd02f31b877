"""Each configuration that is put in force is written down with what is different."""

from __future__ import annotations

from pathlib import Path

from agent.store import Store
from agent.store.configurations import KEPT, TEXTS_KEPT
from tests.store.conftest import StandingClock


def test_first_configuration_changes_nothing(store: Store) -> None:
    assert store.configurations.enter("aa", {"site": "1"})
    (first,) = store.configurations.list()
    assert (first.digest, first.changes, first.at) == ("aa", {}, 1_800_000_000_000)


def test_changes_are_told_by_section(store: Store) -> None:
    store.configurations.enter("aa", {"site": "1", "flows.a": "1", "flows.b": "1"})
    store.configurations.enter("bb", {"site": "1", "flows.a": "2", "flows.c": "1"})
    newest, _ = store.configurations.list()
    assert newest.changes == {"flows.a": "changed", "flows.b": "removed", "flows.c": "added"}


def test_same_configuration_is_written_once_also_over_a_restart(
    path: Path, clock: StandingClock
) -> None:
    for entered in (True, False):
        with Store.open(path, clock) as store:
            assert store.configurations.enter("aa", {"site": "1"}) is entered
            assert len(store.configurations.list()) == 1


def test_the_oldest_configurations_go(store: Store) -> None:
    with store.transaction():
        for number in range(KEPT + 5):
            store.configurations.enter(str(number), {})
    found = store.configurations.list(KEPT + 5)
    assert (len(found), found[-1].digest) == (KEPT, "5")


def test_texts_of_the_last_ones_can_be_read(store: Store) -> None:
    for number in range(TEXTS_KEPT + 2):
        store.configurations.enter(str(number), {}, f"site: {{name: {number}}}")
    found = store.configurations.list(TEXTS_KEPT + 2)
    assert [row.readable for row in found] == [True] * TEXTS_KEPT + [False] * 2
    assert store.configurations.text(found[0].number) == f"site: {{name: {TEXTS_KEPT + 1}}}"
    assert store.configurations.text(found[-1].number) == ""
    assert store.configurations.text(4711) == ""
