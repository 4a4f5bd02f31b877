"""Templates of targets, over real messages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from agent.errors import Rejected
from agent.mapping.problem import Invalid
from agent.model import Message, Op
from connectors._template import NotThereYet, Scope, Template, elements

ORDER = {
    "number": "W-17",
    "customer": "shop-9",
    "placed_at": "2026-11-22T23:30:00Z",
    "note": None,
    "lines": [
        {"line": 1, "sku": "VIT-1", "quantity": "10", "price": "0.1250"},
        {"line": 2, "sku": "TAS-2", "quantity": "3", "price": "4"},
    ],
}


class Known:
    """Bindings of one target."""

    def __init__(self, **customers: str) -> None:
        self.customers = customers

    def find(self, entity: str, keys: Sequence[str]) -> Mapping[str, str]:
        held = {f"shop-{name}": code for name, code in self.customers.items()}
        return {key: held[key] for key in keys if entity == "customer" and key in held}


def scope(**customers: str) -> Scope:
    body = json.dumps(ORDER).encode()
    message = Message("m-1", 1, "orders", "order", "17", Op.UPSERT, body)
    return Scope(message, Known(**customers))


def rendered(tree: Any) -> Any:
    return Template(tree).render(scope(**{"9": "C0042"}))


def test_a_leaf_that_is_one_expression_keeps_its_type() -> None:
    assert rendered("{{ record.lines[0].price | decimal }}") == Decimal("0.1250")
    assert rendered({"note": "{{ record.note }}"}) == {"note": None}


def test_expressions_stand_among_text_and_null_is_nothing() -> None:
    assert rendered("Web {{ record.number }}{{ record.note }}/{{ version }}") == "Web W-17/1"


def test_a_list_is_made_of_another_one() -> None:
    tree = {"each": "{{ record.lines }}", "make": {"n": "{{ number }}", "sku": "{{ item.sku }}"}}
    assert rendered({"rows": tree})["rows"] == [{"n": 1, "sku": "VIT-1"}, {"n": 2, "sku": "TAS-2"}]


def test_dates_are_written_as_the_other_side_wants_them() -> None:
    assert rendered("{{ record.placed_at | format_date('CYYMMDD') }}") == "1261122"
    assert rendered("{{ record.placed_at | format_date('%Y%m%d', 'Europe/Rome') }}") == "20261123"


def test_another_record_is_named_by_its_id_on_the_other_side() -> None:
    assert rendered("{{ record.customer | reference('customer') }}") == "C0042"


def test_a_template_waits_for_a_record_that_has_no_id_yet() -> None:
    template = Template("C-{{ record.customer | reference('customer') }}")
    with pytest.raises(NotThereYet, match="customer shop-9"):
        template.render(scope())


def test_the_reason_is_the_missing_id_and_not_what_it_breaks() -> None:
    template = Template("{{ (record.customer | reference('customer')) | integer }}")
    with pytest.raises(NotThereYet):
        template.render(scope())


def test_a_field_that_the_record_lacks_is_refused_by_name() -> None:
    with pytest.raises(Rejected, match="totale") as refused:
        rendered("{{ record.totale }}")
    assert refused.value.code == "SA-5007"


def test_an_unknown_name_is_found_before_anything_runs() -> None:
    with pytest.raises(Invalid, match='"row" is unknown; there are found, id, item, key'):
        Template("{{ row.CODART }}")


def test_each_element_gives_its_names() -> None:
    found = list(elements(Template("{{ record.lines }}"), scope()))
    assert [(names["number"], names["item"]["sku"]) for names in found] == [
        (1, "VIT-1"),
        (2, "TAS-2"),
    ]


def test_a_mapping_refers_to_no_ids_of_a_target() -> None:
    from agent.mapping.expressions import Expression  # noqa: PLC0415

    with pytest.raises(Invalid, match="belongs into a target's template"):
        Expression("row.C | reference('customer')")
