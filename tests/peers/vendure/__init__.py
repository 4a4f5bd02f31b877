"""A real Vendure shop, on a database of the private PostgreSQL server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import httpx

from agent.model import Json
from tests.peers.installed import Program
from tests.peers.postgresql import PostgreSQL
from tests.peers.process import free_port

VENDURE = Program("vendure", ("npm --before=2026-10-20",))
API = "/admin-api"
OWNER = {"username": "owner", "password": "of-the-tests"}
RIGHTS = [
    f"{right}{what}"
    for what in ("Catalog", "Customer")
    for right in ("Create", "Read", "Update", "Delete")
]


class Article(NamedTuple):
    """What the shop shows of a product that is sold in one form."""

    name: str
    price: Decimal


@dataclass(frozen=True)
class Vendure:
    """A running shop with one stock location, a currency, and a key of a limited role."""

    url: str
    key: str

    def ask(self, query: str, **variables: Json) -> Any:
        """What the admin API answers to the agent's key."""
        with httpx.Client(headers={"vendure-api-key": self.key}, timeout=30) as client:
            return _ask(client, self.url, query, variables)

    def articles(self, mark: str) -> list[tuple[str, Article]]:
        """SKU and article of every variant whose SKU begins with a mark, in order of the SKUs."""
        return sorted(
            (each["sku"], Article(each["product"]["name"], Decimal(each["price"]) / 100))
            for each in self._variants(mark)
        )

    def stock(self, mark: str) -> dict[str, int]:
        """Pieces in store by SKU."""
        return {
            each["sku"]: sum(level["stockOnHand"] for level in each["stockLevels"])
            for each in self._variants(mark)
        }

    def products(self, mark: str) -> int:
        """How many products there are, with a variant or without, whose slug begins with a mark."""
        query = (
            "query ($options: ProductListOptions) { products(options: $options) { totalItems } }"
        )
        found = self.ask(query, options={"filter": {"slug": {"contains": mark}}})
        return int(found["products"]["totalItems"])

    def customers(self, mark: str) -> list[str]:
        """Last names of those whose e-mail holds a mark."""
        query = (
            "query ($options: CustomerListOptions)"
            " { customers(options: $options) { items { lastName } } }"
        )
        found = self.ask(query, options={"filter": {"emailAddress": {"contains": mark}}})
        return sorted(each["lastName"] for each in found["customers"]["items"])

    def _variants(self, mark: str) -> Any:
        query = (
            "query ($options: ProductVariantListOptions) { productVariants(options: $options)"
            " { items { sku price product { name } stockLevels { stockOnHand } } } }"
        )
        found = self.ask(query, options={"filter": {"sku": {"contains": mark}}})
        return found["productVariants"]["items"]


def install() -> None:
    """Its packages; the graph of a day on which it is consistent."""
    VENDURE.folder.mkdir(parents=True, exist_ok=True)
    for ours in VENDURE.site.iterdir():
        shutil.copy(ours, VENDURE.folder)
    options = ["--before=2026-10-20", "--no-audit", "--no-fund", "--ignore-scripts"]
    VENDURE.run(["npm", "install", *options], VENDURE.folder)


@contextmanager
def running(server: PostgreSQL) -> Iterator[Vendure]:
    """A shop in an empty database."""
    port = free_port()
    env = {
        "PORT": str(port),
        "DATABASE_PORT": str(server.port),
        "DATABASE_USER": server.user,
        "DATABASE": server.database,
        "NODE_ENV": "production",
        "VENDURE_DISABLE_TELEMETRY": "true",
    }
    url = f"http://127.0.0.1:{port}"
    with VENDURE.serving(["node", "shop.js"], VENDURE.folder, f"{url}/health", env):
        yield _opened(url)


def _ask(client: httpx.Client, url: str, query: str, variables: Json) -> Any:
    answer = client.post(url + API, json={"query": query, "variables": variables})
    said = answer.raise_for_status().json()
    if "errors" in said:
        raise RuntimeError(f"{query}: {said['errors']}")
    return said["data"]


def _opened(url: str) -> Vendure:
    """The shop as its owner sets it up."""
    with httpx.Client(timeout=30) as owner:

        def ask(query: str, **variables: Json) -> Any:
            return _ask(owner, url, query, variables)

        query = (
            "mutation ($username: String!, $password: String!)"
            " { login(username: $username, password: $password) { __typename } }"
        )
        body = {"query": query, "variables": OWNER}
        token = owner.post(url + API, json=body).raise_for_status().headers["vendure-auth-token"]
        owner.headers["authorization"] = f"Bearer {token}"

        zone = ask('mutation { made: createZone(input: {name: "EU"}) { id } }')["made"]["id"]
        category = ask(
            'mutation { made: createTaxCategory(input: {name: "All", isDefault: true}) { id } }'
        )["made"]["id"]
        ask(
            "mutation ($rate: CreateTaxRateInput!) { createTaxRate(input: $rate) { id } }",
            rate={
                "name": "VAT",
                "enabled": True,
                "value": 22,
                "categoryId": category,
                "zoneId": zone,
            },
        )
        ask(
            "mutation ($channel: UpdateChannelInput!)"
            " { updateChannel(input: $channel) { __typename } }",
            channel={
                "id": ask("{ activeChannel { id } }")["activeChannel"]["id"],
                "defaultTaxZoneId": zone,
                "defaultShippingZoneId": zone,
                "defaultCurrencyCode": "EUR",
                "availableCurrencyCodes": ["EUR"],
            },
        )
        role = ask(
            "mutation ($role: CreateRoleInput!) { made: createRole(input: $role) { id } }",
            role={"code": "agent", "description": "the ERP", "permissions": RIGHTS},
        )["made"]["id"]
        key = ask(
            "mutation ($key: CreateApiKeyInput!) { made: createApiKey(input: $key) { apiKey } }",
            key={"roleIds": [role], "translations": [{"languageCode": "en", "name": "agent"}]},
        )["made"]["apiKey"]
    return Vendure(url, key)
