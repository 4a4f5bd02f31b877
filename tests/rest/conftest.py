"""A web API of the test's own, and sources that read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from connectors._rest.access import ApiOptions
from connectors._rest.options import RestOptions
from connectors._rest.source import RestSource
from tests.peers.http_server import Peer, answering
from tests.rest.articles import Articles
from tests.rest.sources import OpenSource


@pytest.fixture
def shelf() -> Articles:
    return Articles()


@pytest.fixture
def peer(shelf: Articles) -> Iterator[Peer]:
    """A server that answers with the shelf, until a test gives it another `answer`."""
    with answering(shelf) as peer:
        yield peer


@pytest.fixture
def open_source(peer: Peer) -> Iterator[OpenSource]:
    """Opens sources on the peer; all are closed with the test."""
    with ExitStack() as opened:

        def open_source(
            connection: dict[str, Any] | None = None, **options: Any
        ) -> RestSource[ApiOptions, RestOptions]:
            options = {"path": "/all", "key": ["sku"], "columns": ["name", "price"]} | options
            source = RestSource(
                ApiOptions.model_validate({"url": peer.url} | (connection or {})),
                RestOptions.model_validate(options),
            )
            opened.callback(source.close)
            return source

        yield open_source
