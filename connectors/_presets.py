"""A kind's presets, as YAML beside its module; all scalars are text, as in a configuration."""

from __future__ import annotations

from pathlib import Path

import yaml

from agent.contract import Preset


def presets_beside(module: str) -> dict[str, Preset]:
    """What `presets.yaml` holds in the folder of a module, by name: `presets_beside(__file__)`."""
    text = Path(module).with_name("presets.yaml").read_text(encoding="utf-8")
    return {
        name: Preset(summary=flow.pop("summary"), flow=flow)
        for name, flow in yaml.load(text, yaml.BaseLoader).items()  # noqa: S506 - texts only
    }
