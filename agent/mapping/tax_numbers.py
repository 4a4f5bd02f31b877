"""Numbers by which a tax office knows somebody: checked, and brought into one form.

Italian numbers by their check digits; those of other countries by their form, as the European
Commission's VIES describes it (https://ec.europa.eu/taxation_customs/vies, question 11).
"""

from __future__ import annotations

import re

from agent.mapping.refusal import Refused

_SEPARATORS = re.compile(r"[\s./_-]+")

_VAT_FORMS = {
    country: re.compile(form)
    for country, form in {
        "AT": r"U\d{8}",
        "BE": r"[01]\d{9}",
        "BG": r"\d{9,10}",
        "CH": r"E\d{9}(MWST|TVA|IVA)?",
        "CY": r"\d{8}[A-Z]",
        "CZ": r"\d{8,10}",
        "DE": r"[1-9]\d{8}",
        "DK": r"\d{8}",
        "EE": r"\d{9}",
        "EL": r"\d{9}",
        "ES": r"[A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z]",
        "FI": r"\d{8}",
        "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
        "GB": r"\d{9}|\d{12}|GD\d{3}|HA\d{3}",
        "HR": r"\d{11}",
        "HU": r"\d{8}",
        "IE": r"\d{7}[A-Z]{1,2}|\d[A-Z+*]\d{5}[A-Z]",
        "IT": r"\d{11}",
        "LT": r"\d{9}|\d{12}",
        "LU": r"\d{8}",
        "LV": r"\d{11}",
        "MT": r"\d{8}",
        "NL": r"\d{9}B\d{2}",
        "PL": r"\d{10}",
        "PT": r"\d{9}",
        "RO": r"\d{2,10}",
        "SE": r"\d{12}",
        "SI": r"\d{8}",
        "SK": r"\d{10}",
        "SM": r"\d{5}",
        "XI": r"\d{9}|\d{12}|GD\d{3}|HA\d{3}",
    }.items()
}
"""The European Union, Northern Ireland, and the neighbours Switzerland, Great Britain, San Marino.
"""

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

_DIGIT = "[0-9LMNPQRSTUV]"
_PERSON = re.compile(
    rf"[A-Z]{{6}}{_DIGIT}{{2}}[ABCDEHLMPRST]({_DIGIT}{{2}})[A-Z]{_DIGIT}{{3}}[A-Z]", re.ASCII
)
_SHARED = str.maketrans("LMNPQRSTUV", "0123456789")
"""The letters that stand for digits where two people would have the same code (omocodia)."""

_AT_ODD_PLACES = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21),
            *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21),
            *(2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        ),
        strict=True,
    )
)
_AT_EVEN_PLACES = {char: int(char, 36) - (10 if char > "9" else 0) for char in _AT_ODD_PLACES}
"""What a character counts, by the decree of 23 December 1976."""


def partita_iva(text: str) -> str:
    """The 11 digits of an Italian VAT number, without country."""
    number = _bare(text).removeprefix("IT")
    if not re.fullmatch(r"\d{11}", number, re.ASCII) or number.startswith("0000000"):
        raise Refused("SA-3114", "is no partita IVA: 11 digits are needed")
    expected = _luhn_digit(number[:-1])
    if number[-1] != expected:
        raise Refused("SA-3115", f"is no partita IVA: its last digit would have to be {expected}")
    return number


def vat_number(text: str) -> str:
    """A VAT number behind its country, as VIES writes it; one without a country is Italian."""
    number = _bare(text)
    if number[:1].isdigit():
        number = f"IT{number}"
    number = re.sub("^GR", "EL", number)
    country = number[:2]
    form = _VAT_FORMS.get(country)
    if form is None:
        raise Refused(
            "SA-3114",
            "does not begin with a country whose VAT numbers are known here",
            f"known are {', '.join(_VAT_FORMS)}",
        )
    if country == "IT":
        return f"IT{partita_iva(number)}"
    if not form.fullmatch(number[2:]) or not number.isascii():
        raise Refused("SA-3114", f"does not have the form of a VAT number of {country}")
    return number


def tax_code(text: str) -> str:
    """An Italian codice fiscale: 16 characters, or 11 digits (companies, provisional codes)."""
    code = _bare(text)
    if code.isdigit():
        try:
            return partita_iva(code)
        except Refused as refusal:
            rule = refusal.rule.replace("partita IVA", "codice fiscale")
            raise Refused(refusal.code, rule) from None
    found = _PERSON.fullmatch(code)
    day = int(found[1].translate(_SHARED)) if found else 0
    if not (1 <= day <= 31 or 41 <= day <= 71):  # women's days have 40 added
        raise Refused("SA-3114", "does not have the form of a codice fiscale")
    expected = _check_character(code[:-1])
    if code[-1] != expected:
        raise Refused(
            "SA-3115", f"is no codice fiscale: its last character would have to be {expected}"
        )
    return code


def _bare(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


def _luhn_digit(digits: str) -> str:
    """What follows ten digits: from the left, every second one is doubled."""
    total = sum(
        _DOUBLED[int(digit)] if place % 2 else int(digit) for place, digit in enumerate(digits)
    )
    return str(-total % 10)


def _check_character(characters: str) -> str:
    """Places are counted from one: the first character stands at an odd place."""
    total = sum(_AT_ODD_PLACES[char] for char in characters[::2])
    total += sum(_AT_EVEN_PLACES[char] for char in characters[1::2])
    return chr(ord("A") + total % 26)
