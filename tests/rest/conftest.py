"""A web API of the test's own, and sources that read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from connectors._rest.access import ApiOptions
from connectors._rest.options import RestOptions
from connectors._rest.source import RestSource
from connectors._rest.target import RestTarget
from connectors._rest.target_options import RestTargetOptions
from tests.peers.http_server import Peer, answering
from tests.rest.articles import Articles
from tests.rest.counter import Ledger
from tests.rest.sources import OpenSource
from tests.rest.targets import CREATE, Counting, Known, OpenTarget


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


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def counter(ledger: Ledger) -> Iterator[Peer]:
    """A server that is written to: the ledger, until a test gives it another `answer`."""
    with answering(ledger) as peer:
        yield peer


@pytest.fixture
def known() -> Known:
    return Known()


@pytest.fixture
def gate() -> Counting:
    return Counting()


@pytest.fixture
def open_target(counter: Peer, known: Known, gate: Counting) -> Iterator[OpenTarget]:
    """Opens targets on the counter, with a `create` unless the test says otherwise."""
    with ExitStack() as opened:

        def open_target(connection: dict[str, Any] | None = None, **options: Any) -> RestTarget:
            target = RestTarget(
                ApiOptions.model_validate({"url": counter.url} | (connection or {})),
                RestTargetOptions.model_validate({"create": CREATE} | options),
            )
            opened.callback(target.close)
            target.equip(known, gate)
            return target

        yield open_target
