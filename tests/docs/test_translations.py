"""Italian pages say what their English pages say: same headings, same commands, same codes."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
COMMENT = re.compile(r"\s+#\s.*$|^#\s.*$", re.MULTILINE)
CODE = re.compile(r"\bSA-\d{4}\b")
COMMAND = re.compile(r"`(syncagent(?: [a-z][a-z-]*)*)")
ITEM_OR_ROW = re.compile(r"^ *(?:[-*]|\d+\.|\|) ", re.MULTILINE)
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")

TRANSLATED = sorted(DOCS.rglob("*.it.md"))
each_translation = pytest.mark.parametrize(
    "italian", TRANSLATED, ids=lambda path: str(path.relative_to(DOCS))
)


def _english(italian: Path) -> str:
    page = italian.with_name(italian.name.replace(".it.md", ".md"))
    return page.read_text(encoding="utf-8")


def _levels(text: str) -> list[int]:
    return [len(marks) for marks, _ in HEADING.findall(FENCE.sub("", text))]


def _counts(text: str) -> tuple[int, int]:
    """Paragraphs, and items of lists with rows of tables. A heading is none of these."""
    prose = HEADING.sub("", FENCE.sub("", text)).strip()
    return len(re.split(r"\n\s*\n", prose)), len(ITEM_OR_ROW.findall(prose))


def _blocks(text: str) -> list[tuple[str, str]]:
    """Language and content of every code block. A comment is for people, in their language."""
    return [(language, COMMENT.sub("", block)) for language, block in FENCE.findall(text)]


@each_translation
def test_headings_are_those_of_the_english_page(italian: Path) -> None:
    assert _levels(italian.read_text(encoding="utf-8")) == _levels(_english(italian))


@each_translation
def test_paragraphs_items_and_rows_are_as_many_as_on_the_english_page(italian: Path) -> None:
    if italian == DOCS / "README.it.md":
        return  # the list of the Italian pages is one of its own
    assert _counts(italian.read_text(encoding="utf-8")) == _counts(_english(italian))


@each_translation
def test_code_is_that_of_the_english_page(italian: Path) -> None:
    assert _blocks(italian.read_text(encoding="utf-8")) == _blocks(_english(italian))


@each_translation
def test_error_codes_and_pictures_are_those_of_the_english_page(italian: Path) -> None:
    text, english = italian.read_text(encoding="utf-8"), _english(italian)
    assert Counter(CODE.findall(text)) == Counter(CODE.findall(english))
    pictures = [place.replace(".it.", ".") for place in PICTURE.findall(text)]
    assert pictures == PICTURE.findall(english)


@each_translation
def test_pictures_show_italian_pages(italian: Path) -> None:
    pictures = PICTURE.findall(italian.read_text(encoding="utf-8"))
    assert [place for place in pictures if ".it." not in place] == []


@each_translation
def test_commands_are_those_of_the_english_page(italian: Path) -> None:
    text, english = italian.read_text(encoding="utf-8"), _english(italian)
    assert Counter(COMMAND.findall(text)) == Counter(COMMAND.findall(english))


@each_translation
def test_headings_read_well_without_the_site(italian: Path) -> None:
    """No `{ #anchor }`: the site gives Italian headings the anchors of the English ones itself."""
    titles = HEADING.findall(FENCE.sub("", italian.read_text(encoding="utf-8")))
    assert [title for _, title in titles if "{" in title] == []
