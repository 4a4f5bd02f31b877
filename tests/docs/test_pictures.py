"""Every picture of the dashboard is shown by its page, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(
    ("page", "ending"), [("dashboard.md", ".png"), ("dashboard.it.md", ".it.png")]
)
def test_every_picture_is_shown(page: str, ending: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    names = {path.name.partition(".")[0] for path in (DOCS / "dashboard").glob("*.png")}
    assert [name for name in sorted(names) if f"](dashboard/{name}{ending})" not in text] == []
