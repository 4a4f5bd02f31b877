"""WooCommerce through its REST API v3: a target of catalogues, a source of orders."""

from __future__ import annotations

from agent.contract import Kind
from connectors._presets import presets_beside
from connectors.woocommerce.options import (
    ListOptions,
    WooCommerceOptions,
    WooCommerceTargetOptions,
)
from connectors.woocommerce.source import WooCommerceSource
from connectors.woocommerce.target import WooCommerceTarget

KIND = Kind(
    name="woocommerce",
    summary="WooCommerce through its REST API v3.",
    connection=WooCommerceOptions,
    source=WooCommerceSource,
    source_options=ListOptions,
    target=WooCommerceTarget,
    target_options=WooCommerceTargetOptions,
    presets=presets_beside(__file__),
)
