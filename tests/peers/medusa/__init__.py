"""A real Medusa shop, on a database of the private PostgreSQL server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import httpx

from agent.model import Json
from tests.peers.installed import Program
from tests.peers.postgresql import PostgreSQL
from tests.peers.process import free_port

MEDUSA = Program("medusa", ("npm --before=2026-10-20",))
LOGIN = {"email": "admin@example.test", "password": "of-the-tests"}


class Article(NamedTuple):
    """What the shop shows of a product that is sold in one form."""

    title: str
    price: Decimal


@dataclass(frozen=True)
class Medusa:
    """A running shop with one sales channel, one stock location and one shipping profile."""

    url: str
    key: str
    channel: str
    location: str
    profile: str

    def get(self, path: str) -> Json:
        """What the admin API tells."""
        headers = {"authorization": f"Basic {self.key}"}
        answer = httpx.get(f"{self.url}/admin{path}", headers=headers, timeout=30)
        return answer.raise_for_status().json()

    def articles(self, mark: str) -> dict[str, Article]:
        """By SKU, those whose SKU begins with a mark."""
        fields = "title,*variants,*variants.prices"
        products = self.get(f"/products?limit=200&fields={fields}")["products"]
        return {
            variant["sku"]: Article(product["title"], Decimal(str(variant["prices"][0]["amount"])))
            for product in products
            for variant in product["variants"]
            if variant["sku"].startswith(mark)
        }

    def stock(self, mark: str) -> dict[str, int]:
        """Pieces in store by SKU."""
        items = self.get("/inventory-items?limit=200&fields=sku,*location_levels")
        return {
            item["sku"]: item["location_levels"][0]["stocked_quantity"]
            for item in items["inventory_items"]
            if item["sku"].startswith(mark) and item["location_levels"]
        }


def install() -> None:
    """Its packages; the graph of a day on which it is consistent."""
    MEDUSA.folder.mkdir(parents=True, exist_ok=True)
    for ours in MEDUSA.site.iterdir():
        shutil.copy(ours, MEDUSA.folder)
    options = ["--before=2026-10-20", "--no-audit", "--no-fund", "--ignore-scripts"]
    MEDUSA.run(["npm", "install", *options], MEDUSA.folder)


@contextmanager
def running(server: PostgreSQL) -> Iterator[Medusa]:
    """A shop in an empty database."""
    env = {
        "DATABASE_URL": f"postgres://{server.user}@127.0.0.1:{server.port}/{server.database}",
        "NODE_ENV": "production",
        "MEDUSA_DISABLE_TELEMETRY": "true",
    }
    medusa = MEDUSA.folder / "node_modules" / ".bin" / "medusa"
    MEDUSA.run([medusa, "db:migrate"], MEDUSA.folder, env)
    MEDUSA.run([medusa, "user", "-e", LOGIN["email"], "-p", LOGIN["password"]], MEDUSA.folder, env)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    start = [medusa, "start", "-H", "127.0.0.1", "-p", str(port)]
    with MEDUSA.serving(start, MEDUSA.folder, f"{url}/health", env):
        yield _opened(url)


def _opened(url: str) -> Medusa:
    """The shop as its owner sets it up."""
    with httpx.Client(base_url=url, timeout=30) as owner:
        token = owner.post("/auth/user/emailpass", json=LOGIN).raise_for_status().json()["token"]
        owner.headers["authorization"] = f"Bearer {token}"

        def make(path: str, **fields: Json) -> Json:
            return owner.post(f"/admin{path}", json=fields).raise_for_status().json()

        key = make("/api-keys", title="agent", type="secret")["api_key"]["token"]
        channel = make("/sales-channels", name="Web")["sales_channel"]["id"]
        location = make("/stock-locations", name="Main")["stock_location"]["id"]
        make(f"/stock-locations/{location}/sales-channels", add=[channel])
        store = owner.get("/admin/stores").json()["stores"][0]["id"]
        make(
            f"/stores/{store}",
            supported_currencies=[{"currency_code": "eur", "is_default": True}],
            default_sales_channel_id=channel,
        )
        profile = make("/shipping-profiles", name="Parcel", type="default")["shipping_profile"]
    return Medusa(url, key, channel, location, profile["id"])
