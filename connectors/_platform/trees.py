"""Categories of a delivery as a tree: those above are written before those below."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeAlias

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, data_of, number, text
from connectors._verdicts import refused, waiting

Branches: TypeAlias = dict[str, tuple[Message, Data]]
"""Code of a category → its message, and what that says."""


class Tree:
    """The categories of one delivery that are to be there."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self.branches: Branches = {}
        self._refusals: list[Receipt] = []
        for message in messages:
            if message.op is not Op.UPSERT:
                continue
            data: Data = data_of(message)
            try:
                number(data, "position")
            except Rejected as refusal:
                self._refusals.append(refused(message, refusal))
            else:
                self.branches[text(data, "code")] = (message, data)

    def refusals(self) -> Sequence[Receipt]:
        """What cannot be sent as it is."""
        return self._refusals

    def codes(self) -> list[str]:
        """All codes that are named, those above included."""
        above = [text(data, "parent") for _, data in self.branches.values()]
        return list(dict.fromkeys(filter(None, [*self.branches, *above])))

    def levels(self, there: Collection[str]) -> Iterator[Branches]:
        """Those that can be written now, level by level.

        `there` are the codes of the categories that the platform has; who writes a level adds to
        it. What nobody gets is left over in `waiting`.
        """
        while True:
            ready = {
                code: (message, data)
                for code, (message, data) in self.branches.items()
                if not (above := text(data, "parent"))
                or (above in there and above not in self.branches)
            }
            if not ready:
                return
            for code in ready:
                del self.branches[code]
            yield ready

    def waiting(self) -> Iterator[Receipt]:
        """Those whose category above is not there yet."""
        for message, data in self.branches.values():
            yield waiting(message, "category", text(data, "parent"))
