"""The target of every SQL kind: each record in a transaction of its own, and never written twice.

A record is known by its *number*, which the database gave to it and the engine keeps as a binding.
Where there is none, and the record may be there already, the database is asked before anything is
written, and once more where it refuses a value that must be unique.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple, TypeVar

from agent.contract import Doubt, Finding, Options, Target
from agent.errors import Misconfigured, Rejected, Unavailable
from agent.model import Message, Op, Receipt, Record, key_text
from connectors._sql_writing.checking import findings
from connectors._sql_writing.named import Named, named
from connectors._sql_writing.options import Question, SqlTargetOptions, Statement
from connectors._sql_writing.session import Answer, Locked, Taken, Transaction, Writing
from connectors._sql_writing.values import read_record, read_value
from connectors._template import NotThereYet, Scope, elements

ConnectionT = TypeVar("ConnectionT", bound=Options)

NUMBERS_TRIED = 3
"""Attempts at which somebody else may have been given the same number as we."""
REPEATABLE_AT_ONCE = 100
"""Records taken at once where none of them can be in doubt."""


class _Found(NamedTuple):
    """A record that is there: its number, and what else the question answered."""

    reference: str
    columns: Mapping[str, Any] = {}

    def name_in(self, scope: Scope) -> None:
        scope.names.update(reference=self.reference, found=dict(self.columns))


class SqlTarget(Target[ConnectionT, SqlTargetOptions]):
    """Writes records by the statements of the flow's options."""

    def __init__(self, connection: ConnectionT, options: SqlTargetOptions) -> None:
        super().__init__(connection, options)
        # One at a time, so that a lost answer leaves no more than one record in doubt.
        self.batch_size = REPEATABLE_AT_ONCE if self.doubt is Doubt.SEND else 1
        self._statements: dict[str, Named] = {}

    def open_writing(self) -> Writing:
        """A session of this thread's own; raises `Unavailable` or `Misconfigured`."""
        raise NotImplementedError

    def release(self, session: Writing) -> None:
        """Close the session, or keep it for the next delivery."""
        session.close()

    @property
    def doubt(self) -> Doubt:
        """As the options allow."""
        return self.options.doubt

    def check(self) -> Iterator[Finding]:
        """Log in, and let the database compile what it can without running it."""
        with self._session() as session:
            yield from findings(session, self.options)

    # Delivering

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Write each in its own transaction."""
        with self._session() as session:
            for number, message in enumerate(messages):
                if number:
                    self.gate.request()
                yield self._settled(message, partial(self._take, session, message))

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Those that are there, where that proves that the message took effect.

        A change or deletion is simply repeated: a record that is there shows nothing of it.
        """
        with self._session() as session:
            for message in messages:
                if message.op is Op.DELETE or self.options.changes or self._bound(message):
                    continue
                receipt = self._settled(message, partial(self._seen, session, message))
                if receipt:
                    yield receipt

    def reads_back(self, entity: str) -> bool:
        """Where the flow says how."""
        del entity
        return self.options.read is not None

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What `read` answers for these keys."""
        if self.options.read is None or not keys:
            return
        bound = self.bindings.find(entity, keys)
        with self._session() as session:
            for key in keys:
                message = Message("", 0, "", entity, key, Op.DELETE, b"")
                scope = Scope(message, self.bindings)
                scope.names["reference"] = bound.get(key)
                with session.asking() as opened:
                    rows = self._answer(opened, self.options.read, scope).rows
                if rows:
                    yield Record(entity, key, read_record(rows[0]))

    @contextmanager
    def _session(self) -> Iterator[Writing]:
        try:
            session = self.open_writing()
        except (Unavailable, Misconfigured) as error:
            error.untouched = True
            raise
        try:
            yield session
        finally:
            self.release(session)

    def _settled(self, message: Message, act: Callable[[], ReceiptT]) -> ReceiptT | Receipt:
        """What came of it, where it says something about this record alone."""
        try:
            return act()
        except NotThereYet as missing:
            return missing.receipt(message)
        except Locked as lock:
            if not lock.untouched:
                raise
            # The others need not wait for the row that this one needs.
            return Receipt(
                message.id, accepted=False, code=lock.code, reason=lock.reason, waits=True
            )
        except Rejected as refusal:
            return Receipt(message.id, accepted=False, code=refusal.code, reason=refusal.reason)

    def _take(self, session: Writing, message: Message) -> Receipt:
        try:
            with session.transaction() as opened:
                return self._carry_out(opened, message)
        except Taken as refusal:
            if message.op is Op.DELETE or self._bound(message):
                raise
            taken = refusal
        with session.transaction() as opened:
            scope = self._scope(opened, message)
            if found := self._find(opened, scope):
                return self._there(opened, message, scope, found)
        if message.attempts < NUMBERS_TRIED:
            raise Locked(taken.code, taken.reason, untouched=True)
        raise taken

    def _seen(self, session: Writing, message: Message) -> Receipt | None:
        with session.asking() as opened:
            found = self._find(opened, self._scope(opened, message))
        return found and _accepted(message, found.reference)

    # Inside a transaction

    def _carry_out(self, opened: Transaction, message: Message) -> Receipt:
        scope = self._scope(opened, message)
        bound = self._bound(message)
        if message.op is Op.DELETE:
            return self._delete(opened, message, scope, bound)
        if bound:
            return self._change(opened, message, scope, bound)
        if self.options.ask == "always" or (message.doubtful and self.options.look_up):
            found = self._find(opened, scope)
            if found:
                return self._there(opened, message, scope, found)
        return self._write(opened, message, scope)

    def _scope(self, opened: Transaction, message: Message) -> Scope:
        """The names of this message's templates, once nobody else works on the same record."""
        scope = Scope(message, self.bindings)
        if self.options.lock:
            self._answer(opened, self.options.lock, scope)
        return scope

    def _bound(self, message: Message) -> _Found | None:
        reference = self.bindings.find(message.entity, [message.key]).get(message.key)
        return _Found(reference) if reference else None

    def _find(self, opened: Transaction, scope: Scope) -> _Found | None:
        """The record by the first question that answers."""
        for question in self.options.look_up:
            parameters = self._parameters(question, scope)
            if None in parameters or "" in parameters:
                continue  # a customer without a VAT number is not every customer without one
            rows = opened.answer(self._named(question).text, parameters).rows
            if not rows:
                continue
            references = list(dict.fromkeys(_first(row) for row in rows))
            if len(references) > 1:
                raise Rejected(
                    "SA-5305",
                    f"found more than once: {', '.join(references[:5])}",
                    hint="leave one of them in the database, or make the question stricter",
                )
            # Without a number of the database it is known by our own key.
            return _Found(references[0] or str(scope.names["key"]), rows[0])
        return None

    def _write(self, opened: Transaction, message: Message, scope: Scope) -> Receipt:
        reference = self._run(opened, self.options.write, scope)
        if self.options.reference:
            rows = self._answer(opened, self.options.reference, scope).rows
            reference = _first(rows[0]) if rows else ""
        if not reference and (self.options.reference or _returning(self.options.write)):
            raise Rejected(
                "SA-5306",
                "undone: the database told no number of what was written",
                hint="correct `reference` or `returns`, then retry it",
            )
        if self.options.look_up and not self.options.repeatable:
            reference = self._proven(opened, scope, reference)
        return _accepted(message, reference or message.key)

    def _proven(self, opened: Transaction, scope: Scope, reference: str) -> str:
        """The number; raises `Rejected` where the questions would not find the record in doubt."""
        found = self._find(opened, scope)
        number = found and _first(found.columns)
        if found is None or (reference and number and number != reference):
            instead = f" as {reference}, but {number}" if found else ""
            raise Rejected(
                "SA-5307",
                f"undone: look_up does not find what was just written{instead}",
                hint="correct look_up, then retry it: it could not tell what was written in doubt",
            )
        return reference or found.reference

    def _there(self, opened: Transaction, message: Message, scope: Scope, found: _Found) -> Receipt:
        """Found without a binding: brought up to date where that is configured, else taken."""
        found.name_in(scope)
        self._run(opened, self.options.changes, scope)
        return _accepted(message, found.reference)

    def _change(
        self, opened: Transaction, message: Message, scope: Scope, bound: _Found
    ) -> Receipt:
        if not self.options.changes:
            raise Rejected(
                "SA-5308",
                f"it was written as {bound.reference} and has changed since; changes are not "
                "written",
                hint="enter the change by hand and settle it, or give `update` statements",
            )
        bound.name_in(scope)
        self._run(opened, self.options.changes, scope)
        return _accepted(message, bound.reference)

    def _delete(
        self, opened: Transaction, message: Message, scope: Scope, bound: _Found | None
    ) -> Receipt:
        found = bound
        if found is None and self.options.look_up:
            found = self._find(opened, scope)
            if found is None:
                return _accepted(message, "")
        if not self.options.delete:
            raise Rejected(
                "SA-5309",
                f"{found.reference if found else message.key} was deleted at the source; deletions "
                "are not written",
                hint="delete it by hand and settle it, or give `delete` statements",
            )
        if found:
            found.name_in(scope)
        self._run(opened, self.options.delete, scope)
        return _accepted(message, "")

    # Statements

    def _run(self, opened: Transaction, statements: Sequence[Statement], scope: Scope) -> str:
        """Run them in order; the number that one of them returned."""
        reference = ""
        for statement in statements:
            for names in elements(statement.each, scope) if statement.each else [{}]:
                answer = self._answer(opened, statement, scope, **names)
                if answer.rows:
                    row = {name: read_value(value) for name, value in answer.rows[0].items()}
                    scope.names["reply"] = {**scope.names["reply"], **row}
                    reference = reference or key_text(row.get(statement.returns.lower()))
        return reference

    def _answer(
        self, opened: Transaction, asked: Question | Statement, scope: Scope, **names: Any
    ) -> Answer:
        statement = self._named(asked)
        parameters = self._parameters(asked, scope, **names)
        if not isinstance(asked, Statement):
            return opened.answer(statement.text, parameters)
        opened.certain = opened.certain and not asked.commits
        answer = opened.answer(statement.text, parameters)
        if not (answer.touched or answer.rows or asked.may_touch_none) and statement.writes_rows:
            raise Rejected(
                "SA-5310",
                f"undone: no row was touched by {' '.join(statement.text.split()[:4])} …",
                hint="find out why, or say may_touch_none, then retry it",
            )
        return answer

    def _named(self, asked: Question | Statement) -> Named:
        if asked.sql not in self._statements:
            self._statements[asked.sql] = named(asked.sql)
        return self._statements[asked.sql]

    def _parameters(
        self, asked: Question | Statement, scope: Scope, **names: Any
    ) -> tuple[Any, ...]:
        templates = {**self.options.values, **asked.values}
        return tuple(templates[name].render(scope, **names) for name in self._named(asked).names)


ReceiptT = TypeVar("ReceiptT", Receipt, Receipt | None)


def _accepted(message: Message, reference: str) -> Receipt:
    return Receipt(message.id, accepted=True, reference=reference)


def _first(row: Mapping[str, Any]) -> str:
    return key_text(read_value(next(iter(row.values()))))


def _returning(statements: Sequence[Statement]) -> bool:
    return any(each.returns for each in statements)
