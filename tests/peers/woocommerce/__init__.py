"""A shop of WooCommerce, held to the description that WooCommerce gives of its own routes."""

from tests.peers.woocommerce.shop import KEY, SECRET, WooShop

__all__ = ["KEY", "SECRET", "WooShop"]
