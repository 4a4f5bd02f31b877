"""The premises of the explanations, and a reference shop with its bytes counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from agent.demo.shop import ShopProcess
from tests.explain.premises import Premises, premises
from tests.verify.meter import Meter, metered
from tests.verify.shop import shop_config

COMPARED = 4_000
"""How many records are compared for the measure of bytes in an ordinary run."""
TOKEN = "a-token-for-tests"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--compared", type=int, default=COMPARED, help="records that are compared")


@pytest.fixture
def compared(request: pytest.FixtureRequest) -> int:
    """How many records are compared."""
    return int(request.config.getoption("--compared"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Premises]:
    with premises(tmp_path) as found:
        yield found


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopProcess]:
    monkeypatch.setenv("SHOP_TOKEN", TOKEN)
    with ShopProcess(tmp_path / "shop.db", None, secrets={"SHOP_TOKEN": TOKEN}) as running:
        yield running


@pytest.fixture
def meter(shop: ShopProcess) -> Iterator[Meter]:
    with metered(urlsplit(shop.url).port or 0) as found:
        yield found


@pytest.fixture
def shop_site(tmp_path: Path, meter: Meter) -> Iterator[Premises]:
    """An agent that delivers to the reference shop."""
    with premises(tmp_path, shop_config(meter.port)) as found:
        yield found
