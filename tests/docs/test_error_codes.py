"""Every code that the program can say is explained, and no explanation is for nothing."""

import re
from pathlib import Path

from agent.catalogue import EXPLANATIONS

ROOT = Path(__file__).parent.parent.parent


def codes_in_the_program() -> set[str]:
    found: set[str] = set()
    for room in ("agent", "connectors"):
        for path in (ROOT / room).rglob("*.py"):
            if "catalogue" not in path.parts:
                found |= set(re.findall(r'"(SA-\d{4})"', path.read_text(encoding="utf-8")))
    return found


def test_every_code_is_explained() -> None:
    assert codes_in_the_program() - EXPLANATIONS.keys() == set()


def test_no_explanation_is_left_over() -> None:
    assert EXPLANATIONS.keys() - codes_in_the_program() == set()
