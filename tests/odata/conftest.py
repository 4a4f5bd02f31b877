"""An OData service of the test's own, and sources that read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from connectors._odata.options import ODataOptions
from connectors.odata import ServiceOptions, ServiceSource
from tests.odata.server import Items
from tests.odata.sources import OpenSource
from tests.peers.http_server import Peer, answering


@pytest.fixture
def service() -> Items:
    return Items()


@pytest.fixture
def peer(service: Items) -> Iterator[Peer]:
    with answering(service) as peer:
        service.root = peer.url
        yield peer


@pytest.fixture
def open_source(peer: Peer, service: Items) -> Iterator[OpenSource]:
    """Opens sources on the service; all are closed with the test."""
    with ExitStack() as opened:

        def open_source(**options: Any) -> ServiceSource:
            source = ServiceSource(
                ServiceOptions.model_validate({"url": peer.url, "version": service.version}),
                ODataOptions.model_validate({"entity_set": "Items", **options}),
            )
            opened.callback(source.close)
            return source

        yield open_source
