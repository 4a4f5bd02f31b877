"""Reasons that we word ourselves, in every language; what other systems say stays as they said it.

Reasons are kept in English, values and all. Where one is shown it is recognised by the wordings of
its code, and told in the language of whoever reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from agent.catalogue.fields import label
from agent.catalogue.wordings import (
    alerts,
    contents,
    databases,
    delivery,
    documents,
    files,
    flows,
    handing_over,
    mapping,
    odoo,
    orders,
    reaching,
    requests,
    services,
    shops,
    tables,
)
from agent.catalogue.wordings.wording import Wordings
from agent.language import MOMENTS, Language, Text

ROOMS = (
    mapping,
    orders,
    flows,
    delivery,
    reaching,
    files,
    tables,
    contents,
    databases,
    services,
    handing_over,
    documents,
    odoo,
    shops,
    alerts,
    requests,
)
"""Each has some of these: RULES, HINTED and REASONS by code, PLACES by name."""


def _table(name: str) -> dict[str, tuple[Text, ...]]:
    return {key: texts for room in ROOMS for key, texts in getattr(room, name, {}).items()}


_RULES = {code: Wordings(texts, rules=True) for code, texts in _table("RULES").items()}
_HINTED = {code: Wordings(texts, hinted=True) for code, texts in _table("HINTED").items()}
_REASONS = {code: Wordings(texts) for code, texts in _table("REASONS").items()}
_WORDINGS = _RULES | _HINTED | _REASONS
_PLACES = {place: Wordings(texts) for place, texts in _table("PLACES").items()}
_CODE = re.compile(r"(SA-\d{4}) (.+)", re.DOTALL)
_LONGEST = 2000
"""Characters; we are shorter."""
_BETWEEN = (", ", "; ")
"""Stand between reasons where there are several."""
_LOOKING = ("SA-5007", "SA-5329", "SA-5340", "SA-5341", "SA-5345")
"""Codes behind which nobody can say whether a record is there."""


def worded(language: Language, code: str, reason: str) -> str:
    """A reason in that language, as it is where it is not ours.

    `code`: the code behind which it stands; "" where it has none, or begins with it.
    """
    if language == "en" or len(reason) > _LONGEST:
        return reason
    coded = _CODE.fullmatch(reason)
    if coded:
        return f"{coded[1]} {worded(language, coded[1], coded[2])}"
    wordings = _WORDINGS.get(code)
    return (wordings and _told(wordings, language, reason)) or reason


def _told(wordings: Wordings, language: Language, reason: str) -> str | None:
    """The reason, or each of several; None where one of them is none of these."""
    tell = partial(_place, language)
    for between in _BETWEEN:
        parts = [wordings.told(language, part, tell) for part in reason.split(between)]
        told = [part for part in parts if part is not None]
        if len(told) == len(parts) > 1:
            return between.join(told)
    return wordings.told(language, reason, tell)


def _place(language: Language, place: str, value: str) -> str:
    """What stands in a place: words of ours, something to be written in its own way, a value."""
    if place in _PLACES:
        return _told(_PLACES[place], language, value) or value
    return _VALUES[place](language, value) if place in _VALUES else value


def _amount(_: Language, value: str) -> str:
    """12.50 as 12,50."""
    return value.translate(str.maketrans(",.", ".,"))


def _moment(language: Language, value: str) -> str:
    try:
        return f"{datetime.fromisoformat(value).strftime(MOMENTS[language])} UTC"
    except ValueError:
        return value


def _rule(language: Language, value: str) -> str:
    """A rule behind a code of its own."""
    told = (_told(each, language, value) for each in _RULES.values())
    return next(filter(None, told), value)


def _refusal(language: Language, value: str) -> str:
    """Why a target could not be asked, behind a code of its own."""
    told = (_told(_REASONS[code], language, value) for code in _LOOKING)
    return next(filter(None, told), value)


def _coded(language: Language, value: str) -> str:
    """A reason with its code in front."""
    return worded(language, "", value)


_VALUES: Mapping[str, Callable[[Language, str], str]] = {
    "field": label,
    "stated": _amount,
    "due": _amount,
    "off": _amount,
    "price": _amount,
    "quantity": _amount,
    "discount": _amount,
    "count": _amount,
    "records": _amount,
    "size": _amount,
    "largest": _amount,
    "moment": _moment,
    "until": _moment,
    "rule": _rule,
    "refusal": _refusal,
    "example": _rule,
    "reason": _coded,
}
"""How a value is written in a place."""

__all__ = ["ROOMS", "worded"]
