"""Runbooks never lie: each has its three parts, and what stands in bold stands on the screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.dashboard.texts import TEXTS

DOCS = Path(__file__).resolve().parents[2] / "docs"
RUNBOOKS = DOCS / "runbooks"
SHEETS = sorted(path for path in RUNBOOKS.glob("*.md") if not path.name.startswith("README"))
PARTS = {
    "en": ["What you see", "What you press", "Whom you call"],
    "it": ["Che cosa vedi", "Che cosa premi", "Chi chiami"],
}
BOLD = re.compile(r"\*\*(.+?)\*\*")
VALUE = re.compile(r"\\{\w+\\}")

each_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)


def _language(sheet: Path) -> str:
    return "it" if sheet.name.endswith(".it.md") else "en"


@each_sheet
def test_sheet_says_what_you_see_what_you_press_whom_you_call(sheet: Path) -> None:
    found = re.findall(r"^## (.+)$", sheet.read_text(encoding="utf-8"), re.MULTILINE)
    assert found == PARTS[_language(sheet)]


@pytest.mark.parametrize(
    "page", [*SHEETS, *DOCS.glob("troubleshooting*.md")], ids=lambda path: path.name
)
def test_words_in_bold_stand_on_the_screen_in_that_language(page: Path) -> None:
    texts = [getattr(text, _language(page)) for text in TEXTS.values()]
    on_screen = re.compile("|".join(VALUE.sub(".+", re.escape(text)) for text in texts))
    quoted = BOLD.findall(page.read_text(encoding="utf-8"))
    assert quoted
    assert [words for words in quoted if not on_screen.fullmatch(words)] == []


@each_sheet
def test_sheet_exists_in_both_languages_and_stands_in_the_list(sheet: Path) -> None:
    stem = sheet.name.partition(".")[0]
    for ending in (".md", ".it.md"):
        assert (RUNBOOKS / (stem + ending)).exists()
        index = (RUNBOOKS / f"README{ending}").read_text(encoding="utf-8")
        assert f"]({stem}{ending})" in index
