"""What may be amiss with the agent itself: its disk, its store, its configuration, its doors."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from typing import Protocol

from agent.alerts import links
from agent.alerts.trouble import Kind, Trouble
from agent.config import Config
from agent.errors import SyncError
from agent.store import Store
from agent.store.people import LOG_IN_REFUSED

GUESSES, GUESSES_WITHIN_MS = 10, 3_600_000
"""So many refused log-ins within so long are no typing errors."""
_DEEDS = 100


class Machine(Protocol):
    """What is looked at: the daemon's `Agent` is one."""

    config: Config
    store: Store
    started_at: int
    reload_problem: SyncError | None

    def closed_doors(self) -> Sequence[SyncError]:
        """Why addresses that others call are closed."""
        ...


def about_the_machine(site: Machine, now: int) -> Iterator[Trouble]:
    """Everything about the agent that no flow and no target is to blame for."""
    yield from _disk(site)
    yield from _store(site)
    yield from _refused(site)
    yield from _guesses(site, now)


def _disk(site: Machine) -> Iterator[Trouble]:
    folder = site.store.path.parent
    free = shutil.disk_usage(folder).free
    if free < site.config.store.disk_low:
        yield Trouble(Kind.DISK, str(folder), "SA-7464", f"{free // 1_000_000} MB free in {folder}")


def _store(site: Machine) -> Iterator[Trouble]:
    store, backup = site.store, site.config.store.backup
    if store.restored_from is not None or store.is_old_copy:
        copy = str(store.restored_from or "put back by hand")
        yield Trouble(Kind.RESTORED, str(store.path), "SA-7463", copy, apart=str(site.started_at))
    if backup is not None and store.backup_age(backup.folder) > 2 * backup.every:
        told = f"the newest copy in {backup.folder} is older than it should be, or there is none"
        yield Trouble(Kind.BACKUP, str(backup.folder), "SA-7468", told)


def _refused(site: Machine) -> Iterator[Trouble]:
    """What somebody wrote into the configuration that does not work."""
    path = str(site.config.path)
    if error := site.reload_problem:
        yield Trouble(
            Kind.CONFIGURATION,
            path,
            error.code,
            error.reason,
            error.hint,
            command="syncagent config check",
            page=links.CONFIGURATION,
        )
    for error in site.closed_doors():
        yield Trouble(
            Kind.LISTENER,
            path,
            error.code,
            error.reason,
            error.hint,
            page=links.CONFIGURATION,
        )


def _guesses(site: Machine, now: int) -> Iterator[Trouble]:
    """Somebody tries passwords."""
    refused = [
        deed
        for deed in site.store.audit.list(_DEEDS)
        if deed.did == LOG_IN_REFUSED and deed.at > now - GUESSES_WITHIN_MS
    ]
    if len(refused) >= GUESSES:
        names = tuple(dict.fromkeys(deed.by for deed in refused))
        told = f"{len(refused)} refused log-ins within an hour"
        yield Trouble(
            Kind.LOG_IN,
            site.config.site.name,
            "SA-7469",
            told,
            count=len(refused),
            keys=names[:3],
            page=links.AUDIT,
        )
