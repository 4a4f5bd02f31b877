"""Odoo: its JSON-2 API, and XML-RPC for versions before 19."""

from __future__ import annotations

from agent.contract import Kind
from connectors._presets import presets_beside
from connectors.odoo.options import ModelOptions, OdooOptions, OdooTargetOptions
from connectors.odoo.source import OdooSource
from connectors.odoo.target import OdooTarget

KIND = Kind(
    name="odoo",
    summary="Odoo: its JSON-2 API, and XML-RPC for versions before 19.",
    connection=OdooOptions,
    source=OdooSource,
    source_options=ModelOptions,
    target=OdooTarget,
    target_options=OdooTargetOptions,
    presets=presets_beside(__file__),
)
