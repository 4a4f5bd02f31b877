"""Words that have no place in what people read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROSE = ["*.md", "*.yaml", "docs/**/*.md", "docs/**/*.yaml", "packaging/*"]
CODE = ["agent/**/*.py", "connectors/**/*.py", "tests/**/*.py", "packaging/*.py"]

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP|TBD)\b|lorem ipsum")
SOMEBODYS_MACHINE = re.compile(r"(?<![\w.:/])/(home|root|work|workspace|Users)/\w")
TALK_TO_BUILDERS = re.compile(
    r"\b(house we are building|test ?beds?|work ?place|other helpers?|later issues?)\b",
    re.IGNORECASE,
)
TOO_MUCH_PROMISED = re.compile(
    r"exactly[- ]once|never fails|100 ?% (reliable|secure)", re.IGNORECASE
)
SALES_TALK = re.compile(
    r"\b(blazing|world-class|cutting[- ]edge|seamless(ly)?|enterprise-grade|game[- ]chang\w+"
    r"|revolutionary|effortless(ly)?|next-gen\w*)\b",
    re.IGNORECASE,
)


def _lines(patterns: list[str]) -> Iterator[tuple[str, str]]:
    """`file:line` and its text, of every file but this one."""
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path != Path(__file__):
                for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                    yield f"{path.relative_to(ROOT)}:{number}", line


@pytest.mark.parametrize(
    ("unwanted", "where"),
    [
        (UNFINISHED, PROSE + CODE),
        (SOMEBODYS_MACHINE, PROSE + CODE),
        (TALK_TO_BUILDERS, PROSE + CODE),
        (TOO_MUCH_PROMISED, PROSE + CODE),
        (SALES_TALK, PROSE),
    ],
    ids=["unfinished", "somebody's machine", "talk to builders", "too much promised", "sales talk"],
)
def test_no_unwanted_words(unwanted: re.Pattern[str], where: list[str]) -> None:
    assert [f"{place}: {line}" for place, line in _lines(where) if unwanted.search(line)] == []


def test_words_of_the_house_are_explained() -> None:
    concepts = (ROOT / "docs" / "concepts.md").read_text(encoding="utf-8").lower()
    words = [
        "flow",
        "source",
        "target",
        "row",
        "record",
        "change",
        "message",
        "receipt",
        "cursor",
        "job",
        "run",
    ]
    glossary = concepts.partition("## the words")[2].partition("\n## ")[0]
    missing = [word for word in words if not re.search(rf"\*\*[^*]*\b{word}\b[^*]*\*\*", glossary)]
    assert missing == []
