"""Reads a list of the shop: orders, customers, refunds."""

from __future__ import annotations

from connectors._rest.options import RestOptions
from connectors._rest.source import RestSource
from connectors.woocommerce.options import ListOptions, WooCommerceOptions


class WooCommerceSource(RestSource[WooCommerceOptions, RestOptions]):
    """Reads one list."""

    def __init__(self, connection: WooCommerceOptions, options: ListOptions) -> None:
        super().__init__(connection, options.as_list())
