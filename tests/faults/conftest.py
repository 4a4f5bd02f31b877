"""The option for longer runs, and a small company for a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.site import Site

SEEDS = 6
"""Histories of faults in an ordinary run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fault-seeds", type=int, default=SEEDS, help="how many random histories of faults to try"
    )
    parser.addoption("--fault-seed", type=int, default=None, help="only this one")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`seed`: fixed ones, and at last -1, which stands for one that nobody has tried before."""
    if "seed" in metafunc.fixturenames:
        # Not known where pytest was started further up: conftest files there are read too late.
        only = metafunc.config.getoption("fault_seed", None)
        number = metafunc.config.getoption("fault_seeds", SEEDS)
        metafunc.parametrize("seed", [only] if only is not None else [*range(number - 1), -1])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A company with forty articles and no price list yet."""
    with Site(tmp_path) as found:
        found.add_articles(40)
        yield found
