"""Pages read alike in the repository and on the site, whose Markdown is stricter about lists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
FOLDERS = sorted({path.parent for path in DOCS.rglob("*.md")})
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
RIGHT_BELOW_PROSE = re.compile(r"^(?!#|\||>|[-*] |\d+\. |\s).+\n(?:[-*]|1\.) .+$", re.MULTILINE)
INDENTED_BY_LESS_THAN_FOUR = re.compile(r"^ {1,3}(?:[-*] |\d+\. |```).*$", re.MULTILINE)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(DOCS)))
def test_lists_stand_alone_and_what_belongs_to_an_item_is_indented_by_four(folder: Path) -> None:
    texts = {page: FENCE.sub("", page.read_text(encoding="utf-8")) for page in folder.glob("*.md")}
    found = [
        f"{page.relative_to(DOCS)}: {line}"
        for page, text in texts.items()
        for pattern in (RIGHT_BELOW_PROSE, INDENTED_BY_LESS_THAN_FOUR)
        for line in pattern.findall(text)
    ]
    assert found == []
