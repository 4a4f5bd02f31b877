"""The shop itself: log-in, routes, faults, lists and their totals."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from tests.peers.http_server import Asked
from tests.peers.woocommerce.accounts import Accounts, Orders, Refunds
from tests.peers.woocommerce.catalogue import Categories, Products, Variations
from tests.peers.woocommerce.contract import violations
from tests.peers.woocommerce.failure import Failure

API = "/wp-json/wc/v3"
KEY, SECRET = "ck_7a1e", "cs_59c0"
MOST = 100


class WooShop:
    """One shop. Tests look into `products`, `orders` and so on, and count `calls`."""

    def __init__(self) -> None:
        self.products = Products()
        self.categories = Categories()
        self.accounts = Accounts()
        self.orders = Orders()
        self.refunds = Refunds()
        self.settings = {
            "tax/woocommerce_prices_include_tax": "no",
            "products/woocommerce_weight_unit": "kg",
            "products/woocommerce_manage_stock": "yes",
        }
        self.version = "9.8.5"
        self.readonly = False
        self.calls: list[str] = []
        self.violations: list[str] = []
        self.too_large = 0
        """Batches with more than a shop takes."""
        self.faults: list[Callable[[Asked], Response | None]] = []
        """The next one looks at the next request; what it answers goes out."""
        self.lost: list[int] = []
        """A number here: that many requests from now the answer gets lost, its effect stays."""

    def __call__(self, asked: Asked) -> Response:
        path = asked.path.removeprefix(API)
        body = json.loads(asked.body) if asked.body else None
        method = asked.request.method
        self.calls.append(f"{method} {path}")
        if not self._signed(asked):
            return Failure(
                "woocommerce_rest_authentication_error", "Invalid signature", 401
            ).answer()
        if self.readonly and method != "GET":
            told = "The API key provided does not have write permissions."
            return Failure("woocommerce_rest_authentication_error", told, 401).answer()
        if self.faults and (answer := self.faults.pop(0)(asked)) is not None:
            return answer
        self.violations += violations(method, path, asked.query, body)
        try:
            answer = self._answer(method, path, asked.query, body)
        except Failure as failure:
            answer = failure.answer()
        if self.lost:
            self.lost[0] -= 1
            if self.lost[0] <= 0:
                self.lost.pop(0)
                return Response("<h1>504 Gateway Time-out</h1>", 504, media_type="text/html")
        return answer

    def _answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Response:
        if path == "/system_status":
            return JSONResponse({"environment": {"version": self.version}, "settings": {}})
        if path == "/data/currencies/current":
            return JSONResponse({"code": "EUR", "name": "Euro", "symbol": "&euro;"})
        if path.startswith("/settings/"):
            name = path.removeprefix("/settings/")
            return JSONResponse({"id": name, "value": self.settings[name]})
        if found := re.fullmatch(r"/orders/(\d+)/notes", path):
            return self._notes(int(found[1]), method, body)
        if found := re.fullmatch(r"(/[a-z/]+|/products/\d+/variations)/batch", path):
            return self._batch(found[1], body)
        if found := re.fullmatch(r"(/[a-z/]+|/products/\d+/variations)/(\d+)", path):
            return JSONResponse(self._list(found[1]).shown(int(found[2])))
        return self._page(self._list(path), query)

    def _list(self, path: str) -> Any:
        lists = {
            "/products": self.products,
            "/products/categories": self.categories,
            "/customers": self.accounts,
            "/orders": self.orders,
            "/refunds": self.refunds,
        }
        if found := re.fullmatch(r"/products/(\d+)/variations", path):
            return Variations(self.products, int(found[1]))
        if path not in lists:
            told = "No route was found matching the URL and request method."
            raise Failure("rest_no_route", told, 404)
        return lists[path]

    def _batch(self, path: str, body: dict[str, Any]) -> Response:
        """Each item by itself, in order; none is validated before it is written."""
        if sum(len(items) for items in body.values()) > MOST:
            self.too_large += 1
            told = f"Unable to accept more than {MOST} items for this request."
            raise Failure("woocommerce_rest_request_entity_too_large", told, 413)
        of = self._list(path)
        return JSONResponse(
            {name: [_tried(of, name, item) for item in items] for name, items in body.items()}
        )

    def _page(self, of: Any, query: dict[str, str]) -> Response:
        found = list(of.listed(query))
        if "include" in query:
            wanted = {int(each) for each in query["include"].split(",")}
            found = [each for each in found if each["id"] in wanted]
        if since := query.get("modified_after"):
            assert query["dates_are_gmt"] == "true"
            found = [each for each in found if _changed(each) > _moment(since)]
        order = query.get("orderby", "id")
        if order in {"id", "modified"}:
            name = "id" if order == "id" else "date_modified_gmt"
            found.sort(key=lambda each: each[name], reverse=query.get("order") == "desc")
        size, number = int(query.get("per_page", 10)), int(query.get("page", 1))
        page = found[(number - 1) * size : number * size]
        fields = query.get("_fields", "").split(",")
        if fields != [""]:
            page = [{name: each[name] for name in fields if name in each} for each in page]
        totals = {
            "X-WP-Total": str(len(found)),
            "X-WP-TotalPages": str(-(-len(found) // size)),
            "Date": "Sun, 01 Mar 2026 12:00:00 GMT",
        }
        return JSONResponse(page, headers=totals)

    def _notes(self, order: int, method: str, body: Any) -> Response:
        notes = self.orders.notes.setdefault(order, [])
        if method == "POST":
            notes.append({"id": len(notes) + 1, **body})
            return JSONResponse(notes[-1], 201)
        return JSONResponse(notes)

    def _unwelcome(self, asked: Asked) -> str:
        if not self._signed(asked):
            return "Invalid signature - provided signature does not match."
        if self.readonly and asked.request.method != "GET":
            return "The API key provided does not have write permissions."
        return ""

    def _signed(self, asked: Asked) -> bool:
        """RFC 5849, section 3.4, as WooCommerce checks it over http."""
        said = asked.query
        given = said.pop("oauth_signature", "")
        if said.get("oauth_consumer_key") != KEY:
            return False
        joined = "&".join(
            f"{quote(name, safe='')}={quote(said[name], safe='')}" for name in sorted(said)
        )
        address = str(asked.request.url).partition("?")[0]
        method = asked.request.method
        text = "&".join((method, quote(address, safe=""), quote(joined, safe="")))
        algorithm = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}
        used = algorithm[said["oauth_signature_method"]]
        digest = hmac.digest(f"{SECRET}&".encode(), text.encode(), used)
        return base64.b64encode(digest).decode() == given


def _tried(of: Any, what: str, item: Any) -> Any:
    try:
        if what == "update":
            return of.update(item["id"], item)
        return of.create(item) if what == "create" else of.delete(item)
    except Failure as failure:
        number = item if isinstance(item, int) else item.get("id", 0)
        return {"id": number, "error": failure.told()}


def _changed(item: Any) -> datetime:
    """Refunds do not tell when they were modified; they are when they are made."""
    return _moment(item.get("date_modified_gmt") or item["date_created_gmt"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z"))


def unavailable(status: int = 503, **headers: str) -> Callable[[Asked], Response]:
    """A fault: nothing is done."""
    return lambda _: Response("busy", status, headers=headers, media_type="text/html")
