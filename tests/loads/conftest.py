"""How many products a first load has."""

import pytest

PRODUCTS = 2_000
"""In an ordinary run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--products", type=int, default=PRODUCTS, help="products of a first load")


@pytest.fixture
def products(request: pytest.FixtureRequest) -> int:
    """How many products are loaded."""
    return int(request.config.getoption("--products"))
