"""The shop itself: log-in, routes, faults, and the queue that moves when somebody consumes it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote, unquote
from uuid import uuid4

from starlette.responses import JSONResponse, PlainTextResponse, Response

from tests.peers.http_server import Asked
from tests.peers.magento.catalogue import Catalogue
from tests.peers.magento.contract import violations
from tests.peers.magento.people import REGIONS, People
from tests.peers.magento.pricing import Pricing
from tests.peers.magento.problem import Problem, missing
from tests.peers.magento.searching import found

TOKEN = "t0ken"
CONSUMER, TOKEN_ID = "c0nsumer", "acce55"
SECRETS = ("consumer secret", "token secret")
Item = dict[str, Any]
COMPLETE, AGAIN, FAILED, OPEN, REJECTED = 1, 2, 3, 4, 5


class MagentoShop:
    """One shop. Tests look into its rooms, and count `calls`."""

    def __init__(self) -> None:
        self.catalogue = Catalogue()
        self.pricing = Pricing(self.catalogue)
        self.people = People()
        self.bearer = True
        """Whether bearer tokens are taken: since 2.4.4 only where somebody allows it."""
        self.modules = ["Magento_InventoryApi", "Magento_WebapiAsync"]
        self.currency = "EUR"
        self.bulks: dict[str, list[Item]] = {}
        self.ends: dict[str, int] = {}
        """SKU → what becomes of it in the queue, where it is not plainly done."""
        self.calls: list[str] = []
        self.violations: list[str] = []
        self.faults: list[Callable[[Asked], Response]] = []
        self.lost: list[int] = []
        """A number here: that many requests from now the answer gets lost, its effect stays."""

    def __call__(self, asked: Asked) -> Response:
        raw, method = asked.request.scope["raw_path"].decode(), asked.request.method
        if raw == "/magento_version":
            return PlainTextResponse("Magento/2.4 (Community)")
        where = re.fullmatch(r"/rest/\w+/(async/bulk/)?V1/(.+)", raw)
        assert where, raw
        path = where[2]
        body: Any = json.loads(asked.body) if asked.body else None
        self.calls.append(f"{method} {where[1] or ''}{path}")
        if not self._known(asked):
            words = "The consumer isn't authorized to access %resources."
            return Problem(401, words, parameters={"resources": "self"}).answer()
        if self.faults:
            return self.faults.pop(0)(asked)
        try:
            if where[1]:
                answer = self._queued(method, path, body)
            else:
                self.violations += violations(method, path, asked.query, body)
                answer = JSONResponse(_filled(self._answer(method, path, asked.query, body)))
        except Problem as problem:
            answer = problem.answer()
        answer.headers["date"] = "Sun, 01 Mar 2026 12:00:00 GMT"
        if self.lost:
            self.lost[0] -= 1
            if self.lost[0] <= 0:
                self.lost.pop(0)
                return Response("<h1>504</h1>", 504, media_type="text/html")
        return answer

    def _answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        for pattern, answer in ROUTES:
            if match := re.fullmatch(pattern, f"{method} {path}"):
                parts = [unquote(each) for each in match.groups()]
                return answer(self, parts, query, body)
        raise Problem(404, "Request does not match any route.")

    # The queue

    def _queued(self, method: str, path: str, bodies: list[Any]) -> Response:
        for body in bodies:
            self.violations += violations(method, path, {}, body)
        bulk = str(uuid4())
        self.bulks[bulk] = [
            {"id": number, "status": OPEN, "call": (method, path, body)}
            for number, body in enumerate(bodies)
        ]
        verdicts = [{"id": n, "data_hash": None, "status": "accepted"} for n in range(len(bodies))]
        for number, body in enumerate(bodies):
            if self.ends.get(body["product"]["sku"]) == -1:
                verdicts[number] |= {"status": "rejected", "error_message": "Odd data"}
                self.bulks[bulk].pop(number)
        errors = any(each["status"] == "rejected" for each in verdicts)
        told = {"bulk_uuid": bulk, "request_items": verdicts, "errors": errors}
        return JSONResponse(told, 202)

    def consume(self) -> None:
        """The shop's consumers come by, once."""
        for operation in (each for bulk in self.bulks.values() for each in bulk):
            if operation["status"] != OPEN:
                continue
            method, path, body = operation["call"]
            end = self.ends.get(body["product"]["sku"], COMPLETE)
            if end == COMPLETE:
                try:
                    self._answer(method, path, {}, body)
                except Problem as problem:
                    end = FAILED
                    operation["result_message"] = problem.told["message"]
            elif end != OPEN:
                operation["result_message"] = f"It ended with {end}"
            operation["status"] = end

    def status_of(self, bulk: str) -> Item:
        if bulk not in self.bulks:
            raise missing("bulk")
        told = [
            {name: value for name, value in each.items() if name != "call"}
            for each in self.bulks[bulk]
        ]
        return {"bulk_id": bulk, "operations_list": told, "operation_count": len(told)}

    # The log-in

    def _known(self, asked: Asked) -> bool:
        header = asked.headers.get("authorization", "")
        if header.startswith("Bearer "):
            return self.bearer and header == f"Bearer {TOKEN}"
        said = {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', header)}
        signature = said.pop("oauth_signature", "")
        if (said.get("oauth_consumer_key"), said.get("oauth_token")) != (CONSUMER, TOKEN_ID):
            return False
        return hmac.compare_digest(signature, _signed(asked, said))


def _signed(asked: Asked, oauth: dict[str, str]) -> str:
    """The signature that the request should have (RFC 5849)."""

    def escaped(text: str) -> str:
        return quote(text, safe="-._~")

    url = asked.request.url
    pairs = [*parse_qsl(url.query, keep_blank_values=True), *oauth.items()]
    listed = "&".join("=".join(p) for p in sorted((escaped(n), escaped(v)) for n, v in pairs))
    address = f"{url.scheme}://{url.netloc}{asked.request.scope['raw_path'].decode()}"
    text = "&".join((asked.request.method, escaped(address), escaped(listed)))
    key = "&".join(map(escaped, SECRETS)).encode()
    return base64.b64encode(hmac.digest(key, text.encode(), hashlib.sha256)).decode()


def unavailable(status: int, **headers: str) -> Callable[[Asked], Response]:
    """A fault: nothing is done."""
    return lambda _: Response("busy", status, headers=headers, media_type="text/html")


def _filled(value: Any) -> Any:
    """Empty fields are left out."""
    if isinstance(value, dict):
        return {name: _filled(each) for name, each in value.items() if each is not None}
    return [_filled(each) for each in value] if isinstance(value, list) else value


def attribute(shop: MagentoShop, parts: list[str], _: Any, __: Any) -> Item:
    if parts[0] not in shop.catalogue.attributes:
        raise missing("attribute")
    return shop.catalogue.attributes[parts[0]]


def sources(shop: MagentoShop, _: Any, query: dict[str, str], __: Any) -> Item:
    return found([{"source_code": each} for each in sorted(shop.catalogue.sources)], query)


def groups(shop: MagentoShop, _: Any, query: dict[str, str], __: Any) -> Item:
    codes = sorted(shop.pricing.groups - {"ALL GROUPS"})
    return found([{"id": n, "code": code} for n, code in enumerate(codes, 1)], query)


def delete_product(shop: MagentoShop, parts: list[str], _: Any, __: Any) -> bool:
    sku = shop.catalogue.known(parts[0])["sku"]
    del shop.catalogue.products[sku.casefold()]
    return True


def one_order(shop: MagentoShop, parts: list[str], _: Any, __: Any) -> Item:
    if not parts[0].isdigit():
        raise missing("entity")
    return shop.people.order(int(parts[0]))


def delete_customer(shop: MagentoShop, parts: list[str], _: Any, __: Any) -> bool:
    del shop.people.customers[shop.people.customer(int(parts[0]))["id"]]
    return True


def change_category(shop: MagentoShop, parts: list[str], _: Any, body: Any) -> Item:
    item = shop.catalogue.category(int(parts[0]))
    item.update(body["category"])
    return item


Route = Callable[[MagentoShop, list[str], dict[str, str], Any], Any]
ONE = r"/([^/]+)"
# ruff: noqa: ARG005 - one shape for all answers
ROUTES: list[tuple[str, Route]] = [
    ("GET products", lambda s, p, q, b: found(s.catalogue.products.values(), q)),
    ("POST products", lambda s, p, q, b: s.catalogue.save(b)),
    ("POST products/base-prices", lambda s, p, q, b: s.pricing.base(b)),
    ("POST products/base-prices-information", lambda s, p, q, b: s.pricing.base_of(b)),
    ("POST products/special-price", lambda s, p, q, b: s.pricing.put_special(b)),
    ("POST products/special-price-delete", lambda s, p, q, b: s.pricing.drop_special(b)),
    ("POST products/special-price-information", lambda s, p, q, b: s.pricing.special_of(b)),
    ("POST products/tier-prices", lambda s, p, q, b: s.pricing.put_tiers(b)),
    ("POST products/tier-prices-delete", lambda s, p, q, b: s.pricing.drop_tiers(b)),
    ("POST products/tier-prices-information", lambda s, p, q, b: s.pricing.tiers_of(b)),
    (f"GET products/attributes{ONE}", attribute),
    (
        f"POST products/attributes{ONE}/options",
        lambda s, p, q, b: s.catalogue.add_option(p[0], b),
    ),
    (f"GET products{ONE}", lambda s, p, q, b: s.catalogue.known(p[0])),
    (f"DELETE products{ONE}", delete_product),
    (f"POST products{ONE}/media", lambda s, p, q, b: s.catalogue.add_picture(p[0], b)),
    (
        f"PUT products{ONE}/media{ONE}",
        lambda s, p, q, b: s.catalogue.change_picture(p[0], int(p[1]), b),
    ),
    (
        f"DELETE products{ONE}/media{ONE}",
        lambda s, p, q, b: s.catalogue.remove_picture(p[0], int(p[1])),
    ),
    ("GET inventory/sources", sources),
    ("GET inventory/source-items", lambda s, p, q, b: found(s.catalogue.stock.values(), q)),
    ("POST inventory/source-items", lambda s, p, q, b: s.catalogue.put_stock(b)),
    (f"GET bulk{ONE}/status", lambda s, p, q, b: s.status_of(p[0])),
    ("GET categories/list", lambda s, p, q, b: found(s.catalogue.categories.values(), q)),
    ("POST categories", lambda s, p, q, b: s.catalogue.make_category(b)),
    (f"GET categories{ONE}", lambda s, p, q, b: s.catalogue.category(int(p[0]))),
    (f"PUT categories{ONE}", change_category),
    (
        f"PUT categories{ONE}/move",
        lambda s, p, q, b: s.catalogue.move_category(int(p[0]), b),
    ),
    ("GET customers/search", lambda s, p, q, b: found(s.people.customers.values(), q)),
    ("POST customers", lambda s, p, q, b: s.people.make_customer(b)),
    (f"GET customers{ONE}", lambda s, p, q, b: s.people.customer(int(p[0]))),
    (f"PUT customers{ONE}", lambda s, p, q, b: s.people.change_customer(int(p[0]), b)),
    (f"DELETE customers{ONE}", delete_customer),
    ("GET customerGroups/search", groups),
    (
        f"GET directory/countries{ONE}",
        lambda s, p, q, b: {"id": p[0], "available_regions": REGIONS},
    ),
    ("GET orders", lambda s, p, q, b: found(s.people.orders.values(), q)),
    (f"GET orders{ONE}", one_order),
    (f"POST orders{ONE}/comments", lambda s, p, q, b: s.people.comment(int(p[0]), b)),
    (f"POST orders{ONE}/cancel", lambda s, p, q, b: s.people.cancel(int(p[0]))),
    (f"POST orders{ONE}/hold", lambda s, p, q, b: s.people.hold(int(p[0]))),
    (f"POST order{ONE}/ship", lambda s, p, q, b: s.people.ship(int(p[0]), b)),
    (f"POST order{ONE}/invoice", lambda s, p, q, b: s.people.invoice(int(p[0]), b)),
    ("GET shipments", lambda s, p, q, b: found(s.people.shipments, q)),
    ("POST shipment/track", lambda s, p, q, b: s.people.add_track(b)),
    (
        "GET store/storeConfigs",
        lambda s, p, q, b: [{"base_currency_code": s.currency, "weight_unit": "kgs"}],
    ),
    ("GET modules", lambda s, p, q, b: s.modules),
]
