"""Texts that can be checked by themselves: what a field's `check:` names.

Each check is a function from a text to the same in its one form; it raises `Refused`. Two spellings
of one number become equal, so that a customer is found by it on the other side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from agent.mapping.refusal import Refused
from agent.mapping.tax_numbers import partita_iva, tax_code, vat_number

CheckName: TypeAlias = Literal["vat_number", "partita_iva", "tax_code", "email", "gtin", "iban"]

_LONGEST_ADDRESS, _LONGEST_LOCAL_PART = 254, 64  # RFC 5321
_LOCAL_PART = re.compile(r"[^\s@,;:<>()\[\]\"\\.]+(\.[^\s@,;:<>()\[\]\"\\.]+)*")
_DOMAIN = re.compile(r"([^\W_]([\w-]{0,61}[^\W_])?\.)+([^\W\d_]{2,63}|xn--[a-z0-9-]{2,59})")


def email(text: str) -> str:
    """One address that could exist; its domain in small letters."""
    local, _, domain = text.strip().rpartition("@")
    domain = domain.lower()
    sound = (
        len(local) <= _LONGEST_LOCAL_PART
        and len(local) + 1 + len(domain) <= _LONGEST_ADDRESS
        and _LOCAL_PART.fullmatch(local)
        and _DOMAIN.fullmatch(domain)
    )
    if not sound:
        raise Refused("SA-3114", "is not one e-mail address")
    return f"{local}@{domain}"


def gtin(text: str) -> str:
    """A GTIN (EAN, UPC) of 8, 12, 13 or 14 digits; zeros in front stay as they are."""
    number = re.sub(r"[\s-]+", "", text)
    if not re.fullmatch(r"\d{8}|\d{12,14}", number, re.ASCII):
        raise Refused("SA-3114", "is no GTIN: 8, 12, 13 or 14 digits are needed")
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(number[-2::-1]))
    expected = str(-total % 10)
    if number[-1] != expected:
        raise Refused("SA-3115", f"is no GTIN: its last digit would have to be {expected}")
    return number


def iban(text: str) -> str:
    """An IBAN without blanks (ISO 13616)."""
    number = re.sub(r"[\s-]+", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", number, re.ASCII):
        raise Refused("SA-3114", "does not have the form of an IBAN")
    as_number = int("".join(str(int(char, 36)) for char in number[4:] + number[:4]))
    if as_number % 97 != 1:
        raise Refused("SA-3115", "is no IBAN: its check digits do not fit")
    return number


CHECKS: Mapping[CheckName, Callable[[str], str]] = {
    "vat_number": vat_number,
    "partita_iva": partita_iva,
    "tax_code": tax_code,
    "email": email,
    "gtin": gtin,
    "iban": iban,
}
"""Name in the configuration → check."""
