"""Which flows read the same systems, and how many of them may do so at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Systems:
    """Nothing is limited where nothing is said."""

    read_by: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Flow → the systems that it reads."""
    parallel: Mapping[str, int] = field(default_factory=dict)
    """System → how many flows may read it at once."""

    def crowded(self, reading: Iterable[str]) -> set[str]:
        """The flows that have to wait while these ones read: a system of theirs has no room."""
        readers = Counter(system for flow in reading for system in self.read_by.get(flow, ()))
        full = {system for system, limit in self.parallel.items() if readers[system] >= limit}
        return {flow for flow, systems in self.read_by.items() if not full.isdisjoint(systems)}
