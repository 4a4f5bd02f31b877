"""Find records by what people have in hand: the beginning of a key, a number of the other side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import NamedTuple

from agent.store.message_rows import MessageRow, MessageRows
from agent.store.names import flow_number
from agent.store.outbox import Outbox

_FIRST, _LAST = "\0", "\U0010ffff"
"""Sort before and behind every character that a key has."""

_MOST_SPELLINGS = 16
_MOST_FIRST_COLUMNS = 50

_NUMBER = "CASE WHEN json_valid(CAST(body AS TEXT)) THEN CAST(body AS TEXT) ->> '$.number' END"
_NUMBERED = "entity IN ('order', 'return') AND stage IS NOT 'mapping'"
"""As in the index `message_number`."""


class Bound(NamedTuple):
    """A record under the number that the other side gave it."""

    target: str
    entity: str
    key: str
    reference: str


class Search:
    """Looks, and changes nothing. Every question is a bounded number of steps in an index.

    Capitals do not matter: at each letter those spellings are followed that anything begins with.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._database = outbox.database
        self._rows = MessageRows(outbox.database, outbox.names)

    def keys(self, flow: str, beginning: str, limit: int) -> list[str]:
        """Keys of a flow that begin so, of what is known or has a message; the shortest lead.

        Of keys of several columns the second may begin so too, where the first has few values:
        an article in some price lists.
        """
        number = flow_number(self._database, flow)
        starts = ["", *(f"{first}|" for first in self._first_columns(number))]
        found = [
            key
            for start in starts
            for spelling in _spellings(beginning, partial(self._begins, number, start))
            for key in islice(self._from(number, start + spelling), limit)
        ]
        return sorted(dict.fromkeys(found), key=lambda key: (len(key), key))[:limit]

    def _begins(self, flow: int, start: str, text: str) -> bool:
        return self._next(flow, start + text, start + text) is not None

    def _first_columns(self, flow: int) -> Iterator[str]:
        """What the first column of keys of several columns holds, the first few values."""
        least = ""
        for _ in range(_MOST_FIRST_COLUMNS):
            key = self._next(flow, least, "")
            if key is None or "|" not in key:
                return
            first = key.partition("|")[0]
            yield first
            least = f"{first}|{_LAST}"

    def _from(self, flow: int, beginning: str) -> Iterator[str]:
        key = self._next(flow, beginning, beginning)
        while key is not None:
            yield key
            key = self._next(flow, key + _FIRST, beginning)

    def _next(self, flow: int, least: str, beginning: str) -> str | None:
        """The first key from `least` on that begins so."""
        found: str | None = self._database.value(
            "SELECT min(key) FROM ("
            "SELECT min(key) AS key FROM known WHERE flow = ?1 AND key >= ?2 AND key < ?3"
            " UNION ALL "
            "SELECT min(key) FROM message WHERE flow = ?1 AND key >= ?2 AND key < ?3)",
            (flow, least, beginning + _LAST),
        )
        return found

    def between(self, flow: str, first: str, last: str, limit: int) -> list[str]:
        """Known keys from the first to the last, what begins like the last one included."""
        found = self._database.rows(
            "SELECT key FROM known WHERE flow = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?",
            (flow_number(self._database, flow), first, last + _LAST, limit),
        )
        return [key for (key,) in found]

    def bound(self, reference: str, limit: int) -> list[Bound]:
        """Records that the other side has under this number of its own."""
        found = []
        for spelling in _spellings(reference, self._any_reference):
            found += self._database.rows(
                "SELECT target.name, entity, key, reference FROM binding"
                " JOIN target ON target.id = target WHERE reference = ? LIMIT ?",
                (spelling, limit),
            )
        return [Bound._make(line) for line in found[:limit]]

    def _any_reference(self, beginning: str) -> bool:
        return bool(
            self._database.row(
                "SELECT 1 FROM binding WHERE reference >= ? AND reference < ? LIMIT 1",
                (beginning, beginning + _LAST),
            )
        )

    def numbered(self, number: str, limit: int) -> list[tuple[str, str]]:
        """Flow and key of orders and returns with this number, as far as they are kept singly."""
        return self._database.rows(
            "SELECT DISTINCT flow.name, key FROM message INDEXED BY message_number"
            f" JOIN flow ON flow.id = flow WHERE {_NUMBER} = ? AND {_NUMBERED} LIMIT ?",
            (number, limit),
        )

    def newest(self, flow: str, key: str) -> MessageRow | None:
        """The newest message of a key, of those that stand alone."""
        found = self._rows.list({"flow": flow, "key": key}, 1, None)
        return found[0] if found else None


def _spellings(text: str, begins: Callable[[str], bool]) -> list[str]:
    """The spellings of a text, in capitals or not, with which anything begins."""
    found = [""]
    for char in text:
        cases = [
            each for each in dict.fromkeys((char, char.lower(), char.upper())) if len(each) == 1
        ]
        longer = (begun + case for begun in found for case in cases)
        found = [each for each in longer if begins(each)][:_MOST_SPELLINGS]
    return found
