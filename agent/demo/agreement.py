"""Do ERP and shop agree? Asked without the agent: plain SQL here, the shop's file there.

Nothing here uses the engine, its mapping or its connectors: a mistake there must not hide itself.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from agent.demo.shop import ShopDatabase

Facts = dict[tuple[str, str], tuple[Any, ...]]
"""(entity, key) → the facts of a record that both sides know."""


def erp_facts(path: Path) -> Facts:
    """What the ERP says."""
    facts: Facts = {}
    with closing(sqlite3.connect(path)) as connection:
        for code, name in connection.execute("SELECT CACOD, CADES FROM CATEGO"):
            facts["category", code] = (name,)
        for code, name, weight, state in connection.execute(
            "SELECT ARCOD, ARDES, ARPES, ARSTA FROM ARTICO"
        ):
            facts["product", code.strip()] = (name.strip(), _number(weight), state == "A")
        tiers: dict[tuple[str, str], list[tuple[Decimal, Decimal]]] = {}
        for price_list, code, quantity, price in connection.execute(
            "SELECT SCLIS, SCART, SCQTA, SCPRZ FROM SCAGLI"
        ):
            steps = tiers.setdefault((price_list, code), [])
            steps.append((_number(quantity), _number(price)))
        for price_list, code, price in connection.execute("SELECT LICOD, LIART, LIPRZ FROM LISTIN"):
            steps = sorted(tiers.get((price_list, code), []))
            facts["price", f"{price_list}|{code.strip()}"] = (_number(price), steps)
        for code, warehouse, quantity in connection.execute(
            "SELECT GIART, GIMAG, GIESI FROM GIACEN"
        ):
            facts["stock", f"{code.strip()}|{warehouse}"] = (_number(quantity),)
        for code, name, province in connection.execute("SELECT CLCOD, CLRAG, CLPRO FROM CLIENT"):
            facts["customer", code] = (name, province)
    return facts


def shop_facts(path: Path) -> Facts:
    """What the shop holds, but for the promotions, which do not come from the ERP's tables."""
    facts: Facts = {}
    with closing(ShopDatabase(path, readonly=True)) as shop:
        for entity, tell in _TELL.items():
            for key, data in shop.records(entity).items():
                if data.get("price_list") != "PROMO":
                    facts[entity, key] = tell(data)
    return facts


def differences(erp: Path, shop: Path, *, except_for: frozenset[str] = frozenset()) -> list[str]:
    """Where they differ, one line each; `except_for` names keys that are known to be refused."""
    left, right = erp_facts(erp), shop_facts(shop)
    return [
        f"{entity} {key}: ERP {left.get((entity, key))}, shop {right.get((entity, key))}"
        for entity, key in sorted(left.keys() | right.keys())
        if key not in except_for and left.get((entity, key)) != right.get((entity, key))
    ]


def doubled_effects(shop: Path) -> list[str]:
    """Effects that the shop saw twice: the same content for the same key, one after the other."""
    with closing(ShopDatabase(shop, readonly=True)) as database:
        return [
            f"{effect.entity} {effect.key} version {effect.version}"
            for effect in database.doubles()
        ]


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


_TELL: dict[str, Any] = {
    "category": lambda data: (data["name"],),
    "product": lambda data: (data["name"], Decimal(data["weight"]), data["active"]),
    "price": lambda data: (
        Decimal(data["price"]),
        sorted((Decimal(t["min_quantity"]), Decimal(t["price"])) for t in data.get("tiers") or ()),
    ),
    "stock": lambda data: (Decimal(data["quantity"]),),
    "customer": lambda data: (data["name"], data["address"]["province"]),
}
