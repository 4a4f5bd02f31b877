"""PrestaShop through its web service: a target of catalogues, a source of orders."""

from __future__ import annotations

from agent.contract import Kind
from connectors._presets import presets_beside
from connectors.prestashop.options import (
    PrestaShopOptions,
    PrestaShopTargetOptions,
    ResourceOptions,
)
from connectors.prestashop.source import PrestaShopSource
from connectors.prestashop.target import PrestaShopTarget

KIND = Kind(
    name="prestashop",
    summary="PrestaShop through its web service.",
    connection=PrestaShopOptions,
    source=PrestaShopSource,
    source_options=ResourceOptions,
    target=PrestaShopTarget,
    target_options=PrestaShopTargetOptions,
    presets=presets_beside(__file__),
)
