"""Writing records into any SQL database: named parameters, one transaction a record, no doubles.

A kind joins with a class derived from `SqlTarget` that opens a `Writing` session.
"""

from __future__ import annotations

from connectors._sql_writing.options import SqlTargetOptions
from connectors._sql_writing.session import Verdict, Writing
from connectors._sql_writing.target import SqlTarget

__all__ = ["SqlTarget", "SqlTargetOptions", "Verdict", "Writing"]
