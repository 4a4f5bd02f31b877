"""dlt, a widely used Python loader, on the same rows and the same shop, in its own environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.bench.course import Course, Step
from tests.bench.csv_courses import Files
from tests.bench.database_courses import MOVE, fill_postgresql
from tests.bench.measuring import Measured, run
from tests.bench.site import TOKEN, Site
from tests.peers import postgresql

PACKAGES = ["dlt", "sqlalchemy", "psycopg2-binary"]
SCRIPT = Path(__file__).with_name("dlt_script.py")
QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}


def dlt(course: Course) -> Iterator[Step]:
    """First load and second, a thousandth changed: from CSV, then from PostgreSQL."""
    python = _environment(course.results / "dlt")
    small = Course(
        course.folder, course.files, course.results, course.peer_count,
        course.peer_count, course.quick,
    )  # fmt: skip
    files = Files(course.files, small.count)
    with Site(course.folder / "peer", "none: {kind: csv, folder: none}", {}) as site:
        yield "dlt: CSV, first load", _load(python, site, 1, "csv", str(files.first))
        yield "dlt: CSV, 0.1 % changed", _load(python, site, 2, "csv", str(files.changed))
        with postgresql.running() as server, closing(server.connect()) as connection:
            fill_postgresql(server, small)
            url = f"postgresql+psycopg2://{server.user}@127.0.0.1:{server.port}/{server.database}"
            yield "dlt: PostgreSQL, first load", _load(python, site, 3, "sql", url)
            connection.execute(MOVE.format(1))
            yield "dlt: PostgreSQL, 0.1 % changed", _load(python, site, 4, "sql", url)


def _load(python: Path, site: Site, number: int, kind: str, place: str) -> Measured:
    shop = [site.shop.url, str(site.certificates.authority), TOKEN]
    state = site.folder / f"dlt-{kind}"
    environment = {**QUIET, "DLT_DATA_DIR": str(state), "HOME": str(site.folder)}
    command = [str(python), str(SCRIPT), kind, place, *shop, str(state), str(number)]
    measured, _ = run(command, site.folder / "dlt.log", environment)
    return measured


def _environment(folder: Path) -> Path:
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    if subprocess.run([python, "-c", "import dlt, sqlalchemy, psycopg2"], check=False).returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python
