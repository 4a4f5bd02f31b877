"""The store is old, gone or damaged, or somebody else has it."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.faults.site import Site, assert_versions_grow


def _copy(site: Site) -> Path:
    """A copy of the store at rest, as a person's backup would make it."""
    copy = site.folder / "copy.db"
    shutil.copy(site.store, copy)
    return copy


def _put_back(site: Site, copy: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        site.store.with_name(site.store.name + suffix).unlink(missing_ok=True)
    shutil.copy(copy, site.store)


@pytest.fixture
def worn(site: Site) -> tuple[Site, Path]:
    """A company whose store has gone on since it was copied: changed, new and deleted articles."""
    site.come_to_rest()
    copy = _copy(site)
    codes = list(site.articles())
    for code in codes[:10]:
        site.rename(code)
    site.come_to_rest()
    for code in codes[5:15]:
        site.rename(code)
    site.erp("DELETE FROM ARTICO WHERE CODE = ?", codes[20])
    site.add_articles(5)
    site.come_to_rest()
    site.assert_at_rest()
    return site, copy


def test_old_copy_of_the_store_loses_no_change_and_reuses_no_version(
    worn: tuple[Site, Path],
) -> None:
    site, copy = worn
    _put_back(site, copy)
    codes = list(site.articles())
    for code in codes[:3]:
        site.rename(code)
    site.come_to_rest()
    assert site.differences() == {}
    assert_versions_grow(site.shop.database)
    for code in codes:
        site.rename(code)
    site.come_to_rest()
    assert site.differences() == {}
    assert_versions_grow(site.shop.database)


def test_damaged_store_is_restored_from_its_backup_and_catches_up(
    worn: tuple[Site, Path],
) -> None:
    site, copy = worn
    backups = site.store.parent / "backup"
    backups.mkdir()
    shutil.copy(copy, backups / "syncagent-20260101T000000000Z.db")
    site.store.write_bytes(b"no database any more" * 1000)
    site.come_to_rest()
    assert site.differences() == {}
    assert_versions_grow(site.shop.database)
    assert list(site.store.parent.glob("syncagent.db.damaged-*"))


def test_damaged_store_without_a_backup_is_refused_and_left_alone(
    worn: tuple[Site, Path],
) -> None:
    site, _ = worn
    damaged = b"no database any more" * 1000
    site.store.write_bytes(damaged)
    refused = site.command("run")
    assert (refused.returncode, "SA-6002" in refused.stderr) == (74, True)
    assert site.store.read_bytes() == damaged


def test_deleted_store_begins_anew_with_higher_versions(worn: tuple[Site, Path]) -> None:
    site, _ = worn
    for suffix in ("", "-wal", "-shm"):
        site.store.with_name(site.store.name + suffix).unlink(missing_ok=True)
    site.rename(next(iter(site.articles())))
    site.come_to_rest()
    assert site.differences() == {}
    assert_versions_grow(site.shop.database)


def test_second_daemon_ends_with_75_and_names_the_first(site: Site) -> None:
    site.agent.start()
    second = site.command("run")
    assert second.returncode == 75
    assert f"SA-6001 the store is in use by process {site.agent.pid}" in second.stderr
    site.until_in_step()
    site.agent.stop()
    site.assert_at_rest()


def test_broken_configuration_stops_nothing(site: Site) -> None:
    client = site.agent.start()
    site.until_in_step()
    good = site.config.read_text()
    half, unknown = good[: len(good) // 2], good.replace("entity: product", "entity: prodotto")
    for broken in (half, unknown, "flows: [", "", "\0"):
        site.config.write_text(broken)
        os.kill(site.agent.pid, signal.SIGHUP)
        site.until(lambda: client.ask("status")["configuration"]["problem"], "it is refused")
        site.rename(next(iter(site.articles())))
        site.until(lambda: not site.differences(), "source and target are equal")
        site.config.write_text(good)
        os.kill(site.agent.pid, signal.SIGHUP)
        site.until(lambda: not client.ask("status")["configuration"]["problem"], "it is mended")
    site.agent.stop()
    site.assert_at_rest()
