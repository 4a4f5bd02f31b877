"""The calls that one delivery makes to the REST API, and what they answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from agent.contract import Bindings
from agent.errors import Rejected, Unavailable
from connectors._http import Request
from connectors.woocommerce.options import API, MOST

if TYPE_CHECKING:
    from connectors._http.client import Answer
    from connectors._verdicts import Requests

Item = Mapping[str, Any]
LONGEST_LIST = 5000
"""Characters of a list in an address: web servers refuse addresses of more than 8 KB."""


class Outcome(NamedTuple):
    """What became of one item of a batch."""

    id: int
    item: Item
    code: str = ""
    message: str = ""
    resource: int = 0
    """The id of what stands in the way, where WooCommerce tells it."""

    def refusal(self) -> Rejected:
        """Its words as an error."""
        return Rejected("SA-5400", f"the shop refuses it: {self.message} ({self.code})")


class Outcomes(NamedTuple):
    """What became of a batch, in the order of its items."""

    created: list[Outcome]
    updated: list[Outcome]
    deleted: list[Outcome]


class Calls:
    """One shop, asked through the requests of one delivery, and what is known of it already."""

    def __init__(self, requests: Requests, bindings: Bindings, url: str) -> None:
        self.bindings = bindings
        self._requests, self._url = requests, url + API

    def batch(
        self,
        path: str,
        *,
        create: Sequence[Item] = (),
        update: Sequence[Item] = (),
        delete: Sequence[int] = (),
    ) -> Outcomes:
        """Sends a batch; WooCommerce answers for each item by itself."""
        parts = {"create": create, "update": update, "delete": delete}
        body = {name: items for name, items in parts.items() if items}
        if not body:
            return Outcomes([], [], [])
        answer = self._post(f"{path}/batch", body)
        if (problem := _absent(answer)) is not None:
            return Outcomes(*([problem] * len(items) for items in parts.values()))
        answer.require_success()
        found = answer.json(dict[str, Any])
        return Outcomes(
            *(
                _outcomes(found.get(name) or [], len(items), answer.host)
                for name, items in parts.items()
            )
        )

    def post(self, path: str, body: Item) -> Answer:
        """One record written; raises for what is no success."""
        answer = self._post(path, body)
        answer.require_success()
        return answer

    def get(self, path: str, **parameters: object) -> Answer:
        """The answer of a success."""
        url = f"{self._url}/{path}"
        if parameters:
            url += "?" + urlencode({name: str(value) for name, value in parameters.items()})
        answer = self._requests.ask(Request("GET", url))
        answer.require_success()
        return answer

    def page(self, path: str, **parameters: object) -> list[dict[str, Any]]:
        """The first hundred records of a list."""
        return self.get(path, per_page=MOST, **parameters).json(list[dict[str, Any]])

    def pages(self, path: str, **parameters: object) -> Iterator[dict[str, Any]]:
        """All records of a list."""
        number, last = 1, 1
        while number <= last:
            answer = self.get(path, per_page=MOST, page=number, **parameters)
            yield from answer.json(list[dict[str, Any]])
            told = answer.headers.get("x-wp-totalpages", "")
            last = int(told) if told.isdigit() else last
            number += 1

    def by_ids(self, path: str, ids: Iterable[int], fields: str) -> dict[int, dict[str, Any]]:
        """Records of a list by their ids; those that are gone are missing."""
        wanted = sorted(set(ids))
        found = {}
        for start in range(0, len(wanted), MOST):
            listed = ",".join(map(str, wanted[start : start + MOST]))
            for each in self.page(path, include=listed, _fields=fields):
                found[int(each["id"])] = each
        return found

    def by_skus(self, skus: Iterable[str], fields: str) -> Iterator[dict[str, Any]]:
        """Products and variations that have one of these SKUs."""
        for listed in _lists(dict.fromkeys(skus)):
            yield from self.page("products", sku=listed, _fields=fields)

    def _post(self, path: str, body: Item) -> Answer:
        headers = [("content-type", "application/json")]
        return self._requests.ask(
            Request("POST", f"{self._url}/{path}", headers, msgspec.json.encode(body))
        )


def _absent(answer: Answer) -> Outcome | None:
    """404 of WooCommerce itself: the product of these variations is gone, not the API."""
    if answer.status != 404 or answer.content_type != "application/json":
        return None
    told = answer.json(dict[str, Any])
    code = str(told.get("code", ""))
    if not code.startswith("woocommerce_"):
        return None
    return Outcome(0, {}, code, str(told.get("message", "")))


def _outcomes(found: list[dict[str, Any]], expected: int, host: str) -> list[Outcome]:
    if len(found) != expected:
        raise Unavailable(
            "SA-5408",
            f"{host} answered {len(found)} of {expected} items of a batch",
            hint="a plug-in of the shop may change its answers; what was sent is asked for again",
        )
    return [_outcome(each) for each in found]


def _outcome(item: dict[str, Any]) -> Outcome:
    number = int(item.get("id") or 0)
    error = item.get("error")
    if not isinstance(error, Mapping):
        return Outcome(number, item)
    data = error.get("data")
    resource = str(data.get("resource_id") or "") if isinstance(data, Mapping) else ""
    return Outcome(
        number,
        item,
        str(error.get("code") or "unknown"),
        str(error.get("message") or "no reason given"),
        int(resource) if resource.isdigit() else 0,
    )


def _lists(skus: Iterable[str]) -> Iterator[str]:
    """SKUs as lists parted by commas; one with a comma of its own stands alone."""
    waiting: list[str] = []
    for sku in skus:
        if "," in sku:
            yield sku
            continue
        if len(waiting) == MOST or sum(map(len, waiting)) + len(sku) > LONGEST_LIST:
            yield ",".join(waiting)
            waiting = []
        waiting.append(sku)
    if waiting:
        yield ",".join(waiting)
