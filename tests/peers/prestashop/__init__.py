"""A shop with PrestaShop's web service, made from the descriptions of its resources."""

from tests.peers.prestashop.server import PrestaShop

__all__ = ["PrestaShop"]
