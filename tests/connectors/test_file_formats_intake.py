"""Files of each format through the real intake and store: only what differs travels."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Kind
from agent.intake import FlowPlan
from connectors import dbf, fixed, json, xml
from tests.connectors.dbf_tables import table
from tests.connectors.drop import Drop
from tests.connectors.test_fixed_values import as_packed
from tests.intake.premises import Premises, premises

Rows = Sequence[tuple[str, str, str]]


class FilePremises(Premises):
    """The same way of the data, with files of one format at its start."""

    drop: Drop
    write: Callable[[Rows], bytes]

    def plan(self) -> FlowPlan:
        return replace(super().plan(), make_source=self.drop.source)

    def sync_file(self, rows: Rows) -> dict[str, int]:
        self.drop.put("articles.dat", self.write(rows))
        return self.sync().counts


def as_records(rows: Rows) -> bytes:
    return b"".join(
        f"{code:5}{name:12}".encode("cp280")
        + as_packed(int(price.replace(".", ""))).rjust(4, b"\0")
        for code, name, price in rows
    )


def as_json(rows: Rows) -> bytes:
    return "\n".join(
        f'{{"CODE": "{code}", "NAME": "{name}", "PRICE": {price}}}' for code, name, price in rows
    ).encode()


def as_xml(rows: Rows) -> bytes:
    records = "".join(
        f"<r><CODE>{code}</CODE><NAME>{name}</NAME><PRICE>{price}</PRICE></r>\n"
        for code, name, price in rows
    )
    return f"<t>{records}</t>".encode()


def as_table(rows: Rows) -> bytes:
    columns = [("CODE", "C", 5, 0), ("NAME", "C", 12, 0), ("PRICE", "N", 10, 2)]
    return table(
        columns, [f" {code:5}{name:12}{price:>10}".encode("cp1252") for code, name, price in rows]
    )


FIELDS = {
    "CODE": {"length": "5"},
    "NAME": {"length": "12"},
    "PRICE": {"length": "4", "type": "packed", "scale": "2"},
}
COLUMNS = {"columns": ["CODE", "NAME", "PRICE"]}


@pytest.fixture(
    params=[
        pytest.param(
            (
                fixed.KIND,
                as_records,
                {"encoding": "cp280", "record_length": "21", "fields": FIELDS},
            ),
            id="fixed",
        ),
        pytest.param((json.KIND, as_json, COLUMNS | {"layout": "lines"}), id="json"),
        pytest.param((xml.KIND, as_xml, COLUMNS | {"records": "/t/r"}), id="xml"),
        pytest.param((dbf.KIND, as_table, {}), id="dbf"),
    ]
)
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[FilePremises]:
    kind: Kind
    options: dict[str, Any]
    kind, write, options = request.param
    with premises(tmp_path, request.node.nodeid) as plain:
        site = FilePremises(plain.store, plain.name)
        site.drop = Drop(tmp_path / "drop", kind)
        site.drop.options = {"files": "*.dat", "key": ["CODE"]} | options
        site.write = write
        yield site


ROWS = [(f"A{number:03}", f"Però {number}", f"{number}.50") for number in range(1, 101)]


def test_only_what_differs_travels(site: FilePremises) -> None:
    assert site.sync_file(ROWS)["inserts"] == 100
    counts = site.sync_file([("A001", "Però 1", "9.99"), *ROWS[1:-1], ("B1", "new", "1.00")])
    assert (counts["inserts"], counts["updates"], counts["deletes"]) == (1, 1, 1)
    shown = site.shown()
    assert shown["A001"]["attributes"] == {"price": "9.99"}
    assert shown["A002"]["name"] == "Però 2"
    assert "A100" not in shown
    assert site.drop.names("archive") == ["articles.dat"] * 2


def test_single_key_is_sent_again_from_the_archive(site: FilePremises) -> None:
    site.sync_file(ROWS)
    before = len(site.receiver.effects)
    site.sync("keys", "A007")
    assert [effect.key for effect in site.receiver.effects[before:]] == ["A007"]
