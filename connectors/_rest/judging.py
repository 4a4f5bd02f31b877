"""What an answer to a write means: by the words in it, then by its status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn

import msgspec

from agent.errors import Misconfigured, Rejected, Unavailable
from agent.model import Json
from connectors._http.client import Answer
from connectors._http.failures import EXCERPT, raise_for_status, retry_after
from connectors._rest.verdicts import Statuses, Verdict

UNLESS_SAID: Mapping[str, Verdict] = {
    "2xx": Verdict.OK,
    "400": Verdict.REJECTED,
    "404": Verdict.GONE,
    "409": Verdict.REJECTED,
    "410": Verdict.GONE,
    "412": Verdict.REJECTED,
    "413": Verdict.REJECTED,
    "422": Verdict.REJECTED,
}
"""What no table says otherwise; for all that is missing the door to HTTP has its own words."""


class Judge:
    """Sorts answers by their words, then by their status; the first table that knows it decides."""

    def __init__(
        self, errors: Mapping[str, Verdict], error: Sequence[str], *tables: Statuses
    ) -> None:
        self._errors = errors
        self._places = error
        self._tables = (*tables, UNLESS_SAID)

    def verdict(self, answer: Answer, value: Json) -> Verdict | None:
        """What the answer means; None where nobody has said anything about such a status."""
        failed = not 200 <= answer.status <= 299 or self.tells(value)
        if failed:
            words = self._words(answer, value).casefold()
            for fragment, verdict in self._errors.items():
                if fragment.casefold() in words:
                    return verdict
        for table in self._tables:
            found = table.get(str(answer.status)) or table.get(f"{answer.status // 100}xx")
            if found is Verdict.OK and failed and 200 <= answer.status <= 299:
                return Verdict.REJECTED
            if found:
                return found
        return None

    def words(self, answer: Answer, value: Json) -> str:
        """What the other side says, in one line: its own message, or what else stands in there."""
        return " ".join(self._words(answer, value).split())[:EXCERPT]

    def tells(self, value: Json) -> bool:
        """Whether an error is told in it, whatever the status."""
        return bool(self._told(value))

    def raise_for(self, verdict: Verdict | None, answer: Answer, value: Json) -> NoReturn:
        """The error for an answer that is no success."""
        words = self.words(answer, value)
        said = f"{answer.host} answered {answer.status}" + (f": {words}" if words else "")
        if verdict in {Verdict.REJECTED, Verdict.GONE, Verdict.FOUND}:
            raise Rejected("SA-5330", said)
        if verdict is Verdict.UNAVAILABLE:
            raise Unavailable("SA-5338", said, retry_after=retry_after(answer.headers))
        if verdict is Verdict.MISCONFIGURED:
            raise Misconfigured(
                "SA-5338", said, hint="the table of answers says: a person must act"
            )
        raise_for_status(
            answer.status, answer.headers, answer.content_type, answer.body, answer.host
        )

    def _words(self, answer: Answer, value: Json) -> str:
        """All of them: what tells errors apart may stand behind a long message."""
        return self._told(value) or answer.told() or _excerpt(value)

    def _told(self, value: Json) -> str:
        """What stands where errors are told; "" for none."""
        found = [each for place in self._places for each in _standing(value, place) if each]
        return ", ".join(dict.fromkeys(_excerpt(each) for each in found))


def _standing(value: Json, place: str) -> Iterator[Json]:
    """What stands at a dotted path; behind a list, in each of its elements."""
    if not place:
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _standing(each, place)
    elif isinstance(value, dict):
        if place in value:
            yield value[place]
        else:
            head, _, rest = place.partition(".")
            yield from _standing(value.get(head), rest)


def _excerpt(value: Json) -> str:
    if isinstance(value, str):
        return value
    if value in (None, {}, []):
        return ""
    return msgspec.json.encode(value, enc_hook=str).decode()[: 2 * EXCERPT]
