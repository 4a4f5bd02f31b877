"""A store of BigCommerce, held to the documents that BigCommerce publishes of its APIs."""

from tests.peers.bigcommerce.store import STORE, TOKEN, BigStore

__all__ = ["STORE", "TOKEN", "BigStore"]
