"""KPIs as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

COUNTS = (
    "delivered", "refused", "unanswered", "runs", "failed_runs", "rows", "changes", "refused_rows",
    "calls", "failed_calls", "up", "off", "down",
)  # fmt: skip
"""What is counted, in the order of the table."""

MEASURES = (
    "availability", "error_rate", "median_seconds", "p95_seconds", "per_second", "peak_per_second",
    "freshness_seconds", "backlog",
)  # fmt: skip


def csv_text(answer: Mapping[str, Any]) -> str:
    """What the operation `kpi` answers as CSV: a line per period and flow or target."""
    stream = io.StringIO(newline="")
    table = csv.writer(stream)
    table.writerow(("from", "to", "kind", "name", *MEASURES, *COUNTS))
    for period in answer["periods"]:
        for each in period["kpis"]:
            table.writerow(
                (
                    period["from"],
                    period["to"],
                    each["kind"],
                    each["name"],
                    *(each[name] for name in MEASURES),
                    *(each["counts"].get(name, 0) for name in COUNTS),
                )
            )
    return stream.getvalue()
