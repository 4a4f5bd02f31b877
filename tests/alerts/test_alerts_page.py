"""What the page about alerts says is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.alerts.trouble import DEFAULTS, Kind, Level, rules_of
from agent.config import load

PAGE = (Path(__file__).parents[2] / "docs/alerts.md").read_text(encoding="utf-8")


def test_example_of_the_page_is_a_whole_configuration(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "config.yaml").write_text(example, encoding="utf-8")
    config = load(tmp_path / "config.yaml")
    assert config.flows["prices"].freshness == 1800
    assert rules_of(config.alerts)[Kind.PARKED] == (1800, Level.NORMAL, ("desk",))
    assert rules_of(config.alerts)[Kind.HALTED].to == ("it",)
    assert [use.where for use in config.secrets() if use.where.startswith("alerts")] == [
        "alerts.mail.password",
        "alerts.recipients.it.services[0]",
        "alerts.ping.url",
    ]


@pytest.mark.parametrize("kind", Kind)
def test_table_of_the_page_names_level_and_time_of_each_kind(kind: Kind) -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| `{kind}` |"))
    *_, level, after = (cell.strip() for cell in line.strip("|").split("|"))
    assert level == DEFAULTS[kind].level
    if level != Level.DIGEST:
        assert ("10 minutes" in after) == (DEFAULTS[kind].after == 600)
        assert ("at once" in after) == (DEFAULTS[kind].after == 0)
