"""Whatever a driver gives, a row is mapped or refused: nothing else ever happens."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agent.catalogue import EXPLANATIONS
from agent.errors import Rejected
from agent.mapping import MappingSpec, compile_mapping

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(),
    st.text(alphabet="0123456789.,-+:/T eE'", max_size=12),
    st.binary(max_size=12),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.uuids(),
    st.builds(object),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS: dict[str, Any] = {
    "text": {"from": "V", "min_length": "1", "pattern": "(?s).*", "case": "upper"},
    "binary": {"from": "V", "encoding": "cp500"},
    "integer": {"from": "V", "type": "integer", "min": "-9", "group_mark": "."},
    "decimal": {"from": "V", "type": "decimal", "scale": "2", "round": "true", "max": "9"},
    "comma": {"from": "V", "type": "decimal", "decimal_mark": ",", "group_mark": "."},
    "boolean": {"from": "V", "type": "boolean", "true": "S", "false": "N"},
    "date": {"from": "V", "type": "date", "null_values": "SENTINEL_DATES", "format": "CYYMMDD"},
    "iso": {"from": "V", "type": "date", "min": "2000-01-01"},
    "datetime": {"from": "V", "type": "datetime", "max": "2100-01-01"},
    "time": {"from": "V", "type": "time", "format": ["HHMMSS", "%H:%M"]},
    "json": {"from": "V", "type": "json"},
    "object": {"from": "V", "type": "object"},
    "list": {"from": "V", "type": "list", "separator": ","},
    "table": {"from": "V", "values": {"1": "one"}, "values_default": "other"},
    "expression": {"from": "V", "expression": "value | decimal * row.V"},
    "child": {"each": "V", "fields": {"x": "X"}},
}


@given(value=VALUES, name=st.sampled_from(sorted(FIELDS)))
def test_any_value_is_mapped_to_json_or_refused_with_a_reason(value: object, name: str) -> None:
    spec = {
        "sku": {"value": "A"},
        "name": {"value": "B"},
        "attributes": {"fields": {name: FIELDS[name]}},
    }
    map_row = compile_mapping(MappingSpec.model_validate(spec), entity="product").bind(("V",))
    refusal, body = None, b""
    try:
        body = map_row((value,)).body
    except Rejected as error:
        refusal = error
    if refusal is None:
        assert not has_float(msgspec.json.decode(body))
        return
    assert refusal.code in EXPLANATIONS
    assert f'field "attributes.{name}' in refusal.reason
    assert "\n" not in refusal.reason
    assert len(refusal.reason) < 500


def has_float(data: object) -> bool:
    if isinstance(data, dict | list):
        return any(map(has_float, data.values() if isinstance(data, dict) else data))
    return isinstance(data, float)
