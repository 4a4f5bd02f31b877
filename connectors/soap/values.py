"""Values on the way in and out: parameters filled in, answers without loss.

zeep turns a value that it cannot read into None and tells nobody but its log, reads doubles as
binary fractions and takes every text that is not `true` for false. Importing this module mends
that for the process: what cannot be read stays visible as `Unreadable`, numbers are exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from lxml import etree
from zeep.xsd import CompoundValue
from zeep.xsd.types import builtins

from agent.model import Json
from connectors._rest.exact_json import LARGEST_EXPONENT, Unreadable

PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w.]*)\}")
NUMBERS = (builtins.Decimal, builtins.Float, builtins.Double)
TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def filled(template: Json, values: Mapping[str, Any]) -> Json:
    """The parameters with `{name}` replaced; one that is nothing but a None is left out."""
    if isinstance(template, str):
        alone = PLACEHOLDER.fullmatch(template)
        if alone and alone[1] in values:
            return values[alone[1]]
        return PLACEHOLDER.sub(
            lambda found: str(values.get(found[1], found[0])),
            template,
        )
    if isinstance(template, Mapping):
        parts = ((name, filled(each, values)) for name, each in template.items())
        return {name: each for name, each in parts if each is not None}
    if isinstance(template, list | tuple):
        return [filled(each, values) for each in template]
    return template


class Plain:
    """An answer of zeep as objects and lists. `doubtful`: some value in it is `Unreadable`."""

    def __init__(self, answer: Any) -> None:
        self.doubtful = False
        self.value: Json = self._plain(answer)

    def _plain(self, value: Any) -> Json:
        if isinstance(value, list):
            return [self._plain(each) for each in value]
        if isinstance(value, CompoundValue | dict):
            return {name: self._plain(value[name]) for name in value}
        if isinstance(value, etree._Element):  # noqa: SLF001 - lxml has no public name for it
            return _undescribed(value)
        if isinstance(value, Unreadable):
            self.doubtful = True
        return value


def _undescribed(element: etree._Element) -> Json:
    """What the WSDL leaves open (`xs:any`), such as the rows of a .NET DataSet: names and texts."""
    if len(element) == 0:
        return element.text
    found: dict[str, Json] = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue  # a comment
        name, value = etree.QName(child).localname, _undescribed(child)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def _number(text: str) -> Decimal | Unreadable:
    number = Decimal(text.strip())
    if not number.is_finite() or (number and abs(number.adjusted()) > LARGEST_EXPONENT):
        return Unreadable(f"{text[:20]} is no number of any trade")
    return number


def _exact(kind: type[Any]) -> Callable[[Any, str], Any]:
    original: Callable[[Any, str], Any] = kind.pythonvalue

    def pythonvalue(self: Any, text: str) -> Any:
        try:
            if issubclass(kind, NUMBERS):
                return _number(text)
            if issubclass(kind, builtins.Boolean):
                return TRUTHS[text.strip()]
            return original(self, text)
        except (ValueError, TypeError, ArithmeticError, LookupError):
            return Unreadable(f"{text[:40]!r} is no {kind.__name__} of XML Schema")

    return pythonvalue


def _as_written(_self: Any, text: str) -> str:
    return text


READ = (
    *NUMBERS,
    builtins.Boolean,
    builtins.Integer,
    builtins.Date,
    builtins.DateTime,
    builtins.Time,
)
"""Types that become Python's own; texts are texts, and all others stay as they were written."""


def _mend() -> None:
    for kind in READ:
        kind.pythonvalue = _exact(kind)
    others: list[Any] = [each for each in vars(builtins).values() if isinstance(each, type)]
    for kind in others:
        if issubclass(kind, builtins.BuiltinType) and not issubclass(kind, READ):
            kind.pythonvalue = _as_written


_mend()
