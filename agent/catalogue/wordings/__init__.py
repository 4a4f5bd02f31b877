"""Reasons that we word ourselves, in every language; what other systems say stays as they said it.

Reasons are kept in English, values and all. Where one is shown it is recognised by the wordings of
its code, and told in the language of whoever reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from agent.catalogue.wordings import (
    alerts,
    delivery,
    documents,
    flows,
    mapping,
    orders,
    reaching,
    requests,
    shops,
)
from agent.catalogue.wordings.wording import Wordings
from agent.language import MOMENTS, Language

Label = Callable[[str], str]
"""What people call a field, from its name."""

_RULES = {code: Wordings(texts, rules=True) for code, texts in mapping.RULES.items()}
_HINTED = {
    code: Wordings(texts, hinted=True)
    for room in (documents, shops)
    for code, texts in room.HINTED.items()
}
_REASONS = {
    code: Wordings(texts)
    for room in (mapping, orders, flows, delivery, reaching, shops, alerts, requests)
    for code, texts in room.REASONS.items()
}
_WORDINGS = _RULES | _HINTED | _REASONS
_PLACES = {
    place: Wordings(texts)
    for room in (mapping, orders, flows, delivery, documents, shops, requests)
    for place, texts in room.PLACES.items()
}
_CODE = re.compile(r"(SA-\d{4}) (.+)", re.DOTALL)
_BETWEEN = (", ", "; ")
"""Stand between reasons where there are several."""


def worded(language: Language, code: str, reason: str, label: Label = str) -> str:
    """A reason in that language, as it is where it is not ours.

    `code`: the code behind which it stands; "" where it has none, or begins with it.
    """
    if language == "en":
        return reason
    coded = _CODE.fullmatch(reason)
    if coded:
        return f"{coded[1]} {worded(language, coded[1], coded[2], label)}"
    wordings = _WORDINGS.get(code)
    return (wordings and _told(wordings, language, reason, label)) or reason


def _told(wordings: Wordings, language: Language, reason: str, label: Label) -> str | None:
    """The reason, or each of several."""

    def tell(place: str, value: str) -> str:
        if place in _PLACES:
            return _told(_PLACES[place], language, value, label) or value
        return _VALUES[place](language, value, label) if place in _VALUES else value

    for between in _BETWEEN:
        parts = [wordings.told(language, part, tell) for part in reason.split(between)]
        told = [part for part in parts if part is not None]
        if len(told) == len(parts) > 1:
            return between.join(told)
    return wordings.told(language, reason, tell)


def _field(_: Language, value: str, label: Label) -> str:
    return label(value)


def _amount(_: Language, value: str, __: Label) -> str:
    """12.50 as 12,50."""
    return value.translate(str.maketrans(",.", ".,"))


def _moment(language: Language, value: str, _: Label) -> str:
    try:
        return f"{datetime.fromisoformat(value).strftime(MOMENTS[language])} UTC"
    except ValueError:
        return value


def _rule(language: Language, value: str, label: Label) -> str:
    """A rule behind a code of its own."""
    told = (_told(each, language, value, label) for each in _RULES.values())
    return next(filter(None, told), value)


def _coded(language: Language, value: str, label: Label) -> str:
    """A reason with its code in front."""
    return worded(language, "", value, label)


_VALUES: Mapping[str, Callable[[Language, str, Label], str]] = {
    "field": _field,
    "stated": _amount,
    "due": _amount,
    "off": _amount,
    "price": _amount,
    "quantity": _amount,
    "discount": _amount,
    "count": _amount,
    "records": _amount,
    "moment": _moment,
    "until": _moment,
    "rule": _rule,
    "example": _rule,
    "reason": _coded,
}
"""How a value is written in a place."""

__all__ = ["Label", "worded"]
