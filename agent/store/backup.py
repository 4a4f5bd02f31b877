"""Copies of the store that can be trusted, and what to do when the store cannot."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

import apsw

from agent.clock import utc_text
from agent.errors import Misconfigured, Unavailable
from agent.store.database import connect, damage, make_private, remove
from agent.store.failure import translated


def default_folder(store: Path) -> Path:
    """Where a store's backups lie unless the configuration says otherwise."""
    return store.with_name("backup")


def write_backup(store: Path, target: Path) -> None:
    """Copy the live store. The copy appears whole, checked and on disk, or not at all."""
    fresh = target.with_name(target.name + ".new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove(fresh)
        make_private(fresh)
        with (
            translated(store),
            closing(apsw.Connection(str(fresh))) as copy,
            closing(connect(store, cache_kib=2_048)) as live,
        ):
            with copy.backup("main", live, "main") as progress:
                while not progress.done:
                    progress.step(1_000)
            copy.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, without a WAL
        if wrong := damage(fresh):
            raise Unavailable("SA-6010", f"the backup {target} came out damaged: {wrong}")
        _replace(fresh, target)
    except OSError as error:
        raise Unavailable(
            "SA-6010",
            f"the backup {target} cannot be written: {error.strerror}",
            hint="Free space, or name another folder for backups.",
        ) from error
    finally:
        remove(fresh)


def backup(store: Path, folder: Path, keep: int, now: int) -> Path:
    """Add a copy to the folder, of which the newest `keep` stay."""
    target = folder / f"{store.stem}-{_stamp(now)}.db"
    write_backup(store, target)
    for old in backups(store, folder)[keep:]:
        remove(old)
    return target


def restore(store: Path, folder: Path, now: int, wrong: str) -> Path:
    """Put the newest good backup in the store's place; which one it was.

    The damaged file is kept beside it. Raises Misconfigured, and touches nothing, where no good
    backup is left: nobody but a person may decide to start afresh.
    """
    for candidate in backups(store, folder):
        if damage(candidate):
            continue
        fresh = store.with_name(store.name + ".new")
        remove(fresh)
        make_private(fresh)
        shutil.copyfile(candidate, fresh)
        set_aside(store, now)
        _replace(fresh, store)
        return candidate
    raise Misconfigured(
        "SA-6002",
        f"the store {store} is damaged and has no good backup: {wrong}",
        hint="Restore it from your own backups, or start afresh on purpose: `syncagent run "
        "--recreate`; every record will be read and sent again.",
    )


def set_aside(store: Path, now: int) -> None:
    """Rename the store and what belongs to it, so that it can be looked into."""
    for suffix in ("", "-wal", "-shm"):
        part = store.with_name(store.name + suffix)
        if part.exists():
            part.replace(store.with_name(f"{store.name}.damaged-{_stamp(now)}{suffix}"))


def newest_at(store: Path, folder: Path) -> float | None:
    """When the newest copy was written, in unix seconds; None where there is none."""
    found = backups(store, folder)
    return found[0].stat().st_mtime if found else None


def backups(store: Path, folder: Path) -> list[Path]:
    """The store's copies in the folder, newest first."""
    return sorted(folder.glob(f"{store.stem}-*.db"), reverse=True)


def _stamp(now: int) -> str:
    return utc_text(now).replace(":", "").replace("-", "").replace(".", "")


def _replace(fresh: Path, target: Path) -> None:
    """Rename with the bytes and the name on disk."""
    _sync(fresh)
    fresh.replace(target)
    if os.name == "posix":
        _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
