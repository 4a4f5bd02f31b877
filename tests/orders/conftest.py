"""How many orders the rush has."""

import pytest

ORDERS = 400
"""In an ordinary run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--orders", type=int, default=ORDERS, help="orders of the rush")
