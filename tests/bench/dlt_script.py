"""Run by dlt's own Python: rows from a CSV file or a table, posted to the shop in batches.

`dlt_script.py csv|sql PLACE SHOP_URL AUTHORITY TOKEN STATE_FOLDER NUMBER`
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import dlt
import requests
from dlt.sources.sql_database import sql_table

KIND, PLACE, URL, AUTHORITY, TOKEN, STATE, NUMBER = sys.argv[1:]
BATCH = 500

session = requests.Session()
session.headers["authorization"] = f"Bearer {TOKEN}"


@dlt.destination(
    batch_size=BATCH, naming_convention="direct", loader_parallelism_strategy="sequential"
)
def shop(items: list[dict[str, Any]], table: dict[str, Any]) -> None:  # noqa: ARG001 - dlt's shape
    answer = session.post(
        f"{URL}/v1/batches", json={"items": [item(each) for each in items]}, verify=AUTHORITY
    )
    answer.raise_for_status()
    if any(each["status"] != "accepted" for each in answer.json()["items"]):
        raise RuntimeError(answer.text[:500])


def item(row: dict[str, Any]) -> dict[str, Any]:
    key = f"{KIND}-{row['id']}"
    data = {"sku": row["code"], "name": row["name"], "description": row["description"]}
    rest = ("price", "cost", "stock", "active", "created", "updated", "category", "note")
    data["attributes"] = {name: str(row.get(name) or "") for name in rest}
    head = {"id": f"{NUMBER}-{key}", "version": int(NUMBER), "op": "upsert", "entity": "product"}
    return {**head, "key": key, "data": data}


@dlt.resource(name="article")
def lines() -> Iterator[list[dict[str, str]]]:
    with open(PLACE, encoding="utf-8", newline="") as file:  # noqa: PTH123 - as dlt's guides do
        reader = csv.DictReader(file, delimiter=";")
        while page := list(islice(reader, 1000)):
            yield page


source = lines() if KIND == "csv" else sql_table(PLACE, table="article")
pipeline = dlt.pipeline(
    f"bench_{KIND}", destination=shop, dataset_name="bench", pipelines_dir=STATE
)
pipeline.run(source).raise_on_failed_jobs()
