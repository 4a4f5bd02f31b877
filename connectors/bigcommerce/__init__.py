"""BigCommerce through its REST APIs: a target of catalogues, a source of orders."""

from __future__ import annotations

from agent.contract import Kind
from connectors._presets import presets_beside
from connectors.bigcommerce.options import (
    BigCommerceOptions,
    BigCommerceTargetOptions,
    ListOptions,
)
from connectors.bigcommerce.source import BigCommerceSource
from connectors.bigcommerce.target import BigCommerceTarget

KIND = Kind(
    name="bigcommerce",
    summary="BigCommerce through its REST APIs v3 and, for orders, v2.",
    connection=BigCommerceOptions,
    source=BigCommerceSource,
    source_options=ListOptions,
    target=BigCommerceTarget,
    target_options=BigCommerceTargetOptions,
    presets=presets_beside(__file__),
)
