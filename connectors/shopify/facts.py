"""What hardly ever changes in a shop, asked for once and again where something is missing."""

from __future__ import annotations

from collections.abc import Iterable

from agent.errors import Misconfigured
from agent.model import Json
from connectors.shopify.admin import Session
from connectors.shopify.bulk import Loads
from connectors.shopify.documents import (
    DEFINITION_CREATE,
    KEY,
    LOCATIONS,
    NAMESPACE,
    PRICE_LISTS,
    SHOP,
    STATE,
    Call,
)
from connectors.shopify.finding import listed

OWNERS = {
    "product": ("PRODUCT", "PRODUCTVARIANT"),
    "category": ("COLLECTION",),
    "customer": ("CUSTOMER",),
}
"""Entity → kinds of records that bear its key."""


class Facts:
    """Kept by a target from one delivery to the next; two threads may both ask, to no harm."""

    def __init__(self) -> None:
        self.loads = Loads()
        self._locations: dict[str, str] = {}
        self._price_lists: dict[str, Json] = {}
        self._currency = ""
        self._defined: set[str] = set()

    def locations(self, session: Session, names: Iterable[str]) -> dict[str, str]:
        """Name → id of the locations that are used; those named may be new."""
        if not self._locations.keys() >= set(names):
            found = listed(session, LOCATIONS, first=100)
            self._locations = {each["name"]: each["id"] for each in found if each["isActive"]}
        return self._locations

    def price_lists(self, session: Session, names: Iterable[str]) -> dict[str, Json]:
        """Name → price list, with its id and currency; those named may be new."""
        if not self._price_lists.keys() >= set(names):
            found = listed(session, PRICE_LISTS, first=100)
            self._price_lists = {each["name"]: each for each in found}
        return self._price_lists

    def currency(self, session: Session) -> str:
        """In which the prices of variants are."""
        self._currency = self._currency or session.one(SHOP()).value["currencyCode"]
        return self._currency

    def definitions(self, entity: str) -> list[Call]:
        """What makes Shopify keep the keys of an entity unique, where that was not asked before."""
        return [_definition(owner) for owner in OWNERS[entity] if owner not in self._defined]

    def define(self, session: Session, entity: str) -> None:
        """Have the keys of an entity kept unique; harmless where they are."""
        if calls := self.definitions(entity):
            for outcome in session.together(calls):
                if not outcome.fine and "TAKEN" not in outcome.codes():
                    raise Misconfigured(
                        "SA-5452",
                        f"keys cannot be defined: {outcome.why()}",
                        hint="grant the scopes that the page of the connector names",
                        untouched=True,
                    )
            self._defined.update(OWNERS[entity])


def _definition(owner: str) -> Call:
    definition = {
        "namespace": NAMESPACE,
        "key": KEY,
        "name": "Key in the company's own system",
        "description": f"Written by SyncAgent, beside {NAMESPACE}.{STATE}. Do not change it.",
        "ownerType": owner,
        "type": "id",
    }
    return DEFINITION_CREATE(definition=definition)
