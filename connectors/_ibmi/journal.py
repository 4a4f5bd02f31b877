"""The journal of a file as a signal: which rows to read again, never what is in them.

A row is named by its relative record number (RRN). Entries under commitment control count when
their commit cycle has ended, and the position stays before the first entry of a cycle that is still
open: what follows it is read twice, which costs and loses nothing. An entry that says more than
"this row" (cleared, reorganised, restored, another structure) asks for everything.

A position is a receiver and a sequence number in it. Sequence numbers may begin anew with a
receiver, so positions are compared along the chain of receivers, which must be whole from the
position to the receiver that is attached now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from agent.errors import Misconfigured, SyncError, Unavailable
from connectors._ibmi.catalogue import File
from connectors._ibmi.naming import literal
from connectors._sql_session import Session

READABLE = {"ATTACHED", "ONLINE", "SAVED"}
ROWS = {"PT", "PX", "UB", "UP", "DL", "BR", "UR", "DR"}
"""Insert, update, delete, and each of them rolled back; the entry's count is the row's number."""
WITHOUT_EFFECT = {
    ("D", "DH"),  # saved
    ("D", "DW"),  # save while active begins
    ("F", "CL"),  # closed
    ("F", "FD"),  # forced to disk
    ("F", "IT"),  # identity value generated
    ("F", "MS"),  # saved
    ("F", "OP"),  # opened
    ("F", "SS"),  # save while active begins
    ("R", "IL"),  # limit of the member raised
}
_OF_THE_CONNECTION = {"SA-2104", "SA-2105", "SA-2121"}
CYCLE_ENDED = {"CM", "RB", "CN"}

Entry = tuple[Any, ...]
"""Sequence, receiver library, receiver, code, type, count or RRN, commit cycle."""


class Position(NamedTuple):
    """The next entry to be read."""

    library: str
    receiver: str
    sequence: int


class Receiver(NamedTuple):
    """One receiver of the chain."""

    status: str
    first: int
    last: int
    next: tuple[str, str]


class PositionLost(Exception):
    """The entries after the position cannot be read any more."""


@dataclass
class Changes:
    """What entries say; `everything` is the reason for which rows alone would not do."""

    rows: dict[int, dict[int, Position]] = field(default_factory=dict)
    """Commit cycle (0: none) → RRN → the first entry that names it."""
    everything: str = ""

    def take(self, entries: Iterable[Entry], most: int) -> None:
        """Judge entries until one asks for everything."""
        count = 0
        for sequence, library, receiver, code, kind, rrn, cycle in entries:
            told = (str(code), str(kind))
            if told[0] == "R" and told[1] in ROWS:
                named = self.rows.setdefault(int(cycle or 0), {})
                if int(rrn) not in named:
                    named[int(rrn)] = Position(str(library), str(receiver), int(sequence))
                    count += 1
            elif told[0] in {"D", "F", "R"} and told not in WITHOUT_EFFECT:
                self.everything = f"the journal says {' '.join(told)}: everything was read"
            if count > most:
                self.everything = f"the journal names more than {most} rows: everything was read"
            if self.everything:
                return

    def committed(self, ended: frozenset[int]) -> list[int]:
        """The rows to read again: those that no open cycle holds."""
        held = {rrn for cycle in self._open(ended) for rrn in self.rows[cycle]}
        return sorted({rrn for named in self.rows.values() for rrn in named} - held)

    def resume(self, ended: frozenset[int], end: Position) -> Position:
        """Where to go on: before the first entry of an open cycle, else at the end."""
        places = [place for cycle in self._open(ended) for place in self.rows[cycle].values()]
        # In the order of the journal: `rows` keeps cycles by their first entry.
        return places[0] if places else end

    def _open(self, ended: frozenset[int]) -> list[int]:
        return [cycle for cycle in self.rows if cycle and cycle not in ended]


class Plan(NamedTuple):
    """What a run is to read, and where the next one goes on."""

    rows: Sequence[int] | None
    """Rows to read again, by number; None: everything."""
    cursor: str
    note: str = ""


class Journal:
    """One journal, asked about one file."""

    def __init__(self, session: Session, name: str, file: File, most: int) -> None:
        self._session, self._file, self._most = session, file, most
        self.library, _, self.name = name.partition("/")

    def __str__(self) -> str:
        return f"{self.library}/{self.name}"

    def plan(self, cursor: str) -> Plan | None:
        """What to read after the cursor; None when nothing happened.

        The end of the journal is asked for before any row is read: what happens meanwhile comes
        again. Raises the errors of a connection; any other means that the journal is of no use.
        """
        try:
            receivers = self.receivers()
            end = self.end(receivers)
            note = ""
            if (position := self.parse(cursor)) is not None:
                try:
                    start = self.start(position, receivers)
                except PositionLost as lost:
                    note = f"{lost}: everything was read"
                else:
                    if start == end:
                        return None
                    changes = self.changes(start)
                    if not changes.everything:
                        ended = self.ended(start, changes)
                        resumed = self.cursor(changes.resume(ended, end))
                        return Plan(changes.committed(ended), resumed)
                    note = changes.everything
            if self.is_kept():
                return Plan(None, self.cursor(end), note)
            return Plan(None, "", f"the file is not journaled to {self}: everything was read")
        except SyncError as error:
            if isinstance(error, Unavailable) and error.code in _OF_THE_CONNECTION:
                raise
            return Plan(None, "", f"{self} cannot be read, so everything was: {error.reason}")

    # Positions

    def cursor(self, position: Position) -> str:
        """A position as the engine keeps it."""
        kept = {"journal": str(self), "file": str(self._file), "at": list(position)}
        return json.dumps(kept, separators=(",", ":"))

    def parse(self, cursor: str) -> Position | None:
        """The position a cursor stands for; None when it is none of this journal and file."""
        try:
            kept = json.loads(cursor)
            library, receiver, sequence = kept["at"]
            if (kept["journal"], kept["file"]) != (str(self), str(self._file)):
                return None
        except (ValueError, KeyError, TypeError):
            return None
        return Position(library, receiver, int(sequence))

    def receivers(self) -> dict[tuple[str, str], Receiver]:
        """All receivers of the journal; raises `Misconfigured` where none is attached or seen."""
        rows = self._session.fetch(
            "SELECT JOURNAL_RECEIVER_LIBRARY, JOURNAL_RECEIVER_NAME, STATUS, "
            "FIRST_SEQUENCE_NUMBER, LAST_SEQUENCE_NUMBER, NEXT_JOURNAL_RECEIVER_LIBRARY, "
            "NEXT_JOURNAL_RECEIVER FROM QSYS2.JOURNAL_RECEIVER_INFO "
            "WHERE JOURNAL_LIBRARY = ? AND JOURNAL_NAME = ?",
            (self.library, self.name),
        )
        found = {
            (str(library), str(name)): Receiver(
                str(status), int(first or 0), int(final or 0), (str(behind), str(following))
            )
            for library, name, status, first, final, behind, following in rows
        }
        if not any(each.status == "ATTACHED" for each in found.values()):
            raise Misconfigured(
                "SA-2124",
                f"the journal {self} has no receiver that this user may see",
                hint="grant *USE on the journal and its receivers, *EXECUTE on their libraries",
            )
        return found

    def end(self, receivers: dict[tuple[str, str], Receiver]) -> Position:
        """Behind the last entry there is now."""
        [(name, attached)] = [
            (name, each) for name, each in receivers.items() if each.status == "ATTACHED"
        ]
        return Position(*name, attached.last + 1)

    def start(self, position: Position, receivers: dict[tuple[str, str], Receiver]) -> Position:
        """The position, or the beginning of the next receiver where its own is read to the end.

        Raises `PositionLost` where the chain from it to the attached receiver has a gap.
        """
        name = place = (position.library, position.receiver)
        first = receivers.get(name)
        if first and not first.first <= position.sequence <= first.last + 1:
            raise PositionLost(f"receiver {'/'.join(name)} is not the one that was read")
        met = set()
        while True:
            receiver = receivers.get(place)
            if receiver is None or receiver.status not in READABLE or place in met:
                raise PositionLost(f"receiver {'/'.join(place)} is gone")
            met.add(place)
            if receiver.status == "ATTACHED":
                break
            place = receiver.next
        while (here := receivers[name]).status != "ATTACHED" and position.sequence > here.last:
            name = here.next
            position = Position(*name, receivers[name].first)
        return position

    # Entries

    def is_kept(self) -> bool:
        """Whether the file is journaled, and to this journal."""
        rows = self._session.fetch(
            "SELECT JOURNALED, JOURNAL_LIBRARY, JOURNAL_NAME FROM TABLE(QSYS2.OBJECT_STATISTICS("  # noqa: S608
            f"{literal(self._file.library)}, '*FILE', {literal(self._file.name)})) AS o"
        )
        return ("YES", self.library, self.name) in [tuple(map(str, row)) for row in rows]

    def changes(self, start: Position) -> Changes:
        """What happened to the file from a position on."""
        found = Changes()
        of_file = {
            "OBJECT_LIBRARY": self._file.library,
            "OBJECT_NAME": self._file.name,
            "OBJECT_OBJTYPE": "*FILE",
            "OBJECT_MEMBER": self._file.member or "*ALL",
        }
        found.take(self._entries(start, of_file), self._most)
        return found

    def ended(self, start: Position, changes: Changes) -> frozenset[int]:
        """The commit cycles of these changes that were committed or rolled back."""
        asked = {cycle for cycle in changes.rows if cycle}
        if not asked:
            return frozenset()
        return frozenset(
            int(cycle)
            for *_, kind, _, cycle in self._entries(start, {"JOURNAL_CODES": "C"})
            if str(kind) in CYCLE_ENDED and int(cycle or 0) in asked
        )

    def _entries(self, start: Position, more: dict[str, str]) -> Iterator[Entry]:
        texts = {
            "JOURNAL_LIBRARY": self.library,
            "JOURNAL_NAME": self.name,
            "STARTING_RECEIVER_LIBRARY": start.library,
            "STARTING_RECEIVER_NAME": start.receiver,
        }
        arguments = [f"{name} => {literal(text)}" for name, text in (texts | more).items()]
        arguments.insert(len(texts), f"STARTING_SEQUENCE => {start.sequence}")
        statement = (
            "SELECT SEQUENCE_NUMBER, RECEIVER_LIBRARY, RECEIVER_NAME, JOURNAL_CODE, "  # noqa: S608
            "JOURNAL_ENTRY_TYPE, COUNT_OR_RRN, COMMIT_CYCLE "
            f"FROM TABLE(QSYS2.DISPLAY_JOURNAL({', '.join(arguments)})) AS j"
        )
        for rows in self._session.stream(statement, (), 1000):
            yield from rows
