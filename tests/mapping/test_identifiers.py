"""VAT numbers, tax codes, addresses and article numbers: known ones, spellings, and slips."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.errors import Misconfigured, Rejected
from agent.mapping.identifiers import CHECKS, gtin, iban
from agent.mapping.refusal import Refused
from agent.mapping.tax_numbers import partita_iva, tax_code, vat_number

Take = Callable[..., Any]

SOUND = [
    # What is in use or published by tax offices, ISO 13616, GS1.
    ("vat_number", "IT00743110157", "IT00743110157"),
    ("vat_number", "00743110157", "IT00743110157"),
    ("vat_number", " it 007.431.101-57 ", "IT00743110157"),
    ("vat_number", "DE136695976", "DE136695976"),
    ("vat_number", "ATU 13585627", "ATU13585627"),
    ("vat_number", "FR 40 303 265 045", "FR40303265045"),
    ("vat_number", "GR094259216", "EL094259216"),
    ("vat_number", "NL004495445B01", "NL004495445B01"),
    ("vat_number", "CHE-107.787.577 IVA", "CHE107787577IVA"),
    ("vat_number", "IE6433435F", "IE6433435F"),
    ("vat_number", "SM 12345", "SM12345"),
    ("partita_iva", "IT12345670785", "12345670785"),
    ("partita_iva", "00743110157", "00743110157"),
    ("tax_code", "RSSMRA85T10A562S", "RSSMRA85T10A562S"),
    ("tax_code", "mrt mtt 91d08 f205 j", "MRTMTT91D08F205J"),
    ("tax_code", "RCCMNL83S18D969H", "RCCMNL83S18D969H"),
    ("tax_code", "00743110157", "00743110157"),
    ("email", "Acquisti@Rossi.Example.IT", "Acquisti@rossi.example.it"),
    ("email", "o'neill+web@società.it", "o'neill+web@società.it"),
    ("gtin", "4006381333931", "4006381333931"),
    ("gtin", "036000291452", "036000291452"),
    ("gtin", "9638-5074", "96385074"),
    ("gtin", "10614141000415", "10614141000415"),
    ("iban", "IT60 X054 2811 1010 0000 0123 456", "IT60X0542811101000000123456"),
    ("iban", "gb82west12345698765432", "GB82WEST12345698765432"),
]


@pytest.mark.parametrize(("check", "given", "expected"), SOUND)
def test_what_is_sound_comes_through_in_its_one_form(
    take: Take, check: str, given: str, expected: str
) -> None:
    assert take(given, check=check) == expected
    assert take(expected, check=check) == expected


@pytest.mark.parametrize(
    ("check", "given", "code", "reason"),
    [
        ("vat_number", "00743110158", "SA-3115", "its last digit would have to be 7"),
        ("vat_number", "IT0074311015", "SA-3114", "11 digits are needed"),
        ("vat_number", "00000000000", "SA-3114", "11 digits are needed"),
        ("vat_number", "TI00743110157", "SA-3114", "does not begin with a country"),
        ("vat_number", "DE1366959", "SA-3114", "form of a VAT number of DE"),
        ("vat_number", "DE13669597٦", "SA-3114", "form of a VAT number of DE"),
        ("vat_number", "privato", "SA-3114", "does not begin with a country"),
        ("tax_code", "RSSMRA85T10A562T", "SA-3115", "last character would have to be S"),
        ("tax_code", "RSSMRA85T32A562S", "SA-3114", "form of a codice fiscale"),
        ("tax_code", "RSSMRA85T10A562", "SA-3114", "form of a codice fiscale"),
        ("tax_code", "00743110158", "SA-3115", "is no codice fiscale"),
        ("email", "a@b@c.it", "SA-3114", "is not one e-mail address"),
        ("email", "a@b.it; c@d.it", "SA-3114", "is not one e-mail address"),
        ("email", "rossi.it", "SA-3114", "is not one e-mail address"),
        ("email", "rossi@localhost", "SA-3114", "is not one e-mail address"),
        ("email", "ros..si@example.it", "SA-3114", "is not one e-mail address"),
        ("email", f"{'a' * 65}@example.it", "SA-3114", "is not one e-mail address"),
        ("gtin", "4006381333932", "SA-3115", "its last digit would have to be 1"),
        ("gtin", "12345", "SA-3114", "8, 12, 13 or 14 digits are needed"),
        ("iban", "IT60X0542811101000000123457", "SA-3115", "check digits do not fit"),
        ("iban", "IT60", "SA-3114", "form of an IBAN"),
    ],
)
def test_a_slip_is_refused_with_field_value_and_rule(
    take: Take, check: str, given: str, code: str, reason: str
) -> None:
    with pytest.raises(Rejected, match=reason) as caught:
        take(given, check=check)
    assert caught.value.code == code
    assert caught.value.reason.startswith(f'field "attributes.x": "{given}" ')


def test_an_empty_value_is_no_wrong_one(take: Take) -> None:
    assert take("  ", check="vat_number") is None


def test_rules_hold_for_the_one_form(take: Take) -> None:
    assert take("IT 007 431 101 57", check="partita_iva", max_length="11") == "00743110157"


def test_a_check_means_nothing_for_a_number(take: Take) -> None:
    with pytest.raises(Misconfigured, match="means nothing for the type decimal"):
        take("1", type="decimal", check="gtin")


def completed(check: Callable[[str], str], beginning: str, endings: str) -> list[str]:
    """What the check lets through of a beginning and one more character."""
    return [beginning + end for end in endings if passes(check, beginning + end)]


def passes(check: Callable[[str], str], text: str) -> bool:
    try:
        check(text)
    except Refused:
        return False
    return True


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


@given(beginning=digits(10), place=st.integers(0, 10), other=st.sampled_from("0123456789"))
def test_every_wrong_digit_of_a_partita_iva_is_found(
    beginning: str, place: int, other: str
) -> None:
    assume(not beginning.startswith("0000000"))
    (sound,) = completed(partita_iva, beginning, "0123456789")
    assume(other != sound[place])
    wrong = sound[:place] + other + sound[place + 1 :]
    assert not passes(partita_iva, wrong)
    assert not passes(vat_number, f"IT{wrong}")
    assert not passes(tax_code, wrong)


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMERALS = "0123456789LMNPQRSTUV"
PERSON = st.tuples(
    st.text(LETTERS, min_size=6, max_size=6),
    st.text(NUMERALS, min_size=2, max_size=2),
    st.sampled_from("ABCDEHLMPRST"),
    st.sampled_from(["01", "31", "41", "71", "LM", "4M", "T1"]),
    st.sampled_from(LETTERS),
    st.text(NUMERALS, min_size=3, max_size=3),
).map("".join)


@given(beginning=PERSON, place=st.integers(0, 15), other=st.sampled_from("0123456789" + LETTERS))
def test_every_wrong_character_of_a_codice_fiscale_is_found(
    beginning: str, place: int, other: str
) -> None:
    (sound,) = completed(tax_code, beginning, LETTERS)
    assume(other != sound[place])
    assert not passes(tax_code, sound[:place] + other + sound[place + 1 :])


@given(
    beginning=st.one_of(digits(7), digits(11), digits(12), digits(13)),
    place=st.integers(0, 13),
    other=st.sampled_from("0123456789"),
)
def test_every_wrong_digit_of_a_gtin_is_found(beginning: str, place: int, other: str) -> None:
    (sound,) = completed(gtin, beginning, "0123456789")
    assume(place < len(sound))
    assume(other != sound[place])
    assert not passes(gtin, sound[:place] + other + sound[place + 1 :])


@given(account=digits(12), place=st.integers(2, 26), other=st.sampled_from("0123456789"))
def test_every_wrong_digit_of_an_iban_is_found(account: str, place: int, other: str) -> None:
    body = f"X0542811101{account}"
    (sound,) = [each for check in range(2, 99) if passes(iban, each := f"IT{check:02}{body}")]
    assume(sound[place].isdigit())
    assume(other != sound[place])
    assert not passes(iban, sound[:place] + other + sound[place + 1 :])


@given(text=st.text(), name=st.sampled_from(sorted(CHECKS)))
def test_any_text_is_refused_or_comes_through_the_same_twice(text: str, name: str) -> None:
    check = CHECKS[name]  # type: ignore[index]  # one of its own keys
    try:
        once = check(text)
    except Refused:
        return
    assert check(once) == once
