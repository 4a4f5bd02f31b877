"""`python -m tests.bench [--rows N] [--rounds N] [--only NAME …] [--quick]`: run and write down.

Results go to `bench-results/results.json` (measurements of courses that are not run again stay),
the table to `docs/performance.md`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
from datetime import UTC, datetime
from typing import Any

from tests.bench import page
from tests.bench.course import Course, Tell
from tests.bench.csv_courses import dropped, growth
from tests.bench.dashboard_courses import pages
from tests.bench.database_courses import on_mariadb, on_postgresql, on_sqlite
from tests.bench.excel_courses import workbooks
from tests.bench.measuring import ROOT
from tests.bench.order_courses import orders
from tests.bench.peer_courses import dlt
from tests.bench.small_courses import idle, latency, outbox

COURSES: dict[str, Tell] = {
    "csv": dropped,
    "postgresql": on_postgresql,
    "dlt": dlt,
    "mariadb": on_mariadb,
    "sqlite": on_sqlite,
    "excel": workbooks,
    "growth": growth,
    "outbox": outbox,
    "latency": latency,
    "orders": orders,
    "pages": pages,
    "idle": idle,
}
RESULTS = ROOT / "bench-results"
PEER_ROWS = 100_000


def main() -> None:
    """Every course once a round."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the large courses")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=COURSES, nargs="+", default=list(COURSES))
    parser.add_argument("--quick", action="store_true", help="20,000 rows, one round, no page")
    parser.add_argument("--page", action="store_true", help="only write the table anew")
    arguments = parser.parse_args()
    if arguments.page:
        page.write(json.loads((RESULTS / "results.json").read_text()))
        return
    rows = 20_000 if arguments.quick else arguments.rows
    files = RESULTS / "files"
    files.mkdir(parents=True, exist_ok=True)
    found: dict[str, dict[str, Any]] = {}
    for number in range(1 if arguments.quick else arguments.rounds):
        for name in arguments.only:
            course = Course(
                RESULTS / "work", files, RESULTS, rows, min(rows, PEER_ROWS), arguments.quick
            )
            shutil.rmtree(course.folder, ignore_errors=True)
            print(f"round {number + 1}: {name}  (load {os.getloadavg()[0]:.1f})", flush=True)  # noqa: T201
            for step, measured in COURSES[name](course):
                entry = found.setdefault(step, {"rows": course.count, "values": []})
                entry["values"].append(measured.as_dict() | {"load": os.getloadavg()[0]})
                print(f"  {step:45} {page.brief(measured)}", flush=True)  # noqa: T201
            shutil.rmtree(course.folder, ignore_errors=True)
            if not arguments.quick:
                page.write(_kept(found))


def _kept(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What was measured now beside what an earlier bench measured."""
    file = RESULTS / "results.json"
    earlier = json.loads(file.read_text())["steps"] if file.exists() else {}
    results = {
        "when": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}",
        "peer_rows": PEER_ROWS,
        "steps": earlier | found,
    }
    file.write_text(json.dumps(results, indent=1))
    return results


if __name__ == "__main__":
    main()
