"""Every link between the documents leads somewhere, headings included."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("tests/**/*.md")]
)
FENCES = re.MULTILINE | re.DOTALL
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", FENCES)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def _links(document: Path) -> list[str]:
    text = CODE.sub("", document.read_text(encoding="utf-8"))
    return [target for target in LINK.findall(text) if "://" not in target]


def _anchors(document: Path) -> set[str]:
    """The anchors that GitHub makes from headings."""
    text = re.sub(r"^```.*?^```$", "", document.read_text(encoding="utf-8"), flags=FENCES)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for heading in HEADING.findall(text)
    }


@pytest.mark.parametrize(
    "folder",
    sorted({path.parent for path in DOCUMENTS}),
    ids=lambda folder: str(folder.relative_to(ROOT)),
)
def test_every_link_leads_somewhere(folder: Path) -> None:
    broken = []
    for document in DOCUMENTS:
        if document.parent != folder:
            continue
        for target in _links(document):
            name, _, anchor = unquote(target).partition("#")
            found = (folder / name).resolve() if name else document
            if not found.exists() or (anchor and anchor not in _anchors(found)):
                broken.append(f"{document.relative_to(ROOT)}: {target}")
    assert broken == []


def test_every_document_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        document = waiting.pop()
        if document in reached or document.suffix != ".md" or not document.exists():
            continue
        reached.add(document)
        for target in _links(document):
            name = unquote(target).partition("#")[0]
            waiting += [(document.parent / name).resolve()] if name else []
    lost = [path for path in DOCUMENTS if path not in reached]
    assert [str(path.relative_to(ROOT)) for path in lost] == []
