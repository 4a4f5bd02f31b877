# ruff: noqa: DTZ001 - Access knows no time zones
"""Access databases: every value of every type, and what a live file can do to a reader.

The contract suite needs a table that tests can fill, and nothing here can write an Access file;
what it asks for is asked below, of the two kept databases.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from xxhash import xxh3_128

from agent.contract import Batch
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from agent.intake import FlowPlan
from connectors.access import KIND, AccessConnection, AccessOptions, AccessSource, copying
from connectors.access.rows import LineRows
from tests.contract.source_suite import undescribed
from tests.intake.premises import Premises, premises

KEPT = Path(__file__).parents[1] / "fixtures" / "access"
NAMES = ["fx_2003.mdb", "fx_2019.accdb"]
REPLICATION_IDS = {
    "fx_2003.mdb": "46d326f454a8949679ca1d193703f89d3d26e99dc0f4f3bb0d54ca4c1f2388f5",
    "fx_2019.accdb": "a1f7136db9c10f32759efc8f8f7c5c0f538559f438145db909158e9cbc40e8a1",
}
"""SHA-256 of all of them, one a line, as another library reads them."""
COLUMNS = (
    "ID", "Codice", "Descrizione", "Prezzo", "Peso", "Sconto", "Qta", "Piccolo", "B", "Attivo",
    "DataMod", "Note", "Foto", "G",
)  # fmt: skip

pytestmark = pytest.mark.skipif(
    shutil.which("mdb-json") is None, reason="mdbtools is not installed"
)


def source_of(file: Path, table: str = "Articoli", **options: Any) -> AccessSource:
    given = {"table": table, "key": ["Codice"]} | options
    return AccessSource(
        AccessConnection.model_validate({"file": str(file)}), AccessOptions.model_validate(given)
    )


def take(file: Path, cursor: str = "", **options: Any) -> list[Batch]:
    with closing(source_of(file, **options)) as source:
        return list(source.read(cursor))


def fails_with(code: str, file: Path, **options: Any) -> SyncError:
    with pytest.raises(SyncError) as failure:
        take(file, **options)
    assert failure.value.code == code
    return failure.value


@pytest.fixture(params=NAMES)
def database(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return Path(shutil.copy(KEPT / request.param, tmp_path))


# Values


def test_every_value_of_every_type_is_the_one_in_access(database: Path) -> None:
    (batch,) = take(database)
    assert batch.columns == COLUMNS
    assert [row[:-1] for row in batch.rows[:3]] == [
        # mdbtools knows no characters beyond U+FFFF: the last two stand for an emoji.
        (1, "A001", "caffè € “x”", Decimal("12.3456"), Decimal("1.5"), Decimal("7.125"), 10, -5,
         200, True, datetime(2026, 11, 21, 12, 34, 56), "riga1\nriga2 日本語 ??", None),
        (2, "A002", None, None, None, None, None, None, None, False, None, None, None),
        (3, "A003", None, Decimal("0.1"), Decimal("0.1"), Decimal("-0.001"), -1, 0, 0, False,
         datetime(1899, 12, 30), "x" * 5000, None),
    ]  # fmt: skip
    assert [row[:-1] for row in batch.rows[3:]] == [
        (n + 4, f"B{n:05}", f"Articolo è {n}", n * Decimal("0.25"), None, None, n, None, None,
         False, datetime(2026, 1, 1, 10) + timedelta(days=n % 28), None, None)
        for n in range(2000)
    ]  # fmt: skip
    assert not any(isinstance(value, float) for row in batch.rows for value in row)


def test_replication_ids_have_all_their_dashes(database: Path) -> None:
    (batch,) = take(database)
    text = "\n".join(row[-1] for row in batch.rows)
    assert hashlib.sha256(text.encode()).hexdigest() == REPLICATION_IDS[database.name]


def test_table_and_columns_may_have_blanks_and_accents(database: Path) -> None:
    (batch,) = take(database, table="Righe Ordine", key=["Num Ordine"])
    assert (batch.columns, list(batch.rows)) == (("Num Ordine", "Quantità"), [(1, Decimal("2.5"))])


def test_bytes_are_bytes() -> None:
    rows = LineRows({"Foto": "OLE"}, [b'{"Foto":{"$binary": "AP8=", "$type": "00"}}', b"{}"])
    assert list(rows) == [(b"\x00\xff",), (None,)]


def test_row_that_cannot_be_read_is_refused_alone() -> None:
    rows = iter(LineRows({"D": "DateTime"}, [b'{"D":"31/12/99"}', b'{"D":"1999-12-31"}']))
    with pytest.raises(Rejected, match="SA-2048"):
        next(rows)
    assert list(rows) == [(datetime(1999, 12, 31),)]


# Passes


def test_pass_is_complete_at_its_last_batch_only(database: Path) -> None:
    batches = take(database, batch_size=500)
    assert [len(batch.rows) for batch in batches] == [500, 500, 500, 500, 3]
    assert [batch.complete for batch in batches] == [False] * 4 + [True]
    assert all(batch.whole for batch in batches)
    assert batches[-1].where
    assert batches[-1].where(2) == "table Articoli row 2003"


def test_file_that_nobody_wrote_to_is_not_opened(database: Path) -> None:
    cursor = take(database)[-1].cursor
    (batch,) = take(database, cursor)
    assert (len(batch.rows), batch.complete, batch.cursor) == (0, False, cursor)
    assert len(take(database, cursor, table="Righe Ordine")) == 1


def test_same_row_has_the_same_digest_and_another_row_another(database: Path) -> None:
    (before,) = take(database)
    edit(database, "Articolo è 1999", "Articolo è 199X")
    (after,) = take(database)
    differing = [n for n in range(2003) if before.digests[n] != after.digests[n]]
    assert [after.rows[n][2] for n in differing] == ["Articolo è 199X"]


def test_single_keys_are_read_alone(database: Path) -> None:
    with closing(source_of(database)) as source:
        batches = list(source.read_keys(["B00007", "A003", "no such key"]))
    assert [row[1] for batch in batches for row in batch.rows] == ["A003", "B00007"]
    assert not any(batch.whole or batch.complete for batch in batches)


def test_nothing_of_the_copy_is_left_behind(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying.tempfile, "tempdir", str(tmp_path / "copies"))
    (tmp_path / "copies").mkdir()
    source = source_of(database, batch_size=100)
    reading = source.read("")
    next(reading)
    (copy,) = (tmp_path / "copies").iterdir()
    assert copy.stat().st_mode & 0o077 == 0
    source.close()
    source.close()
    assert list((tmp_path / "copies").iterdir()) == []


def test_database_in_use_is_read_all_the_same(database: Path) -> None:
    lock = database.with_suffix(copying.LOCKS[database.suffix])
    lock.touch()
    with closing(source_of(database)) as source:
        assert "in use" in next(source.check()).detail
    assert len(take(database)) == 1
    assert lock.exists()


# What goes wrong


def test_missing_file_is_waited_for(tmp_path: Path) -> None:
    assert isinstance(fails_with("SA-2041", tmp_path / "no.mdb"), Unavailable)


def test_missing_table_names_those_that_are_there(database: Path) -> None:
    failure = fails_with("SA-2046", database, table="Ordini")
    assert isinstance(failure, Misconfigured)
    assert "Articoli, Righe Ordine" in failure.reason


@pytest.mark.parametrize("size", [0, 100, 300_000])
def test_damaged_file_gives_no_rows(database: Path, size: int) -> None:
    database.write_bytes(database.read_bytes()[:size])
    assert isinstance(fails_with("SA-2045", database), Unavailable)


def test_file_that_lacks_rows_is_never_complete(database: Path) -> None:
    """The definition of the table tells how many rows there are; a page of them is gone."""
    content = database.read_bytes()
    page = content.index("B01000".encode("utf-16-le")) // 4096 * 4096
    database.write_bytes(content[:page] + bytes(4096) + content[page + 4096 :])
    batches: list[Batch] = []
    source = source_of(database, batch_size=100)
    with closing(source), pytest.raises(Unavailable, match="of 2003 rows came"):
        batches.extend(source.read(""))
    assert not any(batch.complete for batch in batches)


def test_file_written_to_while_it_is_copied_is_not_read(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(database, (0, 0))

    def somebody_writes() -> xxh3_128:
        with database.open("r+b") as file:
            file.write(b"\0")
        return xxh3_128()

    monkeypatch.setattr(copying, "xxh3_128", somebody_writes)
    fails_with("SA-2043", database)


def test_missing_mdbtools_are_asked_for(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "install the package mdbtools" in fails_with("SA-2044", database).hint


@pytest.mark.parametrize("options", [KIND.connection, KIND.source_options])
def test_every_option_is_described_and_no_other_is_taken(options: Any) -> None:
    assert undescribed(options) == []
    with pytest.raises(ValidationError, match="tabel"):
        options.model_validate({"tabel": "x"})


# In a flow


class AccessPremises(Premises):
    """The same way of the data, with an Access database at its start."""

    file: Path

    def plan(self) -> FlowPlan:
        return replace(super().plan(), make_source=lambda: source_of(self.file))


@pytest.fixture
def site(
    database: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[AccessPremises]:
    with premises(tmp_path, request.node.nodeid) as plain:
        site = AccessPremises(plain.store, plain.name)
        site.file = database
        site.mapping = {
            "sku": "Codice",
            "name": {"expression": "row.Descrizione or row.Codice"},
            "attributes": {"expression": "{'price': row.Prezzo}", "type": "json"},
        }
        yield site


def test_what_changed_and_vanished_in_access_does_so_on_the_other_side(
    site: AccessPremises,
) -> None:
    site.sync()
    assert len(site.shown()) == 2003
    assert site.sync().counts["rows"] == 0
    edit(site.file, "Articolo è 1999", "Articolo è 199X")
    edit(site.file, "B01000", "B0100X")
    counts = site.sync().counts
    assert (counts["inserts"], counts["updates"], counts["deletes"]) == (1, 1, 1)
    shown = site.shown()
    assert shown["B01999"]["name"] == "Articolo è 199X"
    assert ("B01000" in shown, "B0100X" in shown) == (False, True)


def edit(file: Path, old: str, new: str) -> None:
    """Replace a text by one of the same length."""
    content = file.read_bytes()
    assert content.count(old.encode("utf-16-le")) == 1
    file.write_bytes(content.replace(old.encode("utf-16-le"), new.encode("utf-16-le")))
