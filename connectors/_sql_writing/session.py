"""An open connection that writes: transactions, and what is certain when one fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, NamedTuple, Protocol

from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors._sql_dialect import Dialect
from connectors._sql_session import DriverConnection, Session

UNEXPLAINED = "SA-2114"
"""The code of an error that a driver's explanation knows nothing of."""
_UNUSABLE = (ValueError, TypeError, ArithmeticError)
"""What drivers raise themselves for a value that cannot be bound."""


class WritingConnection(DriverConnection, Protocol):
    """The part of a DB-API connection that is used for writing."""

    def commit(self) -> None:
        """Keep what was written."""

    def rollback(self) -> None:
        """Undo what was written."""


class Verdict(Enum):
    """What the database's refusal of a statement says about the record."""

    TAKEN = auto()
    """A value that must be unique is there already."""
    REFUSED = auto()
    """The values, or a rule of the database, forbid it."""
    LOCKED = auto()
    """Another program holds a row that it needs, or both hold one of the other's."""
    BUSY = auto()
    """The database can keep nothing just now: a full disk, no memory."""


class Taken(Rejected):
    """A value that must be unique is there already."""


class Locked(Unavailable):
    """Another program is in the way of this very record."""


class Answer(NamedTuple):
    """What a statement answered: its rows by column, and how many it touched (-1: not told)."""

    rows: list[dict[str, Any]]
    touched: int


@dataclass
class Transaction:
    """One that is open. `certain`: a rollback undoes all of it."""

    session: Writing
    certain: bool

    def answer(self, sql: str, parameters: Sequence[Any] = ()) -> Answer:
        """Run one statement inside it."""
        return self.session.answer(sql, parameters)


class Writing(Session):
    """A session whose statements take effect together at `commit`, or not at all.

    `verdict` tells what an exception of the driver says about the record, None: nothing. `begin`
    is a statement that opens a transaction, where the driver opens none by itself.
    """

    def __init__(
        self,
        connection: WritingConnection,
        dialect: Dialect,
        failure: type[Exception],
        explain: Callable[[Exception], SyncError],
        verdict: Callable[[Exception], Verdict | None],
        *,
        begin: str = "",
        transactional: bool = True,
    ) -> None:
        def judge(error: Exception) -> SyncError:
            return judged(explain(error), verdict(error))

        super().__init__(connection, dialect, failure, judge)
        self._writing = connection
        self._begin = begin
        self._transactional = transactional

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All or nothing. An error says `untouched` where it is certain that nothing was kept."""
        with self._opened() as opened:
            yield opened
        self._commit(certain=opened.certain)

    @contextmanager
    def asking(self) -> Iterator[Transaction]:
        """A transaction that keeps nothing."""
        with self._opened() as opened:
            yield opened
        self.undo()

    @contextmanager
    def _opened(self) -> Iterator[Transaction]:
        self.undo()  # whatever a ping has opened
        opened = Transaction(self, certain=self._transactional)
        try:
            if self._begin:
                self.run(self._begin)
            yield opened
        except SyncError as error:
            self.undo()
            if error.code == UNEXPLAINED and self._answers():
                # The database is well, so it is this statement that it does not want.
                raise Rejected("SA-5302", error.reason, hint=_AT_FAULT) from None
            error.untouched = opened.certain and not isinstance(error, Rejected)
            raise
        except BaseException:
            self.undo()
            raise

    def _commit(self, *, certain: bool) -> None:
        try:
            with self.answering():
                self._writing.commit()
        except Rejected:  # a rule that is looked at only now: all is undone
            self.undo()
            raise
        except SyncError as error:
            self.sound = False
            if isinstance(error, Locked):  # others had committed first
                error.untouched = certain
                raise
            raise Unavailable(
                "SA-5304",
                f"whether it was written is not known: {error.reason}",
                hint="it is looked for before anything is written again",
            ) from None

    def undo(self) -> None:
        """Undo what is open; never raises. A lost connection undoes it as well."""
        self._quietly(self._writing.rollback)

    def keep(self) -> None:
        """Keep what was set for the session."""
        with self.answering():
            self._writing.commit()

    def answer(self, sql: str, parameters: Sequence[Any] = ()) -> Answer:
        """Run one statement to its very end: some drivers tell a failure of a batch only there."""
        try:
            return self._answer(sql, [self.dialect.to_write(each) for each in parameters])
        except _UNUSABLE as error:
            raise Rejected("SA-5302", f"a value cannot be sent: {error}", hint=_AT_FAULT) from None

    def _answer(self, sql: str, parameters: Sequence[Any]) -> Answer:
        cursor: Any = self.execute(sql, parameters)
        rows: list[dict[str, Any]] = []
        touched = -1
        try:
            with self.answering():
                more = True
                while more:
                    if cursor.description:
                        names = [str(each[0]).lower() for each in cursor.description]
                        rows += [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
                    touched = max(touched, cursor.rowcount)
                    more = bool(cursor.nextset()) if hasattr(cursor, "nextset") else False
        finally:
            self._quietly(cursor.close)
        return Answer(rows, touched)

    def _answers(self) -> bool:
        try:
            self.fetch(self.dialect.alive)
        except SyncError:
            return False
        self.sound = True
        return True


_AT_FAULT = "correct the record or the statement, then retry it"


def judged(error: SyncError, verdict: Verdict | None) -> SyncError:
    """Our error for a database's refusal while it writes, in its own words."""
    if verdict is Verdict.TAKEN:
        return Taken("SA-5301", error.reason, hint="it, or something like it, is there already")
    if verdict is Verdict.REFUSED or isinstance(error, Rejected):
        return Rejected("SA-5302", error.reason, hint=_AT_FAULT)
    if verdict is Verdict.LOCKED:
        return Locked("SA-5303", error.reason, hint="it is tried again")
    if verdict is Verdict.BUSY:
        return Unavailable("SA-5303", error.reason, hint="it is tried again")
    if isinstance(error, Misconfigured) and error.code == "SA-2113":
        error.hint = "grant the right to the user of this connection"
    return error
