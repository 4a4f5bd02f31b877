"""Requests of one delivery: the gate before each further one, every answer sorted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from agent.contract import Gate
from agent.errors import Rejected, Unavailable
from agent.model import Json
from connectors._http.client import Answer
from connectors._http.failures import retry_after
from connectors._rest.api import Api, parsed
from connectors._rest.judging import Judge
from connectors._rest.letters import write
from connectors._rest.records import MISSING, take
from connectors._rest.target_options import QuestionOptions, RequestOptions, RestTargetOptions
from connectors._rest.verdicts import Statuses, Verdict
from connectors._template import Scope

SEVERAL = 5
"""Numbers that are named where several records match."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, the value in it, and what it means."""

    answer: Answer
    value: Json
    verdict: Verdict | None
    judge: Judge

    def refuse(self, verdict: Verdict | None = None) -> NoReturn:
        """Raise the error that the answer stands for."""
        self.judge.raise_for(verdict or self.verdict, self.answer, self.value)


class Found(NamedTuple):
    """A record of the other side: its id, and what the server told of it."""

    reference: str
    record: Json


class Exchange:
    """Asks one server for one call of the engine, which has passed the gate once for it."""

    def __init__(self, api: Api, options: RestTargetOptions, gate: Gate) -> None:
        self._api = api
        self._options = options
        self._gate = gate
        self._paid = True

    def ask(self, request: RequestOptions, scope: Scope, said: Statuses | None = None) -> Said:
        """The answer to a request. `said` is what a status means at this place, unless set."""
        letter = write(
            request.method,
            self._api.url + request.path.render(scope),
            query={name: each.render(scope) for name, each in request.query.items()},
            headers={name: each.render(scope) for name, each in request.headers.items()},
            body=request.body.render(scope) if request.body else None,
            form=request.format,
        )
        if not self._paid:
            self._gate.request()
        self._paid = False
        answer = self._api.ask(letter)
        if answer.headers.get("x-ratelimit-remaining", "").strip() == "0":
            self._gate.pause(retry_after(answer.headers) or 0)
        judge = Judge(
            self._options.errors,
            self._options.error,
            request.status,
            self._options.status,
            said or {},
        )
        value = self._value(answer)
        return Said(answer, value, judge.verdict(answer, value), judge)

    def require_no_error(self, answer: Answer) -> None:
        """Raise for a success that tells of an error: a wrong key may be told in that way."""
        if not 200 <= answer.status <= 299 or "json" not in answer.content_type:
            return
        judge = Judge(self._options.errors, self._options.error, self._options.status)
        value = self._value(answer)
        if judge.tells(value):
            judge.raise_for(judge.verdict(answer, value), answer, value)

    def _value(self, answer: Answer) -> Json:
        """The JSON of an answer. A success that is none comes from somebody else."""
        if not answer.body.strip():
            return None
        try:
            return parsed(answer).value
        except Unavailable:
            if 200 <= answer.status <= 299:
                raise
            return None

    def asks(self, question: QuestionOptions, scope: Scope) -> bool:
        """Whether there is a value to look for: without one the server would show all it has."""
        if question.when and question.when.render(scope) is not True:
            return False
        return all(each.render(scope) not in (None, "") for each in question.query.values())

    def one(self, question: QuestionOptions, scope: Scope) -> Found | None:
        """The record that a question finds, None for none; several are a person's affair."""
        if not self.asks(question, scope):
            return None
        said = self.ask(question, scope)
        if said.verdict is Verdict.GONE:
            return None
        if said.verdict is not Verdict.OK:
            said.refuse()
        found = [
            each
            for each in self._items(said.value, question.item)
            if question.where is None or question.where.render(scope, reply=each) is True
        ]
        if not found:
            return None
        references = [reference_of(question.reference.render(scope, reply=each)) for each in found]
        if len(set(references)) > 1:
            named = ", ".join(references[:SEVERAL]) + ("…" if len(references) > SEVERAL else "")
            raise Rejected(
                "SA-5332",
                f"{self._api.server} has {len(set(references))} records that match: {named}",
                hint="leave one of them there, or say `where` under the question",
            )
        return Found(references[0], found[0])

    def _items(self, value: Json, item: str) -> Sequence[Json]:
        found = take(value, item)
        if found is MISSING:
            has = ", ".join(value) if isinstance(value, Mapping) else type(value).__name__
            raise Unavailable(
                "SA-5339",
                f"{self._api.server} answers nothing at {item!r}",
                hint=f"the answer has: {has[:200]}",
            )
        return found if isinstance(found, list) else [] if found is None else [found]


def reference_of(value: Json) -> str:
    """An id as text. Raises `Rejected` for what is none."""
    if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
        return str(value)
    raise Rejected("SA-5334", f"{str(value)[:80]!r} is no id of a record")
