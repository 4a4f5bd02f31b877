"""A configuration in a folder of its own, and what is said about it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.config import Config, ConfigurationProblems, load

SOUND = """\
site: {name: Rossi, time_zone: Europe/Rome}
connections:
  erp: {kind: memory}
  shop: {kind: memory}
flows:
  products:
    source: {connection: erp, table: ART, key: [CODE]}
    target: {connection: shop, receiver: shop}
    entity: product
    mapping:
      sku: CODE
      name: DESCRIPTION
"""

Loading = Callable[[str], Config]
Refusing = Callable[[str], list[str]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def written(text: str | bytes) -> Path:
        path = tmp_path / "config.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


@pytest.fixture
def loaded(write: Callable[[str], Path]) -> Loading:
    return lambda text: load(write(text))


@pytest.fixture
def refused(write: Callable[[str], Path]) -> Refusing:
    """The problems of a text, a line each; fails where there is none."""

    def lines(text: str) -> list[str]:
        with pytest.raises(ConfigurationProblems) as caught:
            load(write(text))
        return caught.value.report().splitlines()

    return lines
