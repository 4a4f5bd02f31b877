"""First loads cost as many calls as arithmetic says and one in a hundred more, within all limits.

`make loads` runs them with 100,000 products.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest

from agent.delivery import DeliverySettings
from agent.model import State
from connectors.shopify.options import ShopifyOptions, ShopifyTargetOptions
from connectors.shopify.target import ShopifyTarget
from connectors.woocommerce.options import MOST, WooCommerceOptions, WooCommerceTargetOptions
from connectors.woocommerce.target import WooCommerceTarget
from tests.loads.loading import loading, sku
from tests.peers.http_server import answering
from tests.peers.shopify.costs import Bucket
from tests.peers.shopify.server import TOKEN, running
from tests.peers.woocommerce import KEY, SECRET, WooShop

OPERATIONS = 10
"""Files of a first load into Shopify: of 100,000 products each holds 10,000."""
CALLS_AN_OPERATION = 5
"""A place for the file, the file, the start, one look, the result. Shopify offers no shorter way;
where it works for longer there is a look every half minute besides."""


def test_shopify_gets_them_in_bulk(
    products: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_SHOPIFY_TOKEN", TOKEN)
    size = math.ceil(products / OPERATIONS)

    def target() -> ShopifyTarget:
        # The stand-in does the work of all operations while it is asked how far they are.
        patience = {"read_timeout": "10m", "total_timeout": "10m"}
        connection = {"url": door.url, "token": "env:TEST_SHOPIFY_TOKEN", **patience}
        return ShopifyTarget(
            ShopifyOptions.model_validate(connection),
            ShopifyTargetOptions(batch_size=size, bulk_from=min(size, 1000), adopt=False),
        )

    settings = DeliverySettings(senders=1, batch_size=size)
    with running() as door, loading(tmp_path, target, settings) as load:
        server = door.open()
        server.bucket = Bucket(size=1000, available=1000, restored=100)  # that of the smallest plan
        load.begin()
        server.requests.clear()
        load.append(products)
        assert load.deliver(server.bucket.pass_time) == {State.DELIVERED: products}
        operations = math.ceil(products / size)
        calls = len(server.requests) + len(server.fetched)
        print(f"Shopify: {products} products in {operations} operations, {calls} calls")  # noqa: T201 - the measure
        assert calls <= math.floor(operations * CALLS_AN_OPERATION * 1.01)
        assert server.bucket.refused == 0, "nothing was asked that the allowance did not cover"
        assert server.bulk.refused == 0, "never more operations at once, never too large a file"
        held = Counter(each["sku"] for each in server.shop.all("ProductVariant"))
    assert held == Counter(map(sku, range(products)))


def test_woocommerce_gets_them_by_the_hundred(
    products: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_WOOCOMMERCE_SECRET", SECRET)
    shop = WooShop()

    def target() -> WooCommerceTarget:
        connection = {
            "url": peer.url,
            "consumer_key": KEY,
            "consumer_secret": "env:TEST_WOOCOMMERCE_SECRET",
        }
        return WooCommerceTarget(
            WooCommerceOptions.model_validate(connection), WooCommerceTargetOptions()
        )

    with answering(shop) as peer, loading(tmp_path, target, DeliverySettings()) as load:
        load.begin()
        shop.calls.clear()
        load.append(products)
        assert load.deliver(lambda _: None) == {State.DELIVERED: products}
    calls = len(shop.calls)
    print(f"WooCommerce: {products} products, {calls} calls")  # noqa: T201 - the measure
    assert calls <= math.floor(math.ceil(products / MOST) * 1.01)
    assert shop.too_large == 0, "no batch is larger than the shop takes"
    assert shop.violations == []
    held = Counter(each["sku"] for each in shop.products.items.values())
    assert held == Counter(map(sku, range(products)))
