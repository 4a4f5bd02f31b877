"""The web service: one entity a call, lists by filters, refusals in the shop's own words."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element

from agent.contract import Gate
from agent.errors import Misconfigured, Rejected, Unavailable
from connectors._exclusive import Exclusive
from connectors._http import Request
from connectors._http.client import Answer
from connectors._http.failures import http_date, raise_for_status
from connectors._http.multipart import form
from connectors._platform.pictures import Picture
from connectors._verdicts import Requests
from connectors.prestashop.entities import Entity, entities, problems, read, written
from connectors.prestashop.options import PrestaShopOptions

SINGULAR = {
    "products": "product",
    "combinations": "combination",
    "product_options": "product_option",
    "product_option_values": "product_option_value",
    "categories": "category",
    "stock_availables": "stock_available",
    "specific_prices": "specific_price",
    "customers": "customer",
    "addresses": "address",
    "order_histories": "order_history",
    "order_carriers": "order_carrier",
}
SIGNS = frozenset("|,[]%")
"""Characters that mean something between the brackets of a filter."""
LONGEST_WORK = 60.0
"""Seconds for which a shop may still be at work on a request; PHP gives 30 by itself."""
LONGEST_FILTER = 4_000
"""Characters; many servers take no line of more than 8,190."""


@dataclass(frozen=True, slots=True)
class Found:
    """Entities of a list, and when the server told them by its own clock."""

    entities: list[Entity]
    at: datetime | None


@dataclass
class Known:
    """What does not change while a connection lives, told once."""

    version: str = ""
    blank: dict[str, Entity] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    making: Exclusive = field(default_factory=Exclusive)
    """Held while something is looked for and made, so that it is made once."""


class Service:
    """One shop's web service; thread-safe."""

    def __init__(self, options: PrestaShopOptions) -> None:
        self._url = options.url + "/api"
        self._shop = options.shop
        self._client = options.client()
        self._through: Callable[[Request], Answer] = self._client.ask
        self.known = Known()

    def within(self, gate: Gate) -> Self:
        """The same for one delivery, whose further requests pass a gate."""
        counted = copy.copy(self)
        counted._through = Requests(self._client.ask, gate).ask  # noqa: SLF001 - a copy of itself
        return counted

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    # Reading

    def get(self, resource: str, id_: str) -> Entity | None:
        """One entity, None where it is gone."""
        answer = self._ask("GET", f"/{resource}/{id_}")
        if answer.status == 404:
            return None
        found = list(entities(self._document(answer)))
        return found[0] if found else None

    def page(self, resource: str, parameters: Mapping[str, str]) -> Found:
        """The entities that fit."""
        answer = self._ask("GET", f"/{resource}", parameters)
        document = self._document(answer)
        return Found(list(entities(document)), http_date(answer.headers.get("date", "")))

    def find(self, resource: str, display: str = "full", **wanted: str) -> list[Entity]:
        """The entities whose fields are exactly so."""
        filters = {f"filter[{field}]": _alone(value) for field, value in wanted.items()}
        found = self.page(resource, {"display": display, **filters, "sort": "[id_ASC]"}).entities
        return [
            each
            for each in found
            if all(_says(each, field, value) for field, value in wanted.items())
        ]

    def find_among(
        self, resource: str, field: str, values: Iterable[str], display: str = "full"
    ) -> list[Entity]:
        """The entities whose field is one of these values, exactly."""
        plain = sorted({value for value in values if value})
        conditions = [_alone(value) for value in plain if SIGNS & set(value)]
        conditions += _together([value for value in plain if not SIGNS & set(value)])
        found: list[Entity] = []
        for condition in conditions:
            filters = {f"filter[{field}]": condition, "sort": "[id_ASC]"}
            found += self.page(resource, {"display": display, **filters}).entities
        # The database compares without regard to case.
        return [each for each in found if each.get(field) in plain]

    # Writing

    def create(self, resource: str, entity: Mapping[str, Any], **parameters: str) -> Entity:
        """The new entity as the shop holds it.

        Raises `Unavailable` with a wish to wait where the shop may still be at work: who looks
        before it is done finds nothing, and would make it a second time.
        """
        try:
            return self._send("POST", resource, "", entity, parameters)
        except Unavailable as error:
            raise _may_be_at_work(error) from None

    def replace(self, resource: str, id_: str, entity: Mapping[str, Any]) -> Entity:
        """Put a whole entity in the place of what is there: what is left out becomes empty."""
        return self._send("PUT", resource, f"/{id_}", entity, {})

    def patch(self, resource: str, id_: str, entity: Mapping[str, Any]) -> Entity:
        """Change what is named; from version 8 on."""
        return self._send("PATCH", resource, f"/{id_}", entity, {})

    def upload(self, place: str, picture: Picture) -> None:
        """Add a picture. What the shop answers is of no use: the whole picture, and no sure XML.

        Raises `Unavailable` as `create` does.
        """
        kind, body = form({}, "image", picture.name, picture.kind, picture.body)
        try:
            self._require_success(self._ask("POST", f"/{place}", None, body, kind))
        except Unavailable as error:
            raise _may_be_at_work(error) from None

    def delete(self, resource: str, id_: str) -> None:
        """Delete; what is gone already is no error."""
        answer = self._ask("DELETE", f"/{resource}/{id_}")
        if answer.status != 404:
            self._require_success(answer)

    def blank(self, resource: str) -> Entity:
        """The fields that may be written, as the shop itself describes them."""
        if resource not in self.known.blank:
            answer = self._ask("GET", f"/{resource}", {"schema": "blank"})
            (self.known.blank[resource],) = entities(self._document(answer))
        return self.known.blank[resource]

    # What changes rarely

    @property
    def version(self) -> str:
        """The shop's version, as its answers tell it."""
        return self.known.version

    @property
    def languages(self) -> dict[int, str]:
        """Id → ISO code of the languages that are in use."""
        codes = self.codes("languages", "iso_code", active="1")
        return {int(id_): code for id_, code in codes.items()}

    def codes(self, resource: str, code: str, **wanted: str) -> dict[str, str]:
        """Id → code, of a resource that hardly changes."""
        if resource not in self.known.codes:
            display = f"[{','.join(dict.fromkeys(('id', code, *wanted)))}]"
            found = self.find(resource, display, **wanted)
            self.known.codes[resource] = {each["id"]: each[code] for each in found}
        return self.known.codes[resource]

    def id_of(self, resource: str, code: str, value: str) -> str:
        """The id behind a code such as `EUR`. Raises `Rejected` where the shop has none."""
        for id_, found in self.codes(resource, code).items():
            if found.casefold() == value.casefold():
                return id_
        raise Rejected("SA-5424", f"the shop has no {resource} with {code} {value!r}")

    # On the wire

    def _send(
        self,
        method: str,
        resource: str,
        place: str,
        entity: Mapping[str, Any],
        parameters: Mapping[str, str],
    ) -> Entity:
        body = written(SINGULAR[resource], entity)
        answer = self._ask(method, f"/{resource}{place}", parameters, body)
        found = list(entities(self._document(answer)))
        if not found:
            raise Unavailable("SA-5422", f"{answer.host} wrote a {resource} and does not tell it")
        return found[0]

    def _ask(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, str] | None = None,
        body: bytes | None = None,
        kind: str = "text/xml",
    ) -> Answer:
        query = dict(parameters or {})
        if self._shop is not None:
            query["id_shop"] = str(self._shop)
        url = self._url + path + (f"?{urlencode(query)}" if query else "")
        headers = [("content-type", kind)] if body else []
        answer = self._through(Request(method, url, headers, body))
        self.known.version = answer.headers.get("psws-version", self.known.version)
        return answer

    def _document(self, answer: Answer) -> Element:
        self._require_success(answer)
        if not answer.body.strip():  # a list that is empty, in some versions
            return Element("prestashop")
        return read(answer.body, answer.host)

    def _require_success(self, answer: Answer) -> None:
        if 200 <= answer.status <= 299:
            return
        said = _complaint(answer)
        if answer.status == 405:
            raise Misconfigured(
                "SA-5421",
                f"{answer.host} does not let our key do this: {said}",
                hint="tick the resource and method for the key under Webservice",
            )
        if said and answer.status in {400, 404, 500}:
            raise Rejected("SA-5420", f"the shop refuses it: {said}")
        raise_for_status(
            answer.status, answer.headers, answer.content_type, answer.body, answer.host
        )


def _may_be_at_work(error: Unavailable) -> Unavailable:
    """The same, with a wish to wait where the shop may not be done yet."""
    if not error.untouched and error.retry_after is None:
        error.retry_after = LONGEST_WORK
    return error


def _complaint(answer: Answer) -> str:
    try:
        return problems(read(answer.body, answer.host))
    except Unavailable:
        return ""


def _together(values: Sequence[str]) -> Iterator[str]:
    """Filters for all these values, none longer than an address may be."""
    part: list[str] = []
    length = 0
    for value in values:
        size = len(quote(value)) + len("%7C")
        if part and length + size > LONGEST_FILTER:
            yield f"[{'|'.join(part)}]"
            part, length = [], 0
        part.append(value)
        length += size
    if part:
        yield f"[{'|'.join(part)}]"


def _alone(value: str) -> str:
    """The filter for one value with signs in it: as it is, or, with brackets, what is like it."""
    if not {"[", "]"} & set(value):
        return value
    pieces = "".join(" " if sign in SIGNS else sign for sign in value).split(" ")
    return f"%[{max(pieces, key=len)}]%"


def _says(entity: Entity, field: str, value: str) -> bool:
    found = entity.get(field)
    if isinstance(found, Mapping):
        return value in found.values()
    return found is None or found == value


def pages(
    service: Service, resource: str, parameters: Mapping[str, str], size: int
) -> Iterator[Found]:
    """Pages in the order of the ids, until one is empty: nothing slips past between them."""
    last = 0
    while True:
        place = {"filter[id]": f">[{last}]", "sort": "[id_ASC]", "limit": str(size)}
        found = service.page(resource, {**parameters, **place})
        yield found
        if not found.entities:
            return
        ids = [int(each["id"]) for each in found.entities]
        if ids != sorted(ids) or ids[0] <= last:
            raise Unavailable("SA-5422", f"the shop does not keep the order of the ids: {resource}")
        last = ids[-1]


def codes_of(entity: Entity, service: Service) -> Entity:
    """An address with the codes of country and state besides their ids."""
    countries, states = (service.codes(name, "iso_code") for name in ("countries", "states"))
    return entity | {
        "country_code": countries.get(entity.get("id_country", ""), ""),
        "state_code": states.get(entity.get("id_state", ""), ""),
    }
