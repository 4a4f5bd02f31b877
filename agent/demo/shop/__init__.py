"""The reference shop: the shop protocol for real, on its own SQLite file, in its own process."""

from __future__ import annotations

from agent.demo.shop.database import Effect, Remark, ShopDatabase
from agent.demo.shop.process import ShopProcess

__all__ = ["Effect", "Remark", "ShopDatabase", "ShopProcess"]
