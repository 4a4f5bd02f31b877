"""A shop over TLS and a folder, in which an example is put into force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.demo.certificates import Certificates, create_certificates
from agent.demo.shop import ShopProcess
from tests.examples.site import Site

TOKEN = "token-of-the-examples"

OpenSite = Callable[[str], Site]


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return create_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def open_site(
    tmp_path: Path, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenSite]:
    """A site with the example of a name, and an empty shop."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    secrets = {"SHOP_TOKEN": TOKEN}
    # `faults` lets a test change the shop's own records as well.
    with ShopProcess(tmp_path / "shop.db", certificates, secrets=secrets, faults=True) as shop:

        def open_site(example: str) -> Site:
            site = Site(tmp_path, example, shop)
            site.secret("shop", TOKEN)
            return site

        yield open_site
