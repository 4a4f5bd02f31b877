"""Whether anything was written to files at all, from the counts that the system keeps.

The counts are asked for before a row is read, and may lag behind an open program. A write that is
counted late makes one pass more, never one less: counts that did not move since the last pass mean
that nothing was written since it began.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from connectors._ibmi.catalogue import File
from connectors._sql_dialect import Answers

_COUNTS = (
    "SELECT COUNT(*), SUM(NUMBER_ROWS), SUM(INSERT_OPERATIONS), SUM(UPDATE_OPERATIONS), "
    "SUM(DELETE_OPERATIONS), "
    "VARCHAR_FORMAT(MAX(LAST_CHANGE_TIMESTAMP), 'YYYY-MM-DD HH24:MI:SS.NNNNNN') "
    "FROM QSYS2.SYSPARTITIONSTAT WHERE SYSTEM_TABLE_SCHEMA = ? AND SYSTEM_TABLE_NAME = ?"
)


def counts(connection: Answers, files: Iterable[File]) -> str:
    """All counts of these files as a text to compare; "" where one of them has none."""
    found = {}
    for file in files:
        [(members, *counted)] = connection.fetch(_COUNTS, (file.library, file.name))
        if not members:  # a view, or a file that the user may not look at
            return ""
        found[str(file)] = [str(value) for value in (members, *counted)]
    return json.dumps(found, separators=(",", ":"))
