"""Bare limits: what the same work costs with nothing around it. Each runs as a process of its own.

`python -m tests.bench.limits digests FILE` prints its seconds and CPU as JSON.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import ssl
import sys
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import pyodbc
from xxhash import xxh3_128_digest

from tests.bench.measuring import stretch
from tests.bench.rows import rows

BATCH = 500


def digests(file: str) -> None:
    """Every raw line digested, the file read in pieces."""
    with Path(file).open("rb") as source:
        while lines := source.readlines(2**20):
            list(map(xxh3_128_digest, lines))


def cells(file: str) -> None:
    """Every line through the csv module."""
    with Path(file).open(encoding="utf-8", newline="") as source:
        for _ in csv.reader(source, delimiter=";"):
            pass


def fetch(connection: str, query: str) -> None:
    """Every row fetched through ODBC, a thousand at a time."""
    cursor = pyodbc.connect(connection, autocommit=True).execute(query)
    while cursor.fetchmany(1000):
        pass


def fetch_sqlite(file: str, query: str) -> None:
    """Every row fetched from a SQLite file."""
    cursor = sqlite3.connect(file).execute(query)
    while cursor.fetchmany(1000):
        pass


def parse_workbook(file: str) -> None:
    """The first sheet of a workbook as lists of values."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - for this one only

    CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()


def post(url: str, authority: str, token: str, count: str) -> None:
    """New records to the shop over one kept connection, made and sent, nothing kept."""
    context = ssl.create_default_context(cafile=authority)
    connection = HTTPSConnection(urlsplit(url).netloc, context=context)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    batch = []
    for row in rows(int(count), seed=9):
        data = {"sku": row[1], "name": row[2], "description": row[3], "category": row[10]}
        data["attributes"] = {"price": row[4], "stock": row[6], "updated": row[9]}  # type: ignore[assignment]
        head = {"id": f"bare-{row[0]}", "version": 1, "op": "upsert", "entity": "product"}
        batch.append({**head, "key": f"bare-{row[0]}", "data": data})
        if len(batch) == BATCH or row[0] == int(count):
            connection.request("POST", "/v1/batches", json.dumps({"items": batch}), headers)
            answer = connection.getresponse()
            if b'"rejected"' in answer.read() or answer.status != 200:
                raise RuntimeError(f"the shop answered {answer.status}")
            batch = []


LIMITS = {
    each.__name__: each for each in (digests, cells, fetch, fetch_sqlite, parse_workbook, post)
}

if __name__ == "__main__":
    limit, *arguments = sys.argv[1:]
    found = stretch(lambda: LIMITS[limit](*arguments))
    print(json.dumps({"seconds": found.seconds, "cpu": found.cpu}))  # noqa: T201 - the answer
