"""Lists of Magento: filters, order, pages, and a choice of fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.peers.magento.problem import Problem

Item = dict[str, Any]
MOST_A_PAGE = 300


def found(items: Iterable[Item], query: Mapping[str, str]) -> Item:
    """A page. Behind the last one, the last one comes again."""
    passed = [item for item in items if all(_passes(item, *each) for each in _filters(query))]
    field = query.get("searchCriteria[sortOrders][0][field]")
    if field:
        falling = query.get("searchCriteria[sortOrders][0][direction]") == "DESC"
        passed.sort(key=lambda item: _sorting(item, field), reverse=falling)
    size = int(query.get("searchCriteria[pageSize]", 20))
    if size > MOST_A_PAGE:
        raise Problem(400, "Maximum SearchCriteria pageSize is %max", parameters={"max": 300})
    last = max(-(-len(passed) // size), 1)
    page = min(int(query.get("searchCriteria[currentPage]", 1)), last)
    items = passed[(page - 1) * size : page * size]
    chosen = re.search(r"items\[([^\]]+)\]", query.get("fields", ""))
    if chosen:
        names = chosen[1].split(",")
        items = [{name: item[name] for name in names if name in item} for item in items]
    return {"items": items, "search_criteria": {}, "total_count": len(passed)}


def _filters(query: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    for name in query:
        if name.endswith("[field]") and "filters" in name:
            above = name.removesuffix("[field]")
            yield query[name], query[f"{above}[conditionType]"], query[f"{above}[value]"]


def _passes(item: Item, field: str, condition: str, value: str) -> bool:
    held = str(_taken(item, field)).casefold()
    if condition == "in":
        return held in {each.casefold() for each in value.split(",")}
    if condition == "eq":
        return held == value.casefold()
    assert condition == "gteq", condition
    return held >= value


def _taken(item: Item, field: str) -> Any:
    if field in item:
        return item[field]
    if field == "entity_id":
        return item.get("id")
    for each in item.get("custom_attributes", ()):
        if each["attribute_code"] == field:
            return each["value"]
    return None


def _sorting(item: Item, field: str) -> Any:
    return _taken(item, field) or 0
