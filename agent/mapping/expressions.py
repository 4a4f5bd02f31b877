"""Jinja2 expressions over a row, fenced in: no loader, no globals, no methods but a few of text.

An expression sees `row` (columns by name) and, where the field names a column, `value`. Numbers are
exact: a float of the source and a literal such as 1.22 are decimals. What an expression may build
is limited, so that a slip cannot eat the machine: see `TEXT_LIMIT` and `POWER_LIMIT`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.filters import FILTERS
from jinja2.parser import Parser
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from agent.mapping.dates import MomentType, moment_parser
from agent.mapping.numbers import decimal_parser, integer_parser
from agent.mapping.problem import Invalid
from agent.mapping.refusal import CELL_LIMIT, Raw, Refused
from agent.mapping.texts import text_of
from agent.model import Json

SOURCE_LIMIT = 4096
"""Characters of an expression."""
TEXT_LIMIT = CELL_LIMIT
"""Characters of a text, or elements of a list, that `*`, `replace` or `join` may build."""
POWER_LIMIT = 4096
"""Bits of an integer that `**` may build."""

ROW_NAMES = frozenset({"row", "value"})
_TEXT_METHODS = {
    "startswith", "endswith", "upper", "lower", "strip", "lstrip", "rstrip", "split", "rsplit",
    "find", "count", "isdigit", "isalpha", "isalnum", "isupper", "islower", "removeprefix",
    "removesuffix",
}  # fmt: skip
_DATE_PARTS = {"year", "month", "day", "hour", "minute", "second"}
_JINJA_FILTERS = (
    "abs", "capitalize", "default", "first", "last", "length", "list", "lower", "map", "max", "min",
    "reject", "select", "sort", "title", "trim", "unique", "upper",
)  # fmt: skip


class Expression:
    """A compiled expression. `columns` names the columns it reads, None where that is unknown.

    `names` are what it may speak of; raises `Invalid` for anything else.
    """

    def __init__(
        self, source: str, key: str = "expression", names: frozenset[str] = ROW_NAMES
    ) -> None:
        self.source = source
        try:
            tree = _parsed(source, names)
            self.columns = _columns_of(tree)
            body: list[nodes.Node] = [nodes.Assign(nodes.Name("result", "store"), tree, lineno=1)]
            template = _ENVIRONMENT.from_string(nodes.Template(body, lineno=1))
        except (TemplateError, RecursionError, SyntaxError, ValueError) as error:
            raise Invalid(
                "SA-3005", key, f"cannot be read: {error}", f"it says: {source}"
            ) from None
        self._context = template.new_context
        self._run: Callable[[Context], Iterator[str]] = template.root_render_func

    def __call__(self, row: Mapping[str, Any], value: Raw = None) -> Json:
        """The result over one row; raises `Refused`."""
        return self.evaluate({"row": row, "value": _exact(value)})

    def evaluate(self, names: Mapping[str, Any]) -> Json:
        """The result where the names stand for these; raises `Refused`."""
        context = self._context(dict(names))
        try:
            for _ in self._run(context):
                pass
            result = context.vars["result"]
            if isinstance(result, Undefined):
                str(result)  # StrictUndefined raises and says what is missing
                result = None  # an `if` without `else`
        except SecurityError as error:
            raise self._refused("SA-3202", f"goes beyond what it may do: {error}") from None
        except Refused as refusal:
            reason = f"cannot be evaluated: a value {refusal.rule}"
            raise self._refused("SA-3201", reason, refusal.hint) from None
        except Exception as error:  # noqa: BLE001 - any operation of the row's own types may fail
            reason = f"cannot be evaluated: {error or type(error).__name__}"
            if isinstance(error, TypeError) and "'str'" in reason:
                reason += "; a text becomes a number by: row.COLUMN | decimal"
            raise self._refused("SA-3201", reason) from None
        return result

    def truth(self, row: Mapping[str, Any]) -> bool:
        """The result of a condition; a result that is not true or false is refused."""
        result = self(row)
        if not isinstance(result, bool):
            raise self._refused(
                "SA-3201",
                f"gives {str(result)[:80]!r}, not true or false",
                "compare with something: row.STATO == 'A'",
            )
        return result

    def _refused(self, code: str, rule: str, hint: str = "") -> Refused:
        refusal = Refused(code, rule, hint)
        refusal.value, refusal.valued = self.source, True
        return refusal


class _Environment(ImmutableSandboxedEnvironment):
    """Attribute access means: a column, a part of a date, or one of a few methods of text."""

    intercepted_binops = frozenset({"*", "**", "%", "/"})

    def getattr(self, obj: Raw, attribute: str) -> Json:
        if isinstance(obj, dict):
            return self.getitem(obj, attribute)
        if (isinstance(obj, str) and attribute in _TEXT_METHODS) or (
            isinstance(obj, date | datetime | time) and attribute in _DATE_PARTS
        ):
            return getattr(obj, attribute)
        return self.unsafe_undefined(obj, attribute)

    def getitem(self, obj: Raw, argument: Raw) -> Json:
        if isinstance(obj, dict | list | tuple | str):
            try:
                return _exact(obj[argument])
            except (TypeError, LookupError):
                pass
        return self.undefined(obj=obj, name=argument)

    def is_safe_callable(self, obj: Raw) -> bool:
        return isinstance(getattr(obj, "__self__", None), str) and obj.__name__ in _TEXT_METHODS

    def call_binop(self, context: Context, operator: str, left: Raw, right: Raw) -> Json:
        if operator == "*":
            _require_small(left, right)
            _require_small(right, left)
        elif operator == "**":
            return _power(left, right)
        elif operator == "%" and isinstance(left, str):
            raise SecurityError("% on a text")
        elif operator == "/":
            return Decimal(left) / Decimal(right)
        return super().call_binop(context, operator, left, right)


def _power(left: Raw, right: Raw) -> Raw:
    if isinstance(left, int) and isinstance(right, int):
        if left.bit_length() * right > POWER_LIMIT:
            raise SecurityError(f"an integer of more than {POWER_LIMIT} bits")
        left = Decimal(left) if right < 0 else left
    return left**right


def _require_small(sequence: Raw, times: Raw) -> None:
    if isinstance(sequence, str | list | tuple) and len(sequence) * times > TEXT_LIMIT:
        raise SecurityError(f"a text or list of more than {TEXT_LIMIT}")


def _exact(value: Raw) -> Json:
    return Decimal(repr(value)) if isinstance(value, float) else value


class _ExactLiterals(NodeTransformer):
    """Literals with a fraction become decimals."""

    def visit_Const(self, node: nodes.Const) -> nodes.Node:  # noqa: N802 - Jinja2's visitor names it
        if not isinstance(node.value, float):
            return node
        text = nodes.Const(format(Decimal(repr(node.value)), "f"), lineno=node.lineno)
        return nodes.Filter(text, "decimal", [], [], None, None, lineno=node.lineno)


def _parsed(source: str, names: frozenset[str]) -> nodes.Expr:
    if len(source) > SOURCE_LIMIT:
        raise ValueError(f"longer than {SOURCE_LIMIT} characters; use a hook")
    parser = Parser(_ENVIRONMENT, source, state="variable")
    tree = parser.parse_expression()
    if not parser.stream.eos:
        raise ValueError(f'"{parser.stream.current.value}" was not expected')
    tree = _ExactLiterals().visit(tree)
    tree.set_environment(_ENVIRONMENT)
    for name in _names_in(tree):
        if name.name not in names:
            raise ValueError(f'"{name.name}" is unknown; {_advice(name.name, names)}')
    if names is ROW_NAMES and any(each.name == "reference" for each in _filters_in(tree)):
        raise ValueError("reference() belongs into a target's template")
    return tree  # type: ignore[no-any-return]  # the transformer keeps the kind of node


def _advice(name: str, names: frozenset[str]) -> str:
    if names is ROW_NAMES:
        return f"write row.{name} for a column"
    return f"there are {', '.join(sorted(names))}"


def _filters_in(tree: nodes.Expr) -> Iterator[nodes.Filter]:
    return nodes.Not(tree).find_all(nodes.Filter)


def _names_in(tree: nodes.Expr) -> list[nodes.Name]:
    return [tree] if isinstance(tree, nodes.Name) else list(tree.find_all(nodes.Name))


def _columns_of(tree: nodes.Expr) -> frozenset[str] | None:
    """Columns read as `row.X` or `row['X']`; None where `row` is used in any other way."""
    root = nodes.Not(tree)  # `find_all` looks below its node only
    reads: dict[int, str] = {}
    for node in root.find_all((nodes.Getattr, nodes.Getitem)):
        if isinstance(node, nodes.Getattr):
            reads[id(node.node)] = node.attr
        elif not isinstance(node, nodes.Getitem):
            continue
        elif isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            reads[id(node.node)] = node.arg.value
    rows = [name for name in _names_in(tree) if name.name == "row"]
    if any(id(name) not in reads for name in rows):
        return None
    return frozenset(reads[id(name)] for name in rows)


@lru_cache(maxsize=256)
def _decimals(mark: str, group: str) -> Callable[[Any], str]:
    return decimal_parser(mark=mark, group=group)


@lru_cache(maxsize=256)
def _moments(kind: MomentType, formats: tuple[str, ...]) -> Callable[[Any], str]:
    return moment_parser(kind, formats=formats)


def _decimal(value: Raw, mark: Literal[".", ","] = ".", group: str = "") -> Decimal:
    text = value.strip() if isinstance(value, str) else value
    return Decimal(_decimals(mark, group)(text))


def _integer(value: Raw) -> int:
    return integer_parser()(value.strip() if isinstance(value, str) else value)


def _round(value: Raw, scale: int = 0) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)


def _date(value: Raw, *formats: str) -> str:
    return _moments("date", formats)(value)


def _datetime(value: Raw, *formats: str) -> str:
    return _moments("datetime", formats)(value)


def _time(value: Raw, *formats: str) -> str:
    return _moments("time", formats)(value)


def _format_date(value: Raw, form: str, zone: str = "") -> str:
    """An ISO 8601 text, written as `form` says: strftime, or CYYMMDD; `zone` as in Europe/Rome."""
    moment = datetime.fromisoformat(text_of(value))
    if zone:
        moment = moment.astimezone(ZoneInfo(zone))
    if form == "CYYMMDD":
        return f"{moment.year // 100 - 19}{moment:%y%m%d}"
    return moment.strftime(form)


@pass_context
def _reference(context: Context, key: Raw, entity: str) -> str | None:
    """The other side's id of a record; where no such id is known the template waits for it."""
    found: str | None = context.resolve("find_reference")(entity, text_of(key))
    return found


def _replace(value: Raw, old: str, new: str) -> str:
    text = text_of(value)
    if len(text) + text.count(old) * len(new) > TEXT_LIMIT:
        raise SecurityError(f"a text of more than {TEXT_LIMIT}")
    return text.replace(old, new)


def _join(values: Raw, separator: str = "") -> str:
    texts = [text_of(each) for each in values if each is not None]
    if sum(map(len, texts)) + len(separator) * len(texts) > TEXT_LIMIT:
        raise SecurityError(f"a text of more than {TEXT_LIMIT}")
    return separator.join(texts)


def _sum(values: Raw) -> Decimal:
    return sum((_decimal(each) for each in values), Decimal(0))


_ENVIRONMENT = _Environment(undefined=StrictUndefined)
_ENVIRONMENT.globals.clear()
_ENVIRONMENT.filters = {name: FILTERS[name] for name in _JINJA_FILTERS} | {
    "date": _date,
    "datetime": _datetime,
    "decimal": _decimal,
    "format_date": _format_date,
    "integer": _integer,
    "join": _join,
    "reference": _reference,
    "replace": _replace,
    "round": _round,
    "sum": _sum,
    "text": text_of,
    "time": _time,
}
