"""The premises that explanations and comparisons are tried on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.explain.premises import Premises, premises


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Premises]:
    with premises(tmp_path) as found:
        yield found
