"""What a flow says about writing into a database: statements with named parameters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from agent.contract import Doubt, Options
from connectors._sql_writing.named import named, one_statement
from connectors._template import Template

SqlText = Annotated[str, AfterValidator(one_statement)]
Values = dict[str, Template]


class Question(Options):
    """A statement that answers rows and writes nothing."""

    sql: SqlText = Field(description="The statement; `:name` is a parameter.")
    values: Values = Field(default={}, description="Parameter → template of its value.")


class Statement(Options):
    """One statement of a transaction."""

    sql: SqlText = Field(
        description="The statement; `:name` is a parameter. Columns of a row that it answers stand "
        "as `reply.column` in the templates of later statements, names in small letters."
    )
    values: Values = Field(default={}, description="Parameter → template of its value.")
    each: Template | None = Field(
        default=None,
        description="A list: the statement is run for every element, as `item` and `number`.",
    )
    returns: str = Field(
        default="",
        description="The column, of the row that the statement answers, which holds the number "
        "that the database gave to the record (RETURNING, OUTPUT, the result of a procedure).",
    )
    may_touch_none: bool = Field(
        default=False,
        description="INSERT, UPDATE, MERGE: no row touched is no failure. Otherwise it refuses the "
        "record, because the statement had no effect.",
    )
    commits: bool = Field(
        default=False,
        description="What it does is not undone by a rollback (a program outside the transaction): "
        "what fails after it is in doubt.",
    )

    @model_validator(mode="after")
    def _one_number(self) -> Statement:
        if self.returns and self.each:
            raise ValueError("returns: only a statement that is run once gives the number")
        return self


class SqlTargetOptions(Options):
    """How a record is written, found again, changed and deleted."""

    values: Values = Field(
        default={},
        description="Parameters that every statement may use; a statement's own come first.",
    )
    look_up: tuple[Question, ...] = Field(
        default=(),
        description="Questions that find a record in the database, asked in order until one "
        "answers; the first column is the database's number of it. A question with an empty value "
        "is not asked. Without `look_up`, a record whose fate is not known waits for a person.",
    )
    ask: Literal["doubtful", "always"] = Field(
        default="doubtful",
        description="When `look_up` is asked: only where an earlier attempt may have written the "
        "record, or always before a record is written for the first time (customers that may be "
        "there already).",
    )
    lock: Question | None = Field(
        default=None,
        description="Asked first in every transaction: waits until no other transaction of the "
        "same record is open. For databases without a unique index on the shop's reference.",
    )
    write: tuple[Statement, ...] = Field(
        min_length=1, description="Statements that write a record, in one transaction."
    )
    reference: Question | None = Field(
        default=None,
        description="Asked after `write`, in its transaction: the first column is the number that "
        "the database gave to the record. Left out: a statement `returns` it, or `look_up` does.",
    )
    update: tuple[Statement, ...] = Field(
        default=(),
        description="Statements for a record that is there already: `reference` is its number, "
        "`found` the row that `look_up` answered. They are repeated after a failure. Left out: a "
        "changed record waits for a person, and one that was found is taken as it is.",
    )
    delete: tuple[Statement, ...] = Field(
        default=(),
        description="Statements that delete a record (by `reference` or `key`). They are repeated "
        "after a failure. Left out: a deletion waits for a person.",
    )
    repeatable: bool = Field(
        default=False,
        description="`write` has no second effect when it is run again (MERGE, ON CONFLICT), and "
        "also serves for changes.",
    )
    read: Question | None = Field(
        default=None,
        description="Reads a record back by `key` or `reference`: columns are its "
        "fields, or one column `record` holds them all as JSON.",
    )

    @property
    def doubt(self) -> Doubt:
        """What becomes of a record whose fate is not known."""
        if self.repeatable:
            return Doubt.SEND
        return Doubt.ASK if self.look_up else Doubt.HOLD

    @property
    def changes(self) -> tuple[Statement, ...]:
        """The statements for a record that is there already; none where it must not be changed."""
        return self.update or (self.write if self.repeatable else ())

    def questions(self) -> Iterator[tuple[str, Question]]:
        """What is asked, each under its name for people."""
        for number, question in enumerate(self.look_up, 1):
            yield f"look_up {number}", question
        for name in ("lock", "reference", "read"):
            if question := getattr(self, name):
                yield name, question

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """What is run, each under its name for people."""
        for name in ("write", "update", "delete"):
            for number, statement in enumerate(getattr(self, name), 1):
                yield f"{name} {number}", statement

    @property
    def _all(self) -> Iterator[tuple[str, Question | Statement]]:
        return chain(self.questions(), self.statements())

    @model_validator(mode="after")
    def _every_parameter_has_a_value(self) -> SqlTargetOptions:
        shared = set(self.values)
        for name, each in self._all:
            used = set(named(each.sql).names)
            if unknown := used - shared - set(each.values):
                raise ValueError(f"{name}: no value for {_listed(unknown)}")
            if unused := set(each.values) - used:
                raise ValueError(f"{name}: the statement does not use {_listed(unused)}")
        return self

    @model_validator(mode="after")
    def _every_shared_value_is_used(self) -> SqlTargetOptions:
        used = {name for _, each in self._all for name in named(each.sql).names}
        if unused := set(self.values) - used:
            raise ValueError(f"values: no statement uses {_listed(unused)}")
        return self

    @model_validator(mode="after")
    def _one_source_of_the_number(self) -> SqlTargetOptions:
        returning = [name for name, each in self.statements() if each.returns]
        if len(returning) + bool(self.reference) > 1:
            raise ValueError("give the number once: by `reference`, or by one `returns`")
        if any(not name.startswith("write") for name in returning):
            raise ValueError("returns: a record gets its number when it is written first")
        if self.ask == "always" and not self.look_up:
            raise ValueError("ask: there is no look_up to be asked")
        return self


def _listed(names: set[str]) -> str:
    return ", ".join(f":{name}" for name in sorted(names))
