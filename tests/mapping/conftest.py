from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import settings

from agent.mapping import MappingSpec, compile_mapping

settings.register_profile("untimed", deadline=None)  # no timed assertions on a busy machine
settings.load_profile("untimed")

Take = Callable[..., Any]


@pytest.fixture
def take() -> Take:
    """Map one value through one field `x` and give back what the body holds for it."""

    def through(value: object, **options: object) -> object:
        field = {"from": "COL", **{key.rstrip("_"): option for key, option in options.items()}}
        spec = MappingSpec.model_validate(
            {
                "sku": {"value": "A1"},
                "name": {"value": "Vite"},
                "attributes": {"fields": {"x": field}},
            }
        )
        mapping = compile_mapping(spec, entity="product")
        mapped = mapping.bind(("COL",))((value,))
        return msgspec.json.decode(mapped.body)["attributes"]["x"]

    return through
