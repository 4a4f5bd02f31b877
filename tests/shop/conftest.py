"""Real shops in processes of their own, over HTTPS with throw-away certificates."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from agent.contract import NoOptions
from agent.demo.certificates import Certificates, create_certificates
from agent.demo.shop import ShopProcess
from connectors.shop import ShopOptions, ShopTarget
from tests.shop.caller import Caller

TOKEN = "a-token-for-tests"

StartShop = Callable[..., ShopProcess]
OpenTarget = Callable[..., ShopTarget]


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return create_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def start_shop(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates
) -> Iterator[StartShop]:
    """Starts shops; all end with the module."""
    with ExitStack() as shops:

        def start(**options: Any) -> ShopProcess:
            folder = tmp_path_factory.mktemp("shop")
            options.setdefault("certificates", certificates)
            return shops.enter_context(ShopProcess(folder / "shop.db", faults=True, **options))

        yield start


@pytest.fixture(scope="module")
def shop(start_shop: StartShop) -> ShopProcess:
    """A shop that wants a bearer token. Shared by a module, so every test uses keys of its own."""
    return start_shop(secrets={"SHOP_TOKEN": TOKEN})


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TEST_TOKEN", TOKEN)
    monkeypatch.setenv("SHOP_TEST_WRONG", "falsch")


@pytest.fixture
def open_target(certificates: Certificates) -> Iterator[OpenTarget]:
    """Opens targets; all are closed with the test."""
    with ExitStack() as targets:

        def open_one(url: str, **options: Any) -> ShopTarget:
            options.setdefault("ca_file", str(certificates.authority))
            connection = ShopOptions.model_validate({"url": url, **options})
            target = ShopTarget(connection, NoOptions())
            targets.callback(target.close)
            return target

        yield open_one


@pytest.fixture
def target(shop: ShopProcess, open_target: OpenTarget) -> ShopTarget:
    return open_target(shop.url, token="env:SHOP_TEST_TOKEN")


@pytest.fixture
def caller(shop: ShopProcess) -> Iterator[Caller]:
    assert shop.certificates
    context = ssl.create_default_context(cafile=str(shop.certificates.authority))
    headers = {"authorization": f"Bearer {TOKEN}"}
    with httpx.Client(
        base_url=shop.url, verify=context, headers=headers, timeout=60, trust_env=False
    ) as client:
        yield Caller(client)
