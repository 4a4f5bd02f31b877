"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors._http.authorization import forget_shared


@pytest.fixture(autouse=True)
def nobody_stays_logged_in() -> Iterator[None]:
    """A stand-in may get the port of one that is gone, and would be shown its token."""
    yield
    forget_shared()
