"""The store itself: log-in, allowance, routes, faults, lists and their totals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.peers.bigcommerce.catalogue import Catalogue
from tests.peers.bigcommerce.contract import violations
from tests.peers.bigcommerce.people import People
from tests.peers.bigcommerce.problem import Problem
from tests.peers.http_server import Asked

STORE, TOKEN = "abc123", "t0ken"
ABOVE = f"/stores/{STORE}"


class BigStore:
    """One store. Tests look into `catalogue` and `people`, and count `calls`."""

    def __init__(self) -> None:
        self.catalogue = Catalogue()
        self.people = People()
        self.information = {
            "name": "Prova",
            "domain": "prova.example.com",
            "currency": "EUR",
            "weight_units": "KGS",
        }
        self.calls: list[str] = []
        self.violations: list[str] = []
        self.left = 150
        self.faults: list[Callable[[Asked], Response]] = []
        self.lost: list[int] = []
        """A number here: that many requests from now the answer gets lost, its effect stays."""

    def __call__(self, asked: Asked) -> Response:
        path, method = asked.path.removeprefix(ABOVE), asked.request.method
        self.calls.append(f"{method} {path}")
        if asked.headers.get("x-auth-token") != TOKEN or not asked.path.startswith(ABOVE):
            return Problem(401, "You are not authorized to access this").answer()
        if self.faults:
            return self.faults.pop(0)(asked)
        body = json.loads(asked.body) if asked.body else None
        self.violations += violations(method, path, asked.query, body)
        try:
            answer = self._answer(method, path, asked.query, body)
        except Problem as problem:
            answer = problem.answer()
        self.left -= 1
        answer.headers["X-Rate-Limit-Requests-Left"] = str(self.left)
        answer.headers["X-Rate-Limit-Requests-Quota"] = "150"
        answer.headers["X-Rate-Limit-Time-Reset-Ms"] = "4500"
        if self.lost:
            self.lost[0] -= 1
            if self.lost[0] <= 0:
                self.lost.pop(0)
                return Response("<h1>504</h1>", 504, media_type="text/html")
        return answer

    def _answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Response:
        for pattern, answer in ROUTES:
            if found := re.fullmatch(pattern, f"{method} {path}"):
                return answer(self, [int(each) for each in found.groups()], query, body)
        raise Problem(404, "The route is not found")

    def pages(self, found: Iterable[dict[str, Any]], query: dict[str, str]) -> Response:
        """A page of version 3, with its totals."""
        items = list(found)
        size, number = int(query.get("limit", 50)), int(query.get("page", 1))
        total = {"total": len(items), "total_pages": -(-len(items) // size) or 1}
        page = items[(number - 1) * size : number * size]
        return JSONResponse({"data": page, "meta": {"pagination": total}})


def unavailable(status: int, **headers: str) -> Callable[[Asked], Response]:
    """A fault: nothing is done."""
    return lambda _: Response("busy", status, headers=headers, media_type="text/html")


def data(value: Any) -> Response:
    return JSONResponse({"data": value, "meta": {}})


def nothing(_: Any) -> Response:
    return Response(status_code=204)


def listed(query: dict[str, str], name: str) -> set[str] | None:
    return set(query[name].split(",")) if name in query else None


def products(store: BigStore, _: Any, query: dict[str, str], __: Any) -> Response:
    skus, ids = listed(query, "sku:in"), listed(query, "id:in")
    skus = {query["sku"]} if "sku" in query else skus
    found = [
        each
        for each in store.catalogue.products.values()
        if (skus is None or each["sku"] in skus) and (ids is None or str(each["id"]) in ids)
    ]
    return store.pages(found, query)


def variants(store: BigStore, _: Any, query: dict[str, str], __: Any) -> Response:
    of = listed(query, "product_id:in")
    found = [
        each
        for each in store.catalogue.variants.values()
        if (of is None or str(each["product_id"]) in of) and query.get("sku") in {None, each["sku"]}
    ]
    return store.pages(found, query)


def items(store: BigStore, _: Any, query: dict[str, str], __: Any) -> Response:
    skus = listed(query, "sku:in") or set()
    found = [
        {
            "identity": {"sku": sku},
            "locations": [{"location_id": location, "total_inventory_onhand": quantity}],
        }
        for (location, sku), quantity in store.catalogue.stock.items()
        if sku in skus
    ]
    return store.pages(found, query)


def delete_records(store: BigStore, ids: list[int], query: dict[str, str], _: Any) -> Response:
    for sku in listed(query, "sku:in") or ():
        store.catalogue.records.pop((ids[0], sku, query["currency"]), None)
    return nothing(None)


def delete_image(store: BigStore, ids: list[int], _: Any, __: Any) -> Response:
    product = store.catalogue.known(ids[0])
    product["images"] = [each for each in product["images"] if each["id"] != ids[1]]
    return nothing(None)


def change_image(store: BigStore, ids: list[int], _: Any, body: Any) -> Response:
    (image,) = [each for each in store.catalogue.known(ids[0])["images"] if each["id"] == ids[1]]
    image.update(body)
    return data(image)


def delete_categories(store: BigStore, _: Any, query: dict[str, str], __: Any) -> Response:
    for number in listed(query, "category_id:in") or ():
        store.catalogue.categories.pop(int(number), None)
    return nothing(None)


def customers(store: BigStore, _: Any, query: dict[str, str], __: Any) -> Response:
    emails, ids = listed(query, "email:in"), listed(query, "id:in")
    since = query.get("date_modified:min")
    found = []
    for each in store.people.customers.values():
        if emails is not None and each["email"] not in emails:
            continue
        if ids is not None and str(each["id"]) not in ids:
            continue
        if since and _moment(each["date_modified"]) < _moment(since):
            continue
        of = [a for a in store.people.addresses.values() if a["customer_id"] == each["id"]]
        found.append({**each, "addresses": of} if query.get("include") == "addresses" else each)
    return store.pages(found, query)


def addresses(store: BigStore, _: Any, query: dict[str, str], __: Any) -> Response:
    of = listed(query, "customer_id:in") or set()
    found = [a for a in store.people.addresses.values() if str(a["customer_id"]) in of]
    return store.pages(found, query)


def delete_customers(store: BigStore, _: Any, query: dict[str, str], __: Any) -> Response:
    for number in listed(query, "id:in") or ():
        store.people.customers.pop(int(number), None)
    return nothing(None)


def orders(store: BigStore, _: Any, query: dict[str, str], __: Any) -> Response:
    """Version 2: a bare list, 204 for an empty one."""
    found = sorted(store.people.orders.values(), key=lambda each: -each["id"])
    if since := query.get("min_date_modified"):
        found = [e for e in found if parsedate_to_datetime(e["date_modified"]) >= _moment(since)]
    size, number = int(query.get("limit", 50)), int(query.get("page", 1))
    page = found[(number - 1) * size : number * size]
    if not page:
        return nothing(None)
    return JSONResponse(page, headers={"Date": "Sun, 01 Mar 2026 12:00:00 GMT"})


def order_lines(store: BigStore, ids: list[int], _: Any, __: Any) -> Response:
    return JSONResponse(store.people.order(ids[0])["lines"])


def shipments(store: BigStore, ids: list[int], _: Any, __: Any) -> Response:
    store.people.order(ids[0])
    found = store.people.shipments.get(ids[0])
    return JSONResponse(found) if found else nothing(None)


def change_order(store: BigStore, ids: list[int], _: Any, body: Any) -> Response:
    store.people.order(ids[0]).update(body)
    return JSONResponse(store.people.order(ids[0]))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


Route = Callable[[BigStore, list[int], dict[str, str], Any], Response]
PRODUCT, ID = r"/v3/catalog/products", r"/(\d+)"
# ruff: noqa: ARG005 - one shape for all answers
ROUTES: list[tuple[str, Route]] = [
    ("GET /v2/store", lambda s, i, q, b: JSONResponse(s.information)),
    (f"GET {PRODUCT}", products),
    (f"POST {PRODUCT}", lambda s, i, q, b: data(s.catalogue.make_product(b))),
    (f"PUT {PRODUCT}", lambda s, i, q, b: data(s.catalogue.change_products(b))),
    (f"PUT {PRODUCT}{ID}", lambda s, i, q, b: data(s.catalogue.change_product(i[0], b))),
    (f"DELETE {PRODUCT}{ID}", lambda s, i, q, b: nothing(s.catalogue.delete_product(i[0]))),
    (f"GET {PRODUCT}{ID}/images", lambda s, i, q, b: s.pages(s.catalogue.known(i[0])["images"], q)),
    (f"POST {PRODUCT}{ID}/images", lambda s, i, q, b: data(s.catalogue.add_image(i[0], b))),
    (f"PUT {PRODUCT}{ID}/images{ID}", change_image),
    (f"DELETE {PRODUCT}{ID}/images{ID}", delete_image),
    (
        f"GET {PRODUCT}{ID}/options",
        lambda s, i, q, b: s.pages(s.catalogue.known(i[0])["options"], q),
    ),
    (f"POST {PRODUCT}{ID}/options", lambda s, i, q, b: data(s.catalogue.add_option(i[0], b))),
    (
        f"POST {PRODUCT}{ID}/options{ID}/values",
        lambda s, i, q, b: data(s.catalogue.add_value(i[0], i[1], b)),
    ),
    (
        f"PUT {PRODUCT}{ID}/variants{ID}",
        lambda s, i, q, b: data(s.catalogue.variants[i[1]].update(b)),
    ),
    (
        f"DELETE {PRODUCT}{ID}/variants{ID}",
        lambda s, i, q, b: nothing(s.catalogue.variants.pop(i[1], None)),
    ),
    ("GET /v3/catalog/variants", variants),
    ("PUT /v3/catalog/variants", lambda s, i, q, b: data(s.catalogue.put_variants(b))),
    (
        "PUT /v3/inventory/adjustments/absolute",
        lambda s, i, q, b: JSONResponse(s.catalogue.adjust(b)),
    ),
    ("GET /v3/inventory/items", items),
    ("GET /v3/pricelists", lambda s, i, q, b: s.pages(s.catalogue.lists.values(), q)),
    (f"PUT /v3/pricelists{ID}/records", lambda s, i, q, b: data(s.catalogue.put_records(i[0], b))),
    (f"DELETE /v3/pricelists{ID}/records", delete_records),
    (
        "GET /v3/catalog/trees/categories",
        lambda s, i, q, b: s.pages(s.catalogue.categories.values(), q),
    ),
    ("POST /v3/catalog/trees/categories", lambda s, i, q, b: data(s.catalogue.make_categories(b))),
    (
        "PUT /v3/catalog/trees/categories",
        lambda s, i, q, b: JSONResponse({"meta": {}, "data": s.catalogue.change_categories(b)}),
    ),
    ("DELETE /v3/catalog/trees/categories", delete_categories),
    ("GET /v3/customers", customers),
    ("POST /v3/customers", lambda s, i, q, b: data(s.people.make(b))),
    ("PUT /v3/customers", lambda s, i, q, b: data(s.people.change(b))),
    ("DELETE /v3/customers", delete_customers),
    ("GET /v3/customers/addresses", addresses),
    ("POST /v3/customers/addresses", lambda s, i, q, b: data(s.people.add_addresses(b))),
    ("GET /v2/orders", orders),
    (f"GET /v2/orders{ID}", lambda s, i, q, b: JSONResponse(s.people.order(i[0]))),
    (f"PUT /v2/orders{ID}", change_order),
    (f"GET /v2/orders{ID}/products", order_lines),
    (f"GET /v2/orders{ID}/shipments", shipments),
    (
        f"POST /v2/orders{ID}/shipments",
        lambda s, i, q, b: JSONResponse(s.people.ship(i[0], b), 201),
    ),
]
