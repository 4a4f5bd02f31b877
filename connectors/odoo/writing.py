"""One delivery's calls: counted at the gate, whole lists at a time, refusals in Odoo's words.

Each call is one transaction, and its failure does not say which record of a list was at fault.
A list that is refused is therefore halved until the culprit stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from agent.contract import Bindings, Gate
from agent.errors import Misconfigured, Rejected, Unavailable
from agent.model import Json
from connectors._exclusive import Exclusive
from connectors._platform.pictures import PictureServer
from connectors.odoo.options import OdooTargetOptions

if TYPE_CHECKING:
    from connectors.odoo.calls import Calls

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")
LONGEST_WORK = 120.0
"""Seconds after which Odoo ends a request of its own accord (`limit_time_real`)."""
REFUSED = "SA-2401"
"""How `calls` says that the server refuses the question itself."""


class Known:
    """What does not change while a target lives: the fields of models, ids behind names."""

    def __init__(self) -> None:
        self.fields: dict[str, Mapping[str, Mapping[str, Json]]] = {}
        self.named: dict[tuple[str, str, str], int] = {}
        self.making = Exclusive()
        """Held while something is looked for and made, so that it is made once."""


class Writing:
    """The calls of one `deliver`, by one thread."""

    def __init__(
        self,
        odoo: Calls,
        options: OdooTargetOptions,
        bindings: Bindings,
        gate: Gate,
        known: Known,
        pictures: PictureServer | None = None,
    ) -> None:
        self.options, self.bindings, self.known = options, bindings, known
        self.pictures = pictures
        """None where pictures are not written."""
        self._odoo, self._gate = odoo, gate
        self._passed = False

    def call(self, model: str, method: str, **arguments: Any) -> Json:
        """What a method gives. Raises `Rejected` with Odoo's words where it refuses."""
        if self._passed:
            self._gate.request()
        self._passed = True
        context = {**self.context, **arguments.pop("context", {})}
        try:
            return self._odoo.call(model, method, context=context, **arguments).value
        except Misconfigured as error:
            if error.code != REFUSED:
                raise
            raise Rejected("SA-5380", f"{model}: {error.reason}") from None

    @property
    def context(self) -> dict[str, Json]:
        """The context of every call: no note in the chatter for each field that we write."""
        language = {"lang": self.options.language} if self.options.language else {}
        return {"active_test": False, "tracking_disable": True, **language}

    def fields(self, model: str) -> Mapping[str, Mapping[str, Json]]:
        """Field → its description. Raises `Misconfigured` where there is no such model."""
        if model not in self.known.fields:
            try:
                found = self.call(model, "fields_get", attributes=["type", "selection"])
            except Rejected as refused:
                raise Misconfigured(
                    "SA-5383",
                    f"Odoo has no {model} ({refused.reason})",
                    hint="install the app that brings it, or change the options of the target",
                ) from None
            self.known.fields[model] = found
        return self.known.fields[model]

    def search(self, model: str, domain: list[Any], fields: Sequence[str]) -> list[dict[str, Any]]:
        """The records that fit, the oldest first; False stands for nothing, as Odoo has it."""
        found = self.call(model, "search_read", domain=domain, fields=[*fields], order="id")
        return found if isinstance(found, list) else []

    def create(self, model: str, values: Sequence[dict[str, Json]], **context: Json) -> list[int]:
        """The ids of new records, all in one transaction.

        Raises `Unavailable` with a wish to wait where Odoo may still be at work: who looks before
        it is done finds nothing, and would make all of it a second time.
        """
        try:
            made = self.call(model, "create", vals_list=[*values], context=context)
        except Unavailable as error:
            if not error.untouched and error.retry_after is None:
                error.retry_after = LONGEST_WORK
            raise
        return made if isinstance(made, list) else [made]

    def write(self, model: str, ids: Sequence[int], values: Mapping[str, Json]) -> None:
        """Change records."""
        self.call(model, "write", ids=[*ids], vals=values)

    def id_of(self, model: str, field: str, name: str) -> int:
        """The one record with this name. Raises `Rejected` for none and for several."""
        place = (model, field, name)
        if place not in self.known.named:
            found = self.search(model, [[field, "=", name]], ["id"])
            if not found:
                raise Rejected("SA-5381", f"Odoo has no {model} with {field} {name!r}")
            if len(found) > 1:
                raise several(f"{model} with {field} {name!r}", found)
            self.known.named[place] = found[0]["id"]
        return self.known.named[place]


def only_active(found: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Those that are not archived, where there are any."""
    return [each for each in found if each.get("active", True)] or found


def several(what: str, found: Sequence[Mapping[str, Any]]) -> Rejected:
    """More than one record fits, and none is the right one for sure."""
    ids = ", ".join(str(each["id"]) for each in found[:10])
    return Rejected("SA-5382", f"Odoo has {len(found)} times {what}: ids {ids}")


def halving(
    items: Sequence[ItemT], act: Callable[[Sequence[ItemT]], Sequence[ResultT]]
) -> Iterator[tuple[ItemT, ResultT | Rejected]]:
    """Each item with what came of it; a list that is refused is halved and tried again."""
    parts = [items] if items else []
    while parts:
        part = parts.pop()
        try:
            results = act(part)
        except Rejected as refused:
            if len(part) == 1:
                yield part[0], refused
            else:
                middle = (len(part) + 1) // 2
                parts += [part[middle:], part[:middle]]
            continue
        yield from zip(part, results, strict=True)


def parts_of(reference: str) -> tuple[str, str, str]:
    """Template, variant and pictures in a reference of a product: `12/34`, `/34`, `12/34/3f=7`."""
    template, variant, pictures = (reference + "//").split("/")[:3]
    return template, variant, pictures


def id_in(value: Json) -> int:
    """The id in a related record; 0 for none."""
    return int(value[0]) if isinstance(value, list) and value else 0


def changes(
    current: Mapping[str, Json], wanted: Mapping[str, Json], types: Mapping[str, Mapping[str, Json]]
) -> dict[str, Json]:
    """What of `wanted` is not so already."""
    return {
        name: value
        for name, value in wanted.items()
        if not _same(current.get(name), value, str(types[name]["type"]))
    }


def _same(current: Json, wanted: Json, kind: str) -> bool:
    if kind == "many2one":
        return id_in(current) == (wanted or 0)
    if kind == "many2many":
        return set(current or ()) == set(wanted[0][2])
    if kind in {"float", "monetary"}:
        return float(current or 0) == float(wanted or 0)
    return bool((current or False) == (wanted or False))
