"""What a log line may hold: no secret, and nothing that tells of a person.

The rule for personal data, which tests hold:

1. A field whose name says that it is personal (`email`, `street`, `vat_number` …) is left out.
2. In every text, what has the form of an e-mail address, a VAT number, an Italian tax code, an IBAN
   or an international telephone number is replaced by its kind: `[e-mail]`.
3. In lines about records of people and companies (`PERSONAL_ENTITIES`) every quoted value is
   replaced as well, for names and addresses have no form.

The store keeps the whole reason: `syncagent outbox show` tells it to whoever may ask.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agent.entities import PERSONAL_ENTITIES
from agent.secrets import Secret

REDACTED = "***"
PERSONAL = "[personal]"
VALUE = '"[value]"'

PERSONAL_FIELDS = frozenset(
    {
        "email", "certified_email", "pec", "phone", "mobile", "fax", "street", "city",
        "postal_code", "billing_address", "shipping_address", "addresses", "vat_number", "tax_code",
        "iban", "first_name", "last_name", "full_name", "company", "customer_name",
    }
)  # fmt: skip
"""Names of fields that are never written."""

_SECRET_NAME = re.compile(r"passw|pwd|secret|token|authorization|api_?key|cookie", re.IGNORECASE)
_SECRET_IN_TEXT = re.compile(
    r"(?P<name>passw\w*|pwd|secret\w*|\w{0,40}token|authorization|api[_-]?key)"
    r"(?P<mark>[\"']?\s*[=:]\s*)"
    r"(?P<value>(?:bearer|basic)\s+[^\s;,\"']+|\{[^}]*\}|\"[^\"]*\"|'[^']*'|[^\s;,&\"']+)",
    re.IGNORECASE,
)
_PERSONAL_FORMS = (
    ("[e-mail]", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    ("[tax code]", re.compile(r"\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b", re.IGNORECASE)),
    (
        "[VAT number]",
        re.compile(
            r"\b(?:ATU\d{8}|BE[01]\d{9}|DE\d{9}|ES[A-Z0-9]\d{7}[A-Z0-9]|FR[A-Z0-9]{2}\d{9}"
            r"|IT\d{11}|NL\d{9}B\d{2}|PL\d{10}|PT\d{9}|RO\d{2,10}|SI\d{8}|GB\d{9})\b"
            r"|(?<=[Pp]artita IVA )\d{11}\b|(?<=P\.IVA )\d{11}\b"
        ),
    ),
    (
        "[telephone]",
        re.compile(r"(?<![\w+])\+\d{1,3}[ /.-]?(?:\(?\d{1,4}\)?[ /.-]?){2,5}\d{2,4}\b"),
    ),
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_QUOTED = re.compile(r'(?P<named>field "[^"]*")|"[^"]*"')


def redact(_logger: object, _method: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """A line as it may be written; a processor of structlog."""
    about_people = event.get("entity") in PERSONAL_ENTITIES
    return {name: redacted(value, name, about_people=about_people) for name, value in event.items()}


def redacted(value: Any, name: str = "", *, about_people: bool = False) -> Any:
    """The value as it may be shown to people; `name` is the field that holds it."""
    if isinstance(value, Secret):
        return value.reference
    if name and _SECRET_NAME.search(name):
        return REDACTED
    if name in PERSONAL_FIELDS:
        return PERSONAL
    if isinstance(value, str):
        return _told(value, about_people=about_people)
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, Mapping):
        return {
            key: redacted(item, str(key), about_people=about_people) for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [redacted(item, about_people=about_people) for item in value]
    if isinstance(value, BaseException):
        return redacted(str(value), about_people=about_people)
    return value


def _told(text: str, *, about_people: bool) -> str:
    told = _SECRET_IN_TEXT.sub(rf"\g<name>\g<mark>{REDACTED}", text)
    for kind, form in _PERSONAL_FORMS:
        told = form.sub(kind, told)
    told = _IBAN.sub(_without_iban, told)
    return _QUOTED.sub(lambda found: found["named"] or VALUE, told) if about_people else told


def _without_iban(found: re.Match[str]) -> str:
    """An account number carries a check: a code of an article that looks like one stays."""
    text = found[0].replace(" ", "")
    number = "".join(str(int(each, 36)) for each in text[4:] + text[:4])
    return "[IBAN]" if len(text) >= 15 and int(number) % 97 == 1 else found[0]
