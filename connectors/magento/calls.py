"""The calls that one delivery makes, and what Magento answers to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from agent.contract import Bindings
from agent.errors import Rejected
from agent.model import Json
from connectors._halving import portions
from connectors._http import Request
from connectors._http.failures import raise_for_status

if TYPE_CHECKING:
    from connectors._http.client import Answer
    from connectors._verdicts import Requests

REFUSALS = {400, 404, 405, 409, 422}
"""Statuses that say something about what was sent, not about the shop."""
AT_ONCE = 20
"""Elements of a list that a call takes, since 2.4.3."""
PAGE = 100
SKUS = 50
"""SKUs that are looked up at a time: an address must not grow too long."""
PLACES = re.compile(r"%(\w+)")
Item = dict[str, Any]
Filter = tuple[str, str, object]
"""Field, condition, value."""
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Reply(NamedTuple):
    """What the shop answered: a value, or why it refuses."""

    status: int
    value: Json = None
    words: str = ""

    @property
    def refused(self) -> bool:
        """Whether nothing of the request was done."""
        return self.status >= 300

    def refusal(self) -> Rejected:
        """The shop's words as an error."""
        return Rejected("SA-5460", f"the shop refuses it: {self.words} ({self.status})")

    def require(self) -> Json:
        """The value; raises `Rejected` where there is none."""
        if self.refused:
            raise self.refusal()
        return self.value


class Calls:
    """One shop, asked through the requests of one delivery, and what is known of it already."""

    def __init__(self, requests: Requests, bindings: Bindings, url: str, store: str) -> None:
        self.bindings = bindings
        self._requests, self._url = requests, url
        self._above = f"{url}/rest/{store}"
        self.kept: dict[str, Any] = {}
        """What the shop said and will say again within this delivery, by path."""

    def get(self, path: str, query: Mapping[str, object] | None = None) -> Reply:
        """A question; raises for what is neither answer nor refusal."""
        address = f"{self._above}/V1/{path}"
        if query:
            written = {name: str(value) for name, value in query.items()}
            address += "?" + urlencode(written, quote_via=quote)
        return self._ask("GET", address)

    def get_once(self, path: str) -> Reply:
        """The same, asked for only the first time."""
        found: Reply | None = self.kept.get(path)
        if found is None:
            found = self.kept[path] = self.get(path)
        return found

    def post(self, path: str, body: Json) -> Reply:
        """Something to be done."""
        return self._ask("POST", f"{self._above}/V1/{path}", body)

    def put(self, path: str, body: Json) -> Reply:
        """Something changed."""
        return self._ask("PUT", f"{self._above}/V1/{path}", body)

    def delete(self, path: str) -> Reply:
        """Something gone."""
        return self._ask("DELETE", f"{self._above}/V1/{path}")

    def post_in_bulk(self, path: str, bodies: list[Json]) -> Reply:
        """Several calls of one kind into the shop's queue."""
        return self._ask("POST", f"{self._above}/async/bulk/V1/{path}", bodies)

    def page(self, path: str) -> Answer:
        """A page of the shop that is none of its API."""
        return self._requests.ask(Request("GET", self._url + path, [("accept", "*/*")]))

    def search(self, path: str, *filters: Filter, fields: str = "") -> Iterator[Item]:
        """All records of a list that pass every filter; `fields` of them, or all."""
        query = criteria(*filters)
        if fields:
            query["fields"] = f"items[{fields}],total_count"
        number, seen = 1, 0
        while True:
            query["searchCriteria[currentPage]"] = number
            found = self.get(path, query).require()
            items = found.get("items") or []
            yield from items
            # Behind the last page Magento answers the last page again: only its total ends a list.
            seen += len(items)
            if not items or seen >= int(found.get("total_count") or 0):
                return
            number += 1

    def products(self, skus: Iterable[str], fields: str) -> dict[str, Item]:
        """What the shop has of these articles, by `folded` SKU."""
        wanted = list(dict.fromkeys(skus))
        plain = [sku for sku in wanted if "," not in sku]
        questions: list[Filter] = [("sku", "in", ",".join(each)) for each in portions(plain, SKUS)]
        # The list of SKUs is parted by commas, so one with a comma is asked alone.
        questions += [("sku", "eq", sku) for sku in wanted if "," in sku]
        return {
            folded(str(item["sku"])): item
            for question in questions
            for item in self.search("products", question, fields=f"sku,{fields}")
        }

    def _ask(self, method: str, address: str, body: Json = None) -> Reply:
        headers = [("accept", "application/json")]
        content = None
        if body is not None:
            headers.append(("content-type", "application/json"))
            content = _encode(body)
        answer = self._requests.ask(Request(method, address, headers, content))
        if answer.status in REFUSALS:
            return Reply(answer.status, None, _words(answer))
        if not 200 <= answer.status <= 299:
            raise_for_status(
                answer.status, answer.headers, answer.content_type, answer.body, answer.host
            )
        return Reply(answer.status, answer.json(object))


def criteria(*filters: Filter) -> dict[str, object]:
    """A search of which every filter must hold."""
    query: dict[str, object] = {"searchCriteria[pageSize]": PAGE}
    for number, (field, condition, value) in enumerate(filters):
        above = f"searchCriteria[filterGroups][{number}][filters][0]"
        query[f"{above}[field]"] = field
        query[f"{above}[value]"] = value
        query[f"{above}[conditionType]"] = condition
    return query


def segment(sku: str) -> str:
    """A SKU as one part of a path."""
    return quote(sku, safe="")


def folded(sku: str) -> str:
    """SKUs that Magento takes for the same have the same one."""
    return sku.strip().casefold()


def told(problem: Json) -> str:
    """Message, parameters and errors of a problem, in one line."""
    if not isinstance(problem, Mapping):
        return "no reason given"
    found = [_filled(str(problem.get("message") or ""), problem.get("parameters"))]
    found += [told(each) for each in problem.get("errors") or ()]
    return "; ".join(dict.fromkeys(filter(None, found)))[:400] or "no reason given"


def _words(answer: Answer) -> str:
    try:
        return told(msgspec.json.decode(answer.body))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return answer.told() or "no reason given"


def _filled(message: str, parameters: Json) -> str:
    """A message with its parameters: `%1` counts them, `%fieldName` names one.

    What is named in a message may come as a list, in the order of the names.
    """
    if isinstance(parameters, list):
        named = [name for name in dict.fromkeys(PLACES.findall(message)) if not name.isdigit()]
        counted = {str(number): each for number, each in enumerate(parameters, start=1)}
        parameters = {**counted, **dict(zip(named, parameters, strict=False))}
    if not isinstance(parameters, Mapping):
        return message
    return PLACES.sub(lambda m: str(parameters.get(m[1], m[0])), message)
