"""The configurations on the page about orders load."""

from __future__ import annotations

import re
from pathlib import Path

from agent.assembly import flow_plans
from agent.clock import SystemClock
from agent.config import load

PAGE = Path(__file__).parents[2] / "docs" / "orders.md"


def test_every_whole_configuration_on_the_page_loads(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    whole = [block for block in blocks if "connections:" in block]
    assert whole
    for number, block in enumerate(whole):
        path = tmp_path / f"config-{number}.yaml"
        path.write_text(block, encoding="utf-8")
        plans = flow_plans(load(path), SystemClock())
        assert [each.name for each in plans["stock"].lookups] == ["buffers", "web"]
        assert plans["orders"].reserving is not None
