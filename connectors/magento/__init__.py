"""Magento and Adobe Commerce through their REST API: a target of catalogues, a source of orders."""

from __future__ import annotations

from agent.contract import Kind
from connectors._presets import presets_beside
from connectors.magento.options import ListOptions, MagentoOptions, MagentoTargetOptions
from connectors.magento.source import MagentoSource
from connectors.magento.target import MagentoTarget

KIND = Kind(
    name="magento",
    summary="Magento and Adobe Commerce through their REST API.",
    connection=MagentoOptions,
    source=MagentoSource,
    source_options=ListOptions,
    target=MagentoTarget,
    target_options=MagentoTargetOptions,
    presets=presets_beside(__file__),
)
