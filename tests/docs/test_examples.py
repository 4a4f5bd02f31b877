"""Every configuration in the documents is one that the agent understands."""

import re
from pathlib import Path

import pytest
import yaml

from agent.config import ConfigurationProblems, load

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BEARABLE = {"SA-1006", "SA-1103"}
"""An excerpt may leave out what it is not about: keys that are needed, connections named."""

EXAMPLES = [
    pytest.param(block, id=f"{path.relative_to(ROOT)} {number}")
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    for number, block in enumerate(BLOCK.findall(path.read_text(encoding="utf-8")), 1)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_holds_nothing_that_is_unknown_or_wrong(example: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(_whole(example), encoding="utf-8")
    try:
        load(path)
    except ConfigurationProblems as found:
        wrong = [str(problem) for problem in found.problems if problem.code not in BEARABLE]
        assert wrong == []


def _whole(example: str) -> str:
    """The excerpt where it belongs: a lone flow under `flows:`, a whole file as it is."""
    if "mapping" in yaml.load(example, yaml.BaseLoader):
        return "flows:\n  example:\n" + re.sub("^", "    ", example, flags=re.MULTILINE)
    return example
