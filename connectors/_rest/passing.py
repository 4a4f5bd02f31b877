"""Pages of a list as the batches of a pass, and whether the pass may be believed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Protocol

from agent.contract import Batch
from agent.errors import Rejected
from connectors._drop.rows import Row
from connectors._rest.paging import Page
from connectors._rest.records import Columns, readable

log = logging.getLogger(__name__)


class Course(Protocol):
    """Keeps the way back: what it notes of the pages becomes the cursor."""

    def note(self, page: Page) -> None:
        """Take a page in."""
        ...

    def cursor(self) -> str:
        """The cursor after the pages so far, if they were all."""
        ...


class Pass:
    """One walk over a list. `place` names the list for people."""

    def __init__(self, columns: Columns, place: str, course: Course | None = None) -> None:
        self._columns, self._place, self._course = columns, place, course
        self._keys: set[int] = set()
        self._refused = 0
        self._totals: set[int | None] = set()
        self._pages = 0
        self._counted = False

    def batches(
        self,
        pages: Iterable[Page],
        *,
        whole: bool,
        before: str,
        met: Callable[[str], None] = lambda _: None,
    ) -> Iterator[Batch]:
        """A batch a page; the last one ends the pass. `met` is called with each row's key.

        `before` is the cursor that stays where the list changed under our hands.
        """
        for page, last in with_last(pages):
            rows = self._columns.rows(page.records, doubtful=page.doubtful)
            self._note(page, rows, met)
            sound = last and not self._contradicted()
            cursor = "" if whole else before
            if sound and self._course is not None:
                cursor = self._course.cursor()
            yield Batch(
                self._columns.names,
                readable(rows),
                cursor=cursor,
                whole=whole,
                complete=whole and sound and not self._unsure(),
                where=partial(self._where, page.number),
            )

    def _note(self, page: Page, rows: list[Row | Rejected], met: Callable[[str], None]) -> None:
        if self._course is not None:
            self._course.note(page)
        self._pages += 1
        self._counted = self._counted or page.counted
        self._totals.add(page.total)
        self._keys |= page.met or set()
        for row in rows:
            if isinstance(row, Rejected):
                self._refused += page.met is None
                continue
            key = self._columns.key_of(row)
            met(key)
            if page.total is not None and page.met is None:
                self._keys.add(hash(key))

    def _contradicted(self) -> bool:
        """Whether the server's own count says that something slipped past."""
        met = len(self._keys) + self._refused
        if self._totals <= {None} or self._totals == {met}:
            return False
        told = " then ".join(str(total) for total in self._totals)
        log.warning("%s: %d different records came, %s were announced", self._place, met, told)
        return True

    def _unsure(self) -> bool:
        """Whether a record may have slipped past: pages that are counted shift when one goes."""
        return self._counted and self._totals == {None}

    def _where(self, number: int, index: int) -> str:
        return f"{self._place} page {number} record {index + 1}"


def with_last(pages: Iterable[Page]) -> Iterator[tuple[Page, bool]]:
    """Each page, and whether it is the last."""
    waiting: Page | None = None
    for page in pages:
        if waiting is not None:
            yield waiting, False
        waiting = page
    if waiting is not None:
        yield waiting, True
