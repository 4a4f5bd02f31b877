"""A shop of Magento as far as the agent speaks to it, with its traps."""

from tests.peers.magento.shop import CONSUMER, SECRETS, TOKEN, TOKEN_ID, MagentoShop

__all__ = ["CONSUMER", "SECRETS", "TOKEN", "TOKEN_ID", "MagentoShop"]
