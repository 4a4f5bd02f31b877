"""A message as a file: its name, its bytes, and the entry that says that it is on its way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from agent.contract import Bindings
from agent.errors import Rejected
from agent.model import Message, Op
from connectors._template import Scope
from connectors.file.ledger import Entry, digest
from connectors.file.moving import boot
from connectors.file.naming import file_name
from connectors.file.options import FileOptions
from connectors.file.writing import file_bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message as a file: one rename away from its reader once it is prepared and noted."""

    message: Message
    entry: Entry
    data: bytes
    path: Path
    """Where it is prepared."""
    trigger: str = ""
    replaces: bool = False
    """An earlier file of ours lies there under its name."""

    @property
    def names(self) -> set[str]:
        """What no other parcel of the same delivery may be about."""
        return {digest(self.message), self.entry.name, self.trigger} - {""}

    def in_place_of(self, earlier: str) -> Parcel:
        """The same, for a name under which a file of ours with this digest lies."""
        ours = (*self.entry.ours, earlier)
        return replace(self, entry=msgspec.structs.replace(self.entry, ours=ours), replaces=True)


def parcel_of(message: Message, options: FileOptions, bindings: Bindings, outgoing: Path) -> Parcel:
    """The file of a message. Raises `Rejected`, and `NotThereYet` where it has to wait."""
    content, name = options.content, options.name
    if message.op is Op.DELETE:
        if options.delete is None:
            raise Rejected("SA-5326", "deletes are not handed over: say delete under target")
        content, name = options.delete.content, options.delete.name or name
    scope = Scope(message, bindings)
    data = file_bytes(content.render(scope), options)
    trigger = file_name(options.trigger.render(scope)) if options.trigger else ""
    prepared = f"{digest(message)}-{message.version}"
    entry = Entry(
        id=message.id,
        version=message.version,
        entity=message.entity,
        key=message.key,
        name=file_name(name.render(scope)),
        outgoing=f"{prepared}.trigger" if trigger else prepared,
        ours=(hashlib.sha256(data).hexdigest(),),
        boot=boot(),
    )
    if trigger == entry.name:
        raise Rejected("SA-5327", f"file and trigger are both called {trigger}")
    return Parcel(message, entry, data, outgoing / prepared, trigger)
