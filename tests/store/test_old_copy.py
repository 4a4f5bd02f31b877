"""An old copy put back by hand is noticed, and nothing it says about the target is believed."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.errors import Misconfigured
from agent.model import Change, Op
from agent.store import NOT_KNOWN, Store
from agent.store.watermark import Watermark


def add(store: Store, key: str) -> None:
    change = Change(Op.UPSERT, "product", key, b"{}", b"d" * 16, None)
    with store.transaction():
        store.known.put("f", [(key, b"r" * 16, b"d" * 16, None)])
        store.messages.append("f", "shop", 1, 0, [change], held=False, coalesce=True)


def test_old_copy_is_doubted(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store.open(path, SystemClock()) as store:
        add(store, "A")
    shutil.copy(path, tmp_path / "copy.db")
    with Store.open(path, SystemClock()) as store:
        add(store, "B")
    shutil.copy(tmp_path / "copy.db", path)
    with Store.open(path, SystemClock()) as store:
        assert store.is_old_copy
        assert store.known.find("f", ["A"])["A"].record_digest == NOT_KNOWN
    with Store.open(path, SystemClock()) as store:
        assert not store.is_old_copy


def test_own_backup_put_back_by_hand_is_doubted(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store.open(path, SystemClock()) as store:
        add(store, "A")
        copy = store.backup()
    shutil.copy(copy, path)
    with Store.open(path, SystemClock()) as store:
        assert store.is_old_copy


def test_store_that_was_only_closed_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    for _ in range(3):
        with Store.open(path, SystemClock()) as store:
            assert not store.is_old_copy
            add(store, "A")
            assert store.known.find("f", ["A"])["A"].record_digest == b"d" * 16


def test_lost_watermark_is_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store.open(path, SystemClock()) as store:
        add(store, "A")
    (tmp_path / "store.db.watermark").write_text("rubbish")
    with Store.open(path, SystemClock()) as store:
        assert not store.is_old_copy


def test_file_that_was_touched_since_it_was_closed_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store.open(path, SystemClock()) as store:
        add(store, "A")
    assert Watermark(path).is_untouched()
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 4096] = b"\xff" * 4096
    path.write_bytes(damaged)
    assert not Watermark(path).is_untouched()
    with pytest.raises(Misconfigured) as caught:
        Store.open(path, SystemClock())
    assert caught.value.code == "SA-6002"


def test_store_that_was_not_closed_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store.open(path, SystemClock()) as store:
        add(store, "A")
        assert not Watermark(path).is_untouched()


def test_reader_that_leaves_an_empty_wal_behind_is_no_touch(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store.open(path, SystemClock()) as store:
        add(store, "A")
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as reader:
        reader.execute("SELECT * FROM identity").fetchall()
    assert path.with_name("store.db-wal").exists()
    assert Watermark(path).is_untouched()
