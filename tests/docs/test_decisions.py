"""Decision records: numbered without gaps, all told in the same way, all in the index."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
RECORDS = sorted((DOCS / "decisions").glob("*.md"))
PARTS = ["Context", "Decision", "Consequences", "Alternatives"]


def test_records_are_numbered_without_gaps() -> None:
    assert [path.name[:4] for path in RECORDS] == [f"{n:04d}" for n in range(1, len(RECORDS) + 1)]


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_record_is_short_and_has_its_parts(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    assert re.findall(r"^\*\*(\w+)[^*]*\*\*", text, re.MULTILINE) == PARTS
    assert text.startswith(f"# {record.name[:4]}: ")
    assert len(text.split()) < 600


def test_index_lists_every_record_by_its_title() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    for record in RECORDS:
        number, _, title = record.read_text(encoding="utf-8").splitlines()[0][2:].partition(": ")
        assert f"- [{number}](decisions/{record.name}): {title}" in index.splitlines()
