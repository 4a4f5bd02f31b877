"""Real shops and ERPs, one of each per session; tests are skipped where one is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from agent.demo.shop import ShopProcess
from tests.peers import medusa, oscar, tryton, vendure
from tests.peers.fixtures import postgresql_server
from tests.peers.installed import Program
from tests.peers.losing import Relay, relaying
from tests.peers.postgresql import PostgreSQL
from tests.real_shops.company import Company

__all__ = ["postgresql_server"]


def require(program: Program) -> None:
    """Skip where the program is not there."""
    if program.missing:
        pytest.skip(program.missing)


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    return Company(tmp_path)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ShopProcess]:
    """The reference shop, where an example has one beside the ERP."""
    secrets = {"SHOP_TOKEN": "of-the-shop"}
    with ShopProcess(tmp_path / "shop.db", None, secrets=secrets, faults=True) as shop:
        yield shop


@pytest.fixture
def oscar_shop(tmp_path: Path) -> Iterator[oscar.Oscar]:
    """A shop of the test's own: it starts in a second."""
    require(oscar.OSCAR)
    directory = tmp_path / "oscar"
    directory.mkdir()
    with oscar.running(directory) as shop:
        yield shop


@pytest.fixture
def oscar_relay(oscar_shop: oscar.Oscar) -> Iterator[Relay]:
    with relaying(oscar_shop.url) as relay:
        yield relay


@pytest.fixture
def tryton_erp(tmp_path: Path) -> Iterator[tryton.Tryton]:
    """An ERP of the test's own: it starts in two seconds."""
    require(tryton.TRYTON)
    directory = tmp_path / "tryton"
    directory.mkdir()
    with tryton.running(directory) as erp:
        yield erp


@pytest.fixture
def tryton_relay(tryton_erp: tryton.Tryton) -> Iterator[Relay]:
    with relaying(tryton_erp.url) as relay:
        yield relay


@pytest.fixture(scope="session")
def medusa_shop(request: pytest.FixtureRequest) -> Iterator[medusa.Medusa]:
    """One shop for all tests: it takes half a minute to start."""
    require(medusa.MEDUSA)
    server: PostgreSQL = request.getfixturevalue("postgresql_server")
    with closing(server.connect()) as connection:
        connection.execute("CREATE DATABASE medusa")
    with medusa.running(replace(server, database="medusa")) as shop:
        yield shop


@pytest.fixture
def medusa_relay(medusa_shop: medusa.Medusa) -> Iterator[Relay]:
    with relaying(medusa_shop.url) as relay:
        yield relay


@pytest.fixture(scope="session")
def vendure_shop(request: pytest.FixtureRequest) -> Iterator[vendure.Vendure]:
    """One shop for all tests: it takes ten seconds to start."""
    require(vendure.VENDURE)
    server: PostgreSQL = request.getfixturevalue("postgresql_server")
    with closing(server.connect()) as connection:
        connection.execute("CREATE DATABASE vendure")
    with vendure.running(replace(server, database="vendure")) as shop:
        yield shop


@pytest.fixture
def vendure_relay(vendure_shop: vendure.Vendure) -> Iterator[Relay]:
    with relaying(vendure_shop.url) as relay:
        yield relay
