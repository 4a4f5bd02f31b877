"""Does an order add up: its lines, its VAT, its totals, each recomputed within a tolerance.

Shops round by line, by rate or at the end. Each of these is right, so a sum is compared with the
span between them, and only what lies outside by more than the tolerance is an objection.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, NamedTuple

from agent.mapping.spec import Totals
from agent.model import Objection

_CENT = Decimal("0.01")
_PRECISION = 120
"""More digits than the product of two of our decimals has."""

Judge = Callable[[Mapping[str, Any]], Objection | None]


class _Unclear(Exception):
    """Something cannot be added up."""


class _Span(NamedTuple):
    """All that a sum may be, by one way of rounding or the other."""

    low: Decimal
    high: Decimal

    def plus(self, other: _Span) -> _Span:
        return _Span(self.low + other.low, self.high + other.high)

    def minus(self, other: _Span) -> _Span:
        return _Span(self.low - other.high, self.high - other.low)


class _Amount(NamedTuple):
    """What is charged, as the line says it, and its VAT in percent where that is known."""

    value: Decimal
    rate: Decimal | None


def totals_judge(rules: Totals) -> Judge:
    """A function from an order's data to what speaks against it; None: it adds up."""

    def judge(order: Mapping[str, Any]) -> Objection | None:
        with localcontext(prec=_PRECISION):
            found = list(_objections(order, rules))
        if not found:
            return None
        return Objection(found[0].code, "; ".join(each.reason for each in found))

    return judge


def _objections(order: Mapping[str, Any], rules: Totals) -> Iterator[Objection]:
    amounts: list[_Amount] = []
    for place, line in enumerate(order.get("lines") or (), start=1):
        value, objection = _line(line, f"line {line.get('line') or place}", rules.tolerance)
        if objection:
            yield objection
        if value is None:
            return
        amounts.append(_Amount(value, _number(line.get("vat_rate"))))
    try:
        amounts += _further(order.get("attributes") or {}, rules)
    except _Unclear as unclear:
        yield Objection("SA-3405", str(unclear))
        return
    yield from _sums(order, rules, _total(amounts), _vat(amounts, included=rules.vat_included))


def _line(
    line: Mapping[str, Any], name: str, tolerance: Decimal
) -> tuple[Decimal | None, Objection | None]:
    """What a line is worth, and whether its parts give that."""
    quantity, price = _number(line.get("quantity")), _number(line.get("price"))
    discount, total = _number(line.get("discount")), _number(line.get("total"))
    if price is None or quantity is None:
        missing = Objection("SA-3405", f"{name} has neither price nor total: nothing to add up")
        return total, None if total is not None else missing
    computed = quantity * price * (100 - (discount or Decimal(0))) / 100
    if total is None:
        return computed, None
    told = f"{_plain(quantity)} x {_plain(price)}"
    told += f" less {_plain(discount)} %" if discount else ""
    difference = _difference(total, _Span(computed, computed), tolerance, f"{name}: total", told)
    return total, Objection("SA-3401", difference) if difference else None


def _further(attributes: Mapping[str, Any], rules: Totals) -> Iterator[_Amount]:
    """Amounts beside the lines; nobody says what VAT they bear."""
    for name in rules.plus:
        yield _Amount(_free_number(attributes, name), None)
    for name in rules.minus:
        yield _Amount(-_free_number(attributes, name), None)


def _free_number(attributes: Mapping[str, Any], name: str) -> Decimal:
    """An attribute may be anything; one that is missing is nothing."""
    try:
        number = _number(attributes.get(name)) or Decimal(0)
    except (ArithmeticError, TypeError, ValueError):
        number = Decimal("nan")
    if not number.is_finite():
        raise _Unclear(f'attribute "{name}" is not a number: {attributes[name]!r:.80}')
    return number


def _sums(
    order: Mapping[str, Any], rules: Totals, amount: _Span, vat: _Span | None
) -> Iterator[Objection]:
    """The order's own totals against the lines, and against each other."""
    net, total_vat, total = (
        _number(order.get(name)) for name in ("total_net", "total_vat", "total")
    )
    known_vat = _Span(total_vat, total_vat) if total_vat is not None else vat
    if rules.vat_included:
        of_lines = {"total": amount, "total_net": amount.minus(known_vat) if known_vat else None}
    else:
        of_lines = {"total_net": amount, "total": amount.plus(known_vat) if known_vat else None}
    stated = {"total_net": net, "total": total}
    for name, span in of_lines.items():
        given = stated[name]
        if given is not None and span is not None:
            difference = _difference(given, span, rules.tolerance, name, "lines")
            if difference:
                yield Objection("SA-3402", difference)
            break
    else:
        reason = "it has no total that its lines could be compared with"
        yield Objection("SA-3405", reason)
    if total_vat is not None and vat is not None:
        difference = _difference(total_vat, vat, rules.tolerance, "total_vat", "lines")
        if difference:
            yield Objection("SA-3403", difference)
    if net is not None and total is not None and known_vat is not None:
        span = _Span(net, net).plus(known_vat)
        difference = _difference(total, span, rules.tolerance, "total", "total_net and VAT")
        if difference:
            yield Objection("SA-3404", difference)


def _total(amounts: Sequence[_Amount]) -> _Span:
    return _span([_sum(each.value for each in amounts), _sum(_cents(a.value) for a in amounts)])


def _vat(amounts: Sequence[_Amount], *, included: bool) -> _Span | None:
    """The VAT of all amounts; None where the rate of one of them is not known."""
    by_rate: defaultdict[Decimal, list[Decimal]] = defaultdict(list)
    for amount in amounts:
        if amount.rate is None:
            if amount.value:
                return None
            continue
        by_rate[amount.rate].append(amount.value)

    def vat(value: Decimal, rate: Decimal) -> Decimal:
        return value * rate / (100 + (rate if included else 0))

    return _span(
        [
            _sum(vat(_sum(values), rate) for rate, values in by_rate.items()),
            _sum(_cents(vat(_sum(values), rate)) for rate, values in by_rate.items()),
            _sum(_cents(vat(_sum(map(_cents, values)), rate)) for rate, values in by_rate.items()),
            _sum(_cents(vat(each, rate)) for rate, values in by_rate.items() for each in values),
        ]
    )


def _difference(
    stated: Decimal, span: _Span, tolerance: Decimal, name: str, told: str
) -> str | None:
    """What a person reads: what stands there, what it should be, by how much it is off."""
    nearest = min(max(stated, span.low), span.high)
    off = stated - nearest
    if abs(off) <= tolerance:
        return None
    gives = "give" if told[0].isalpha() else "gives"
    return (
        f"{name} is {_money(stated)}, {told} {gives} {_money(nearest)}: "
        f"{_money(abs(off))} too {'much' if off > 0 else 'little'}"
    )


def _number(value: Any) -> Decimal | None:
    """A decimal of a record; it travels as text."""
    return None if value in (None, "") else Decimal(value)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def _span(values: Sequence[Decimal]) -> _Span:
    return _Span(min(values), max(values))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _money(value: Decimal) -> str:
    """In cents; what is less than one is told exactly."""
    return str(_cents(value)) if abs(value) >= _CENT or not value else _plain(value)
