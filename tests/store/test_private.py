"""Records hold customers' data: nobody but the agent's user reads the store or its copies."""

import os
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.store import Store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")


def test_store_and_backups_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Store.open(tmp_path / "store.db", SystemClock()) as store:
            store.flows.update("f", cursor="x")
            copy = store.backup()
            found = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.glob("store.db*")}
            assert "store.db-wal" in found
            assert {mode for name, mode in found.items() if not name.endswith(".lock")} == {0}
            assert copy.stat().st_mode & 0o077 == 0
    finally:
        os.umask(before)


def test_age_of_the_newest_backup_is_known_across_restarts(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db", SystemClock()) as store:
        assert store.backup_age() == float("inf")
        store.backup()
    with Store.open(tmp_path / "store.db", SystemClock()) as store:
        assert -5 < store.backup_age() < 300
