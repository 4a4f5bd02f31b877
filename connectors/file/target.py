"""Hands records over as files, each once, though nobody leaves the files where they are."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from agent.contract import Finding, Target
from agent.errors import Rejected, SyncError, Unavailable
from agent.model import Message, Op, Receipt
from connectors._drop.folder import refuse_network_drive
from connectors._template import NotThereYet
from connectors.file.failures import sorted_out
from connectors.file.ledger import Entry, Ledger
from connectors.file.moving import (
    boot,
    make_durable,
    refuses_by_itself,
    rename_to_new,
    write_durably,
)
from connectors.file.options import FileConnection, FileOptions
from connectors.file.parcel import Parcel, parcel_of

_locks: dict[str, threading.Lock] = {}
"""One writer at a time for each workspace of this process."""


class FileTarget(Target[FileConnection, FileOptions]):
    """One message, one file."""

    batch_size = 50

    def __init__(self, connection: FileConnection, options: FileOptions) -> None:
        super().__init__(connection, options)
        self._folder = connection.folder
        workspace = connection.workspace or connection.folder / ".syncagent"
        self._ledger = Ledger(workspace, connection.folder)
        self._lock = _locks.setdefault(os.path.realpath(workspace), threading.Lock())

    def check(self) -> Iterator[Finding]:
        """Find the folder, prepare the workspace in it, and try a rename there."""
        with self._lock, self._system_errors(untouched=True):
            self._require_folder()
            self._ledger.begin()
            waiting = sum(1 for each in os.scandir(self._folder) if each.is_file())
            yield Finding(str(self._folder), f"{waiting} files wait there")
            alone = refuses_by_itself(self._ledger.outgoing)
            if not os.access(self._folder, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self._folder))
        yield Finding(
            "renaming",
            "never overwrites" if alone else "looks first: the file system cannot refuse by itself",
            warning=not alone,
        )

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Prepare all files, note them, hand them over one by one, and make that durable."""
        receipts: list[Receipt] = []
        failure: SyncError | None = None
        with self._lock:
            try:
                self._hand_over(messages, receipts)
            except SyncError as error:
                failure = error
        yield from receipts
        if failure:
            raise failure

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """What the ledger knows; what it cannot know is refused as in doubt."""
        with self._lock, self._system_errors():
            self._require_folder()
            horizon = self._ledger.horizon()
            found = [self._known(message, horizon) for message in messages]
            if any(receipt and receipt.accepted for receipt in found):
                make_durable(self._folder)
        yield from (receipt for receipt in found if receipt)

    def _known(self, message: Message, horizon: int | None) -> Receipt | None:
        try:
            entry = self._ledger.find(message)
        except Rejected as refusal:
            return _in_doubt(message, refusal.reason)
        if entry is None:
            if horizon is None:
                return _in_doubt(message, f"the ledger of {self._folder} is gone")
            forgotten = message.version <= horizon
            return _in_doubt(message, "the ledger has forgotten its time") if forgotten else None
        if entry.version < message.version:
            return None
        if self._was_handed_over(message, entry):
            return _accepted(message, entry)
        if entry.boot and entry.boot == boot():
            return None
        return _in_doubt(
            message,
            f"the machine was restarted just when {entry.name} was being handed over, and it may "
            "have been taken before the power went",
        )

    def _hand_over(self, messages: Sequence[Message], receipts: list[Receipt]) -> None:
        """Receipts as far as it gets; what was handed over has its receipt once it is durable."""
        with self._system_errors(untouched=True):
            self._require_folder()
            self._ledger.begin()
            self._ledger.prune(self.connection.remember)
            parcels = self._parcels(messages, receipts)
            self._prepare(parcels)
        if not parcels:
            return
        handed: list[Receipt] = []
        with self._system_errors():
            try:
                for parcel in parcels:
                    handed.append(self._publish(parcel))  # noqa: PERF401 - it may break off
            finally:
                make_durable(self._folder, self._ledger.outgoing)
                receipts += handed

    def _parcels(self, messages: Sequence[Message], receipts: list[Receipt]) -> list[Parcel]:
        parcels: list[Parcel] = []
        taken: set[str] = set()
        for message in messages:
            try:
                found = self._parcel(message, taken)
            except Rejected as refusal:
                found = _refused(message, refusal.code, refusal.reason)
            except NotThereYet as missing:
                found = missing.receipt(message)
            if isinstance(found, Receipt):
                receipts.append(found)
            else:
                parcels.append(found)
                taken |= found.names
        return parcels

    def _parcel(self, message: Message, taken: set[str]) -> Parcel | Receipt:
        """The file of a message; or why none is to be handed over now."""
        known = self._ledger.find(message)
        if known and known.version > message.version:
            return _accepted(message, known)  # it is older than what is there, or on its way
        if known and self._was_handed_over(message, known):
            if known.version == message.version:
                make_durable(self._folder)
                return _accepted(message, known)
            self._require_change_allowed(message, known.name)
        elif known is None and (name := self._bound(message)):
            self._require_change_allowed(message, name)
        parcel = parcel_of(message, self.options, self.bindings, self._ledger.outgoing)
        there = _sha256(self._folder / parcel.entry.name)
        ours = known.ours if known and known.name == parcel.entry.name else ()
        if there and there not in ours:
            return _waits(message, parcel.entry.name)
        if parcel.trigger and os.path.lexists(self._folder / parcel.trigger):
            return _waits(message, parcel.trigger)
        if not taken.isdisjoint(parcel.names):
            return _waits(message, parcel.entry.name)
        return parcel.in_place_of(there) if there else parcel

    def _prepare(self, parcels: Sequence[Parcel]) -> None:
        """Every file lies there whole and durable before its entry says that it is on its way."""
        if not parcels:
            return
        for parcel in parcels:
            write_durably(parcel.path, parcel.data, self.connection.permissions)
            if parcel.trigger:
                trigger = self._ledger.outgoing / parcel.entry.outgoing
                write_durably(trigger, b"", self.connection.permissions)
        make_durable(self._ledger.outgoing)
        for parcel in parcels:
            self._ledger.note(parcel.message, parcel.entry)
        self._ledger.sync()

    def _publish(self, parcel: Parcel) -> Receipt:
        """Hand it over: the last rename is what counts, and its source is what the entry names."""
        name = parcel.entry.name
        try:
            if parcel.replaces:
                parcel.path.replace(self._folder / name)
            else:
                rename_to_new(parcel.path, self._folder / name)
            if parcel.trigger:
                name = parcel.trigger
                rename_to_new(self._ledger.outgoing / parcel.entry.outgoing, self._folder / name)
        except FileExistsError:
            return _waits(parcel.message, name)
        return _accepted(parcel.message, parcel.entry)

    def _was_handed_over(self, message: Message, entry: Entry) -> bool:
        """Whether its file left `outgoing`; its absence counts while its entry is there."""
        if self._ledger.is_waiting(entry):
            return False
        if self._ledger.find(message) != entry:
            raise Unavailable("SA-5320", f"the ledger of {self._folder} vanished meanwhile")
        return True

    def _bound(self, message: Message) -> str | None:
        """The name that the engine remembers, where the ledger has forgotten it."""
        return self.bindings.find(message.entity, [message.key]).get(message.key)

    def _require_change_allowed(self, message: Message, name: str) -> None:
        if self.options.changed == "refuse" and message.op is Op.UPSERT:
            raise Rejected(
                "SA-5325",
                f"changed after {name} was handed over; changed: rewrite hands over another file",
            )

    def _require_folder(self) -> None:
        refuse_network_drive(self._folder)
        if not stat.S_ISDIR(self._folder.stat().st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(self._folder))
        if self.connection.landmark:
            (self._folder / self.connection.landmark).lstat()

    @contextmanager
    def _system_errors(self, *, untouched: bool = False) -> Iterator[None]:
        """What the operating system reports, as the three errors."""
        try:
            yield
        except OSError as error:
            raise sorted_out(error, self._folder, untouched=untouched) from error


def _sha256(path: Path) -> str:
    """Of what is there: "" for nothing, no digest for what is no plain file that can be read."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return "no file"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
    except PermissionError:
        return "no right to read"


def _accepted(message: Message, entry: Entry) -> Receipt:
    return Receipt(message.id, accepted=True, reference=entry.name)


def _refused(message: Message, code: str, reason: str) -> Receipt:
    return Receipt(message.id, accepted=False, code=code, reason=reason)


def _in_doubt(message: Message, why: str) -> Receipt:
    return _refused(message, "SA-5010", f"in doubt: {why}")


def _waits(message: Message, name: str) -> Receipt:
    return Receipt(
        message.id,
        accepted=False,
        code="SA-5323",
        reason=f"waits for {name} to be taken: a file of that name is there, and not overwritten",
        waits=True,
    )
