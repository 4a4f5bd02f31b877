"""What `syncagent check` can say about statements that it must not run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.contract import Doubt, Finding
from agent.errors import Misconfigured
from connectors._sql_table import NO_SUCH_TABLE
from connectors._sql_writing.named import Named, bare, named
from connectors._sql_writing.options import SqlTargetOptions
from connectors._sql_writing.session import Writing

_IN_DOUBT = {
    Doubt.SEND: "written again, which has no second effect",
    Doubt.ASK: "the database is asked by look_up before anything is written again",
    Doubt.HOLD: "waits for a person: without look_up the database cannot be asked",
}
_LONGEST = 100
"""Characters of a statement that are shown."""
_READS = re.compile(r"\s*(select|with|values)\b", re.IGNORECASE)
_CHANGES_ROWS = re.compile(r"\s*(insert|update|delete|merge|replace)\b", re.IGNORECASE)


def findings(session: Writing, options: SqlTargetOptions) -> Iterator[Finding]:
    """Logged in; what compiles, which tables are there, what becomes of a record in doubt.

    Raises `Misconfigured` for what the database refuses to compile.
    """
    yield Finding("log-in", "the database answers")
    for name, question in options.questions():
        yield _looked_at(session, name, named(question.sql), may_run=name != "lock")
    for name, statement in options.statements():
        yield _looked_at(session, name, named(statement.sql), may_run=False)
    held = options.doubt is Doubt.HOLD
    yield Finding("an unknown outcome", _IN_DOUBT[options.doubt], warning=held)


def _looked_at(session: Writing, name: str, statement: Named, *, may_run: bool) -> Finding:
    told = f"{name}: {' '.join(statement.text.split())}"
    shown = told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"
    try:
        with session.asking():
            if _compiled(session, statement):
                return Finding(shown, "compiles, with the rights of this user")
            if may_run and _READS.match(bare(statement.text)):
                session.answer(statement.text, [None] * len(statement.names))
                return Finding(shown, "answers")
        tables = [_seen(session, table) for table in statement.tables]
    except Misconfigured as error:
        raise Misconfigured(error.code, f"{name}: {error.reason}", hint=error.hint) from None
    seen = "; ".join(tables) or "cannot be tried without running it"
    return Finding(shown, f"{seen}; the rights show when it is run first")


def _compiled(session: Writing, statement: Named) -> bool:
    """Whether the database compiled it without running it; raises what it said against it."""
    shape = bare(statement.text)
    if compile_alone := getattr(session.connection, "compile", None):
        with session.answering():
            compile_alone(statement.text)
        return True
    prefix = session.dialect.compiling
    if not prefix or not (_READS.match(shape) or _CHANGES_ROWS.match(shape)):
        return False
    session.answer(f"{prefix} {statement.text}", [None] * len(statement.names))
    return True


def _seen(session: Writing, table: str) -> str:
    try:
        with session.asking():
            session.answer(f"SELECT * FROM {table} WHERE 1 = 0")  # noqa: S608 - as configured
    except Misconfigured as error:
        if error.code == NO_SUCH_TABLE:
            raise
        return f"{table} cannot be looked at: {error.reason}"
    return f"{table} is there"
