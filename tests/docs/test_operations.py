"""What the operations page says about the service is so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "packaging" / "syncagent.service"
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
WORST_EXPOSURE = 2.0

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def _analyze(unit: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments, str(unit)], capture_output=True, text=True, check=True
    )


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a command that exists here, which is what verifying asks for."""
    path = tmp_path / UNIT.name
    command = Path(sys.executable).with_name("syncagent")
    text = UNIT.read_text(encoding="utf-8")
    path.write_text(text.replace("/opt/syncagent/bin/syncagent", str(command)), encoding="utf-8")
    return path


@needs_systemd
def test_systemd_understands_every_line_of_the_unit(unit: Path) -> None:
    assert _analyze(unit, "verify").stderr == ""


@needs_systemd
def test_unit_is_exposed_as_little_as_the_page_says(unit: Path) -> None:
    said = _analyze(unit, "security", "--offline=true", "--no-pager").stdout
    found = re.search(r"Overall exposure level for syncagent\.service: ([\d.]+)", said)
    assert found, said
    assert float(found[1]) <= WORST_EXPOSURE
    told = re.search(r"`systemd-analyze security --offline=true` says ([\d.]+)", OPERATIONS)
    assert told
    assert float(told[1]) <= WORST_EXPOSURE


def test_configuration_and_unit_name_the_same_folders() -> None:
    unit = UNIT.read_text(encoding="utf-8")
    for folder, line in (
        ("/var/lib/syncagent/", "StateDirectory=syncagent"),
        ("/run/syncagent/", "RuntimeDirectory=syncagent"),
        ("/etc/syncagent/", "ConfigurationDirectory=syncagent"),
    ):
        assert folder in OPERATIONS
        assert line in unit.splitlines()
