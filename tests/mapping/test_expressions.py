from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mapping.expressions import Expression
from agent.mapping.problem import Invalid
from agent.mapping.refusal import Refused

ROW: dict[str, Any] = {
    "COD": "AB-00123",
    "QTA": "12",
    "PREZZO": Decimal("10.00"),
    "IVA": 22,
    "PESO": 0.1,
    "DATA": date(2026, 11, 21),
    "NUM": 1261121,
    "NOTE": None,
    "values": "a column called values",
    "SCAGLIONI": "10=9.50;50=9.10",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("row.COD", "AB-00123"),
        ("row['COD'][:2]", "AB"),
        ("row.COD.split('-')[1]", "00123"),
        ("row.COD.startswith('AB')", True),
        ("row.COD | lower | replace('-', '/')", "ab/00123"),
        ("row.PREZZO * 1.22", Decimal("12.2000")),
        ("row.PREZZO * (1 + row.IVA / 100)", Decimal("12.2000")),
        ("0.1 + 0.2 == 0.3", True),
        ("row.PESO == 0.1", True),
        ("row.PESO * 3 == 0.3", True),
        ("-1.5 + row.PREZZO", Decimal("8.50")),
        ("(row.PREZZO / 3) | round(2)", Decimal("3.33")),
        ("2.345 | round(2)", Decimal("2.35")),
        ("row.QTA | integer + 1", 13),
        ("'1.234,50' | decimal(',', '.')", Decimal("1234.5")),
        ("[row.PREZZO, 2.5] | sum", Decimal("12.5")),
        ("row.NOTE | default('-', true)", "-"),
        ("row.NOTE is none", True),
        ("row.DATA.year", 2026),
        ("row.DATA | text", "2026-11-21"),
        ("row.NUM | date('CYYMMDD') ~ 'T' ~ 93000 | time('HHMMSS')", "2026-11-21T09:30:00"),
        ("['a', none, 'b'] | join(', ')", "a, b"),
        ("row.values", "a column called values"),
        ("'si' if row.IVA > 20 else 'no'", "si"),
        ("'si' if row.IVA > 30", None),
        ("2 ** -1", Decimal("0.5")),
        ("{'a': row.COD}", {"a": "AB-00123"}),
        ("row.SCAGLIONI.split(';') | map('upper') | list", ["10=9.50", "50=9.10"]),
    ],
)
def test_an_expression_computes_exactly(source: str, expected: object) -> None:
    assert Expression(source)(ROW) == expected


@pytest.mark.parametrize(
    ("source", "columns"),
    [
        ("row.A ~ row['B'] | default(row.C)", {"A", "B", "C"}),
        ("row.A", {"A"}),
        ("value * 2", set()),
        ("'x' if row.A else row.B", {"A", "B"}),
        ("row.A[row.B]", {"A", "B"}),
        ("row[row.A]", None),
        ("row", None),
        ("row | length", None),
    ],
)
def test_the_columns_that_an_expression_reads_are_known(
    source: str, columns: set[str] | None
) -> None:
    assert Expression(source).columns == (None if columns is None else frozenset(columns))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("row.A +", "cannot be read"),
        ("row.A row.B", '"row" was not expected'),
        ("COD", "write row.COD for a column"),
        ("range(10)", '"range" is unknown'),
        ("self.x", '"self" is unknown'),
        ("row.A | tojson", "No filter named 'tojson'"),
        ("row.A | attr('__class__')", "No filter named 'attr'"),
        ("row.A | center(1000)", "No filter named 'center'"),
        ("{{ row.A }}", "cannot be read"),
        ("(" * 3000, "cannot be read"),
        ("1 + " * 2000 + "1", "longer than 4096 characters"),
    ],
)
def test_what_is_no_expression_is_found_before_anything_runs(source: str, text: str) -> None:
    with pytest.raises(Invalid, match="cannot be read") as caught:
        Expression(source)
    assert caught.value.code == "SA-3005"
    assert text in caught.value.text


@pytest.mark.parametrize(
    "source",
    [
        "row.COD.__class__",
        "row.COD['__class__']",
        "''.__class__.__mro__",
        "row.__class__",
        "row.clear()",
        "row.items()",
        "row.COD.format(1)",
        "row.COD.format_map(row)",
        "'{0.__class__}'.format(row)",
        "row.COD.encode('utf-8')",
        "row.COD.upper.__self__",
        "row.COD.ljust(10)",
        "row.DATA.__reduce__()",
        "row.PREZZO.as_tuple()",
        "(1).__class__",
        "[].append(1)",
        "[row.COD] | map(attribute='__class__') | join",
        "'%s' % row.COD",
        "'%1000000000d' % 1",
        "'a' * 1000000000",
        "1000000000 * 'a'",
        "['a'] * 1000000000",
        "'a' * 1000 * 1000 * 1000",
        "2 ** 1000000000",
        "10 ** 60 ** 60 ** 60",
        "('a' * 1000000) | replace('a', 'b' * 1000)",
        "(('a ' * 100000).split()) | join('b' * 1000)",
    ],
)
def test_nothing_leads_out_of_the_sandbox_or_eats_the_machine(source: str) -> None:
    with pytest.raises(Refused) as caught:
        Expression(source)(ROW)
    assert caught.value.code in {"SA-3201", "SA-3202"}


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("row.MISSING", "'dict object' has no attribute 'MISSING'"),
        ("row.MISSING ~ 'x'", "has no attribute 'MISSING'"),
        ("row.NOTE * 2", "unsupported operand"),
        ("row.QTA > 5", "not supported between instances of 'str' and 'int'"),
        ("row.QTA - row.QTA", "a text becomes a number by: row.COLUMN | decimal"),
        ("row.PREZZO / 0", "cannot be evaluated"),
        ("row.COD | decimal", "a value is not a decimal number"),
        ("row.COD[99]", "cannot be evaluated"),
    ],
)
def test_an_expression_that_fails_says_why_and_shows_itself(source: str, rule: str) -> None:
    with pytest.raises(Refused) as caught:
        Expression(source)(ROW)
    assert caught.value.code == "SA-3201"
    assert rule in caught.value.rule
    assert caught.value.value == source


@pytest.mark.parametrize("source", ["row.COD", "row.NOTE", "1", "row.IVA and row.COD"])
def test_a_condition_must_give_true_or_false(source: str) -> None:
    with pytest.raises(Refused, match="not true or false"):
        Expression(source).truth(ROW)


def test_an_expression_cannot_change_the_row() -> None:
    row = {"L": ["a"]}
    for source in ("row.L.append('b')", "row.L.clear()", "row.update({'L': 1})"):
        with pytest.raises(Refused):
            Expression(source)(row)
    assert row == {"L": ["a"]}


@given(value=st.text(max_size=40))
def test_a_value_is_never_read_as_an_expression(value: object) -> None:
    assert Expression("row.A ~ value")({"A": value}, value) == value + value
