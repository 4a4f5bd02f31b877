"""A folder of pictures through the real engine: what a scan costs, sends and deletes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from agent.contract import NoOptions
from agent.detect import GuardLimits
from agent.intake import FlowPlan, LookupPlan
from agent.mapping import MappingSpec, compile_mapping
from connectors._contents import open_below
from connectors.folder import source as folder_source
from connectors.memory import TABLES, MemorySource, SourceOptions, Table
from tests.folder.files import JPEG, Pictures, sha256
from tests.intake.premises import Premises, premises

MAPPING = {
    name: name
    for name in ("sku", "position", "file_name", "path", "media_type", "size", "sha256")
}  # fmt: skip


class PicturePremises(Premises):
    """The same way of the data, with a folder of pictures at its start."""

    pictures: Pictures
    media: dict[str, str]

    def plan(self) -> FlowPlan:
        return replace(
            super().plan(),
            entity="media",
            make_source=self.pictures.source,
            mapping=compile_mapping(MappingSpec.model_validate(self.media), entity="media"),
        )


@pytest.fixture
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[PicturePremises]:
    with premises(tmp_path, request.node.nodeid) as plain:
        site = PicturePremises(plain.store, plain.name)
        site.pictures = Pictures(tmp_path / "pictures")
        site.media = dict(MAPPING)
        yield site


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of all files that were opened."""
    paths: list[str] = []

    def noted(root: Path, path: str) -> BinaryIO:
        paths.append(path)
        return open_below(root, path)

    monkeypatch.setattr(folder_source, "open_below", noted)
    return paths


def hashes(site: PicturePremises) -> dict[str, Any]:
    return {key: record["sha256"] for key, record in site.shown().items()}


def test_scan_of_ten_thousand_files_opens_only_those_that_changed(
    site: PicturePremises, opened: list[str]
) -> None:
    for number in range(10_000):
        site.pictures.put(f"A{number:05}.jpg", str(number % 100))
    assert site.sync().counts["inserts"] == 10_000
    assert len(opened) == 10_000
    opened.clear()
    assert site.sync().counts["updates"] == 0
    assert opened == []
    site.pictures.put("A00017.jpg", "another picture")
    site.pictures.put("A07000.jpg", "one more")
    os.utime(site.pictures.root / "A09000.jpg")
    site.pictures.put("B.jpg")
    (site.pictures.root / "A05555.jpg").unlink()
    counts = site.sync().counts
    assert sorted(opened) == ["A00017.jpg", "A07000.jpg", "A09000.jpg", "B.jpg"]
    assert (counts["inserts"], counts["updates"], counts["deletes"]) == (1, 2, 1)
    assert hashes(site)["A00017|0"] == sha256(JPEG + b"another picture")
    assert "A05555|0" not in hashes(site)


def test_full_pass_hashes_every_file_again(site: PicturePremises, opened: list[str]) -> None:
    """What was changed in place, under the same size and time, is found by the hash."""
    file = site.pictures.put("A1.jpg", "before")
    site.pictures.put("A2.jpg")
    moment = file.stat()
    site.sync()
    site.pictures.put("A1.jpg", "afterw")
    os.utime(file, ns=(moment.st_atime_ns, moment.st_mtime_ns))
    assert site.sync().counts["updates"] == 0
    opened.clear()
    assert site.sync("full").counts["updates"] == 1
    assert sorted(opened) == ["A1.jpg", "A2.jpg"]
    assert hashes(site)["A1|0"] == sha256(JPEG + b"afterw")


def test_file_of_a_wrong_type_is_parked_with_its_path_and_deletes_nothing(
    site: PicturePremises,
) -> None:
    site.pictures.put("A1.jpg", "good")
    site.sync()
    site.pictures.put("A1.jpg", b"<html>an error page")
    site.pictures.put("A2.jpg")
    result = site.sync()
    assert (result.outcome, result.counts["refused"]) == ("partial", 1)
    assert hashes(site)["A1|0"] == sha256(JPEG + b"good")
    (parked,) = [row for row in site.store.messages.list(limit=10) if row.state == "parked"]
    assert (parked.key, parked.code) == ("A1|0", "SA-2709")
    assert "A1.jpg" in parked.reason
    site.pictures.put("A1.jpg", "mended")
    assert site.sync().outcome == "ok"
    assert hashes(site)["A1|0"] == sha256(JPEG + b"mended")


def test_folder_that_cannot_be_looked_into_keeps_its_files_records(
    site: PicturePremises, tmp_path: Path
) -> None:
    site.pictures.options["recursive"] = "true"
    site.pictures.put("below/A1.jpg")
    site.pictures.put("A2.jpg")
    site.sync()
    (site.pictures.root / "below").rename(tmp_path / "below")
    (site.pictures.root / "below").symlink_to(tmp_path / "below")
    (site.pictures.root / "A2.jpg").unlink()
    assert site.sync().counts["deletes"] == 0
    assert sorted(hashes(site)) == ["A1|0", "A2|0"]
    (site.pictures.root / "below").unlink()
    (tmp_path / "below").rename(site.pictures.root / "below")
    assert site.sync().counts["deletes"] == 1
    assert sorted(hashes(site)) == ["A1|0"]


def test_nothing_is_deleted_while_a_file_is_being_written(site: PicturePremises) -> None:
    site.pictures.put("A1.jpg")
    site.pictures.put("A2.jpg")
    site.sync()
    (site.pictures.root / "A1.jpg").unlink()
    site.pictures.put("A3.jpg")
    site.pictures.connection["settle"] = "1h"
    assert site.sync().counts["deletes"] == 0
    site.pictures.connection["settle"] = "0s"
    assert site.sync().counts["deletes"] == 1
    assert sorted(hashes(site)) == ["A2|0", "A3|0"]


def test_emptied_folder_deletes_nothing_and_many_deletes_wait_for_a_person(
    site: PicturePremises,
) -> None:
    files = [site.pictures.put(f"A{number}.jpg") for number in range(10)]
    site.plan_options["guard"] = GuardLimits(delete_share=0.1, delete_count=3)
    site.sync()
    for file in files[:5]:
        file.unlink()
    assert site.sync().outcome == "held"
    for file in files[5:]:
        file.unlink()
    assert site.sync().counts["deletes"] == 0
    assert len(hashes(site)) == 10


def test_two_files_of_one_key_are_told_apart_by_a_refusal(site: PicturePremises) -> None:
    site.pictures.put("A1.JPG", "first by name")
    site.pictures.put("A1.jpg", "second")
    result = site.sync()
    assert result.counts["refused"] == 1
    assert hashes(site) == {"A1|0": sha256(JPEG + b"first by name")}


class ErpPremises(PicturePremises):
    """Rows of an ERP whose column names a picture's path; the folder is looked up in."""

    def plan(self) -> FlowPlan:
        options = SourceOptions(table=self.name, key=("CODE",), batch_size=5)
        lookup = LookupPlan("file", self.pictures.source, ("IMAGE",), "1", ("path", "sha256"))
        return replace(
            super().plan(),
            make_source=lambda: MemorySource(NoOptions(), options),
            lookups=(lookup,),
        )


@pytest.fixture
def erp(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ErpPremises]:
    with premises(tmp_path, request.node.nodeid) as plain:
        site = ErpPremises(plain.store, plain.name)
        site.pictures = Pictures(tmp_path / "pictures")
        site.pictures.options = {"files": "*.jpg", "recursive": "true", "key": ["path"]}
        site.media = {"sku": "CODE"} | {
            name: f"file.{name}" for name in MAPPING if name not in {"sku", "position"}
        }
        site.table = TABLES[site.name] = Table(("CODE", "IMAGE"))
        yield site


def test_path_in_a_column_is_looked_up_and_a_changed_file_sends_its_record(
    erp: ErpPremises, opened: list[str]
) -> None:
    for number in range(30):
        erp.pictures.put(f"foto/{number:02}.jpg", str(number))
    erp.table.rows = [(f"A{number:02}", f"foto/{number:02}.jpg") for number in range(20)]
    assert erp.sync().counts["inserts"] == 20
    assert erp.shown()["A07"]["sha256"] == sha256(JPEG + b"7")
    assert erp.shown()["A07"]["path"] == "foto/07.jpg"
    opened.clear()
    assert erp.sync().counts["updates"] == 0
    assert opened == []
    erp.pictures.put("foto/07.jpg", "seven, renewed")
    assert erp.sync().counts["updates"] == 1
    assert opened == ["foto/07.jpg"]
    assert erp.shown()["A07"]["sha256"] == sha256(JPEG + b"seven, renewed")


def test_row_whose_file_is_not_there_is_parked_until_it_is(erp: ErpPremises) -> None:
    erp.pictures.put("foto/00.jpg")
    erp.table.rows = [("A00", "foto/00.jpg"), ("A01", "foto/01.jpg"), ("A02", "../../etc/passwd")]
    assert erp.sync().counts["refused"] == 2
    erp.pictures.put("foto/01.jpg")
    assert erp.sync().counts["refused"] == 1
    assert sorted(erp.shown()) == ["A00", "A01"]
