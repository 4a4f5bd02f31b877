# ruff: noqa: DTZ001 - drivers give dates without a time zone
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from agent.errors import Misconfigured, Rejected

Take = Callable[..., Any]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("00123", "00123"),
        ("ABC       ", "ABC"),
        ("  à è ì ò ù — €  ", "à è ì ò ù — €"),
        ("🔩 vite", "🔩 vite"),
        ("", None),
        ("   ", None),
        (None, None),
        (7, "7"),
        (-(2**62), str(-(2**62))),
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+3"), "1000"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (1e20, "100000000000000000000"),
        (True, "true"),
        (date(2026, 11, 21), "2026-11-21"),
        (datetime(2026, 11, 21, 10, 0, 5, 123456), "2026-11-21T10:00:05.123456"),
        ('say "hi"\n', 'say "hi"'),
    ],
)
def test_a_text_is_the_canonical_text_of_what_the_driver_gave(
    take: Take, value: object, expected: object
) -> None:
    assert take(value) == expected


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")]
)
@pytest.mark.parametrize("kind", ["text", "decimal", "integer"])
def test_a_number_that_is_not_finite_is_refused(take: Take, value: object, kind: str) -> None:
    with pytest.raises(Rejected, match="is not a finite number") as caught:
        take(value, type=kind)
    assert caught.value.code == "SA-3102"


def test_blanks_stay_where_trim_is_off(take: Take) -> None:
    assert take(" A ", trim="false") == " A "


def test_letters_change_case_as_declared(take: Take) -> None:
    assert take("Perù", case="upper") == "PERÙ"
    assert take("PERÙ", case="lower") == "perù"


def test_bytes_are_text_only_with_a_declared_code_page(take: Take) -> None:
    assert take("Caffè  ".encode("cp1140"), encoding="cp1140") == "Caffè"
    with pytest.raises(Rejected, match="is binary, not text") as caught:
        take(b"Caff\xe8")
    assert caught.value.hint == "declare its code page: encoding"


def test_bytes_of_another_code_page_are_refused(take: Take) -> None:
    with pytest.raises(Rejected, match="is not utf-8 text") as caught:
        take(b"Caff\xe8", encoding="utf-8")
    assert caught.value.code == "SA-3106"


def test_a_code_page_that_python_lacks_is_found_before_anything_runs(take: Take) -> None:
    with pytest.raises(Misconfigured, match='"cp838" is not a code page we have'):
        take(b"", encoding="cp838")


@pytest.mark.parametrize(
    ("value", "options", "code", "rule"),
    [
        ("AB", {"min_length": "3"}, "SA-3109", "has 2 characters, at least 3 are needed"),
        ("ABCD", {"max_length": "3"}, "SA-3109", "has 4 characters, at most 3 are allowed"),
        ("12a", {"pattern": "[0-9]{3}"}, "SA-3110", r"does not match the pattern [0-9]{3}"),
        ("1234", {"pattern": "[0-9]{3}"}, "SA-3110", r"does not match the pattern [0-9]{3}"),
        ("", {"required": "true"}, "SA-3101", "is empty, a value is required"),
        ("N/D", {"null_values": "N/D", "required": "true"}, "SA-3101", "is empty"),
        ("X", {"values": {"A": "active"}}, "SA-3107", "is not in the table of values"),
        ("maybe", {"type": "boolean"}, "SA-3104", "is neither true (true, 1) nor false (false, 0)"),
        ("{", {"type": "json"}, "SA-3112", "is not JSON"),
        ("[1]", {"type": "object"}, "SA-3112", "is not a JSON object"),
    ],
)
def test_a_refusal_names_field_value_and_rule(
    take: Take, value: object, options: dict[str, Any], code: str, rule: str
) -> None:
    with pytest.raises(Rejected) as caught:
        take(value, **options)
    assert caught.value.code == code
    assert caught.value.reason.startswith(f'field "attributes.x": "{value}" ')
    assert rule in caught.value.reason


def test_a_long_value_is_cut_in_the_reason(take: Take) -> None:
    with pytest.raises(Rejected) as caught:
        take("x" * 500, max_length="100")
    assert caught.value.reason == (
        f'field "attributes.x": "{"x" * 80}…" has 500 characters, at most 100 are allowed'
    )


@pytest.mark.parametrize("kind", ["text", "decimal", "date", "json", "boolean"])
def test_a_cell_of_ten_megabytes_is_refused(take: Take, kind: str) -> None:
    with pytest.raises(Rejected, match="has 10000000 characters") as caught:
        take("7" * 10_000_000, type=kind)
    assert caught.value.code == "SA-3111"
    assert len(caught.value.reason) < 300


def test_half_a_surrogate_pair_is_refused(take: Take) -> None:
    with pytest.raises(Rejected, match="is not valid Unicode") as caught:
        take("vite \ud83d")
    assert caught.value.code == "SA-3106"
    assert caught.value.reason.isascii()


@pytest.mark.parametrize(
    ("value", "expected"),
    [("S", True), ("s ", True), ("N", False), (True, True), ("", None)],
)
def test_declared_words_mean_true_and_false(take: Take, value: object, expected: object) -> None:
    assert take(value, type="boolean", true="S", false=["N", "X"]) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, True), (0, False), (Decimal(1), True), ("true", True), (b"\x01", True), (b"\x00", False)],
)
def test_without_declared_words_only_the_plain_ones_count(
    take: Take, value: object, expected: object
) -> None:
    assert take(value, type="boolean") is expected


def test_once_words_are_declared_the_plain_ones_no_longer_count(take: Take) -> None:
    with pytest.raises(Rejected, match="is neither true"):
        take("1", type="boolean", true="S", false="N")


def test_a_word_cannot_mean_both(take: Take) -> None:
    with pytest.raises(Misconfigured, match='"x" means true and false'):
        take("x", type="boolean", true="x", false="X")


@pytest.mark.parametrize("value", [0, Decimal("0.00"), "0", 0.0])
def test_a_null_value_is_known_in_every_form_that_a_driver_may_give(
    take: Take, value: object
) -> None:
    assert take(value, type="decimal", null_values=["0"]) is None


def test_an_empty_value_becomes_the_default(take: Take) -> None:
    assert take("", default="PZ") == "PZ"
    assert take(None, type="decimal", scale="2", default="1") == "1.00"
    assert take("N/D", null_values="N/D", default="n") == "n"


def test_a_default_of_the_wrong_type_is_found_before_anything_runs(take: Take) -> None:
    with pytest.raises(Misconfigured, match='default: "no" is not a decimal number'):
        take("1", type="decimal", default="no")


def test_values_are_replaced_before_they_are_typed(take: Take) -> None:
    table = {"1": "true", "2": "false", "9": ""}
    assert take("1", type="boolean", values=table) is True
    assert take(Decimal(2), type="boolean", values=table) is False
    assert take("9", type="boolean", values=table) is None
    assert take("7", type="boolean", values=table, values_default="false") is False


def test_an_empty_replacement_is_refused_where_a_value_is_required(take: Take) -> None:
    with pytest.raises(Rejected, match="is empty, a value is required"):
        take("9", values={"9": ""}, required="true")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a; b ;;c", ["a", "b", "c"]),
        (["a", None, 7], ["a", "7"]),
        ("", None),
        ("a", ["a"]),
    ],
)
def test_a_list_of_texts_leaves_out_what_is_empty(
    take: Take, value: object, expected: object
) -> None:
    assert take(value, type="list", separator=";") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('{"a": 1.10, "b": [true, null]}', {"a": "1.10", "b": [True, None]}),
        ({"a": Decimal("1.50"), "d": date(2026, 1, 2)}, {"a": "1.50", "d": "2026-01-02"}),
        ("[1e2]", ["1e2"]),
    ],
)
def test_fractions_inside_json_become_text(take: Take, value: object, expected: object) -> None:
    assert take(value, type="json") == expected


@pytest.mark.parametrize("value", ["NaN", "[Infinity]", "{'a': 1}", '{"a":1} x', "[" * 5000])
def test_what_is_not_json_is_refused(take: Take, value: object) -> None:
    with pytest.raises(Rejected) as caught:
        take(value, type="json")
    assert caught.value.code == "SA-3112"


def test_a_nan_inside_a_drivers_structure_is_refused(take: Take) -> None:
    with pytest.raises(Rejected, match="is not a finite number"):
        take({"a": [float("nan")]}, type="json")
