"""Rows and what is known → what changed. Pure: nothing here reads, writes or waits.

Three sieves, cheap before dear: a *block* of rows whose digest is known needs no look at its rows;
a *row* whose digest is known is not mapped; a *record* equal to the one last taken over is no
change. What a whole pass did not meet has vanished.
"""

from __future__ import annotations

from agent.detect.comparison import Comparison
from agent.detect.digest import record_mark, row_digests
from agent.detect.drift import Drift, column_drift
from agent.detect.findings import Found, Known, NewBlock, Refusal
from agent.detect.guard import GuardLimits, Tally, judge
from agent.detect.keys import key_reader

__all__ = [
    "Comparison",
    "Drift",
    "Found",
    "GuardLimits",
    "Known",
    "NewBlock",
    "Refusal",
    "Tally",
    "column_drift",
    "judge",
    "key_reader",
    "record_mark",
    "row_digests",
]
