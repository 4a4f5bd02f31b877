"""The stand-in as a server: every document is validated, charged and run.

Faults are scripted: `faults` holds one for each of the next requests, `lose` does the work and
drops the answer.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from graphql import (
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    execute_sync,
    get_directive_values,
    get_named_type,
    parse,
    validate,
)
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tests.peers.http_server import serving
from tests.peers.shopify.bulk import Bulk, file_in_form
from tests.peers.shopify.catalogue import Catalogue
from tests.peers.shopify.costs import DEAREST, Bucket, cost, spent
from tests.peers.shopify.shop import Record, Refusal, Shop, View, connection, marked
from tests.peers.shopify.trade import Trade

VERSION = "2026-10"
TOKEN = "shpat_of_the_tests"
SCHEMA = build_schema(Path(__file__).with_name("admin.graphql").read_text(encoding="utf-8"))
(IDEMPOTENT,) = [each for each in SCHEMA.directives if each.name == "idempotent"]
NEEDS_KEY = {"inventorySetQuantities", "inventoryActivate"}
Handler = Callable[..., Any]
_parsed: dict[str, DocumentNode] = {}


class Lost(Exception):
    """The connection broke before the answer."""


class ShopServer:
    """One shop behind a real HTTP server."""

    def __init__(self) -> None:
        self.shop = Shop(scopes=["write_products", "read_all_orders", "write_orders"])
        self.catalogue, self.trade = Catalogue(self.shop), Trade(self.shop)
        self.bulk = Bulk(self.shop, self._run_line)
        self.bucket = Bucket()
        self.faults: deque[Callable[[Handler], Response]] = deque()
        self.requests: list[tuple[str, Record]] = []
        """Every document that was run, with its variables."""
        self.fetched: list[str] = []
        """Every other address that was asked."""
        self.denied: set[str] = set()
        """Mutations for which the app has no scope."""
        self.token = TOKEN
        self.client = (uuid4().hex, uuid4().hex)
        """Id and secret of the app."""
        self.answers_as = VERSION
        self.url = ""
        self._mutations = self._all_mutations()
        self._questions = self._all_questions()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        try:
            with self.shop.lock:
                response = self._answer(request, body)
        except Lost:
            # An answer that ends before its announced length: the other side sees a broken wire.
            headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b'{"da', "more_body": True})
            return
        await response(scope, receive, send)

    # -- what tests say

    def lose_next_answer(self) -> None:
        """Do what is asked next, and break the connection before the answer is whole."""

        def lose(run: Handler) -> Response:
            run()
            raise Lost

        self.faults.append(lose)

    def fail_next(self, status: int = 503, code: str = "", **headers: str) -> None:
        """Do nothing of what is asked next: answer a status, or a GraphQL error with a code."""

        def fail(_: Handler) -> Response:
            if code:
                told = [{"message": f"{code}!", "extensions": {"code": code}}]
                return JSONResponse({"errors": told})
            return JSONResponse({"errors": "not now"}, status_code=status, headers=headers)

        self.faults.append(fail)

    def pass_next(self) -> None:
        """The next request goes well; for a fault in the one after it."""
        self.faults.append(lambda run: run())

    # -- requests

    def _answer(self, request: Request, body: bytes) -> Response:
        path = request.url.path
        if path == f"/admin/api/{VERSION}/graphql.json":
            return self._graphql(request, body)
        self.fetched.append(path)
        if path == "/admin/oauth/access_token":
            return self._token_for(body)
        if path == "/upload":
            assert "x-shopify-access-token" not in request.headers
            key, content = file_in_form(request.headers["content-type"], body)
            self.bulk.files[key] = content
            return Response(status_code=201)
        if path.startswith("/results/"):
            assert "x-shopify-access-token" not in request.headers
            return Response(self.bulk.results[path.rpartition("/")[2]], media_type="text/plain")
        return JSONResponse({"errors": "Not Found"}, status_code=404)

    def _token_for(self, body: bytes) -> Response:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if (form["client_id"], form["client_secret"]) != self.client:
            return JSONResponse({"error": "application_cannot_be_found"}, status_code=400)
        assert form["grant_type"] == "client_credentials"
        self.token = f"shpat_{next(self.shop.numbers)}"
        return JSONResponse({"access_token": self.token, "scope": "", "expires_in": 86399})

    def _graphql(self, request: Request, body: bytes) -> Response:
        if request.headers.get("x-shopify-access-token") != self.token:
            words = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return JSONResponse({"errors": words}, status_code=401)
        asked = json.loads(body)

        def run() -> Response:
            answer = self._run(asked["query"], asked["variables"])
            return JSONResponse(answer, headers={"x-shopify-api-version": self.answers_as})

        fault = self.faults.popleft() if self.faults else None
        return fault(run) if fault else run()

    def _run(self, text: str, variables: Record) -> Record:
        document = _parsed.get(text) or parse(text)
        if text not in _parsed:
            if problems := validate(SCHEMA, document):
                return {"errors": [each.formatted for each in problems]}
            _parsed[text] = document
        points = cost(document, variables)
        extensions = {"requestedQueryCost": points, "actualQueryCost": points}
        if points > DEAREST:
            told = f"Query cost is {points}, which exceeds the single query max cost limit"
            code = {"code": "MAX_COST_EXCEEDED"}
            return {"errors": [{"message": told, "extensions": code}]}
        if not self.bucket.pay(points):
            status = {**extensions, "throttleStatus": self.bucket.status}
            throttled = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return {"errors": [throttled], "extensions": {"cost": status}}
        self.requests.append((text, variables))
        answer = self._executed(document, variables)
        extensions["actualQueryCost"] = min(points, spent(document, answer["data"]))
        self.bucket.refund(points - extensions["actualQueryCost"])
        answer["extensions"] = {"cost": {**extensions, "throttleStatus": self.bucket.status}}
        return answer

    def _executed(self, document: DocumentNode, variables: Record) -> Record:
        self._require_keys(document)
        root = self._roots(document)
        result = execute_sync(SCHEMA, document, root_value=root, variable_values=variables)
        answer: Record = {"data": result.data}
        if result.errors:
            answer["errors"] = [_told(each) for each in result.errors]
        return answer

    def _run_line(self, mutation: str, variables: Record) -> Record:
        """One line of a bulk operation."""
        if mutation not in _parsed:
            document = parse(mutation)
            if problems := validate(SCHEMA, document):
                raise AssertionError(problems)
            _parsed[mutation] = document
        return self._executed(_parsed[mutation], variables)

    def _require_keys(self, document: DocumentNode) -> None:
        """Some mutations are refused without the directive, though the schema does not say so."""
        for each in document.definitions:
            if isinstance(each, OperationDefinitionNode):
                for field in each.selection_set.selections:
                    name = field.name.value  # type: ignore[attr-defined]
                    directives = {one.name.value for one in field.directives or ()}
                    assert name not in NEEDS_KEY or "idempotent" in directives, name

    def _roots(self, document: DocumentNode) -> Mapping[str, Handler]:
        for each in document.definitions:
            if isinstance(each, OperationDefinitionNode):
                writes = each.operation is OperationType.MUTATION
                return self._mutations if writes else self._questions
        raise AssertionError("no operation")

    # -- what may be asked

    def _all_mutations(self) -> dict[str, Handler]:
        goods, trade = self.catalogue, self.trade
        handlers: dict[str, Handler] = {
            "productSet": goods.product_set,
            "productUpdate": goods.product_update,
            "productDelete": goods.product_delete,
            "productOptionsCreate": goods.options_create,
            "productVariantsBulkCreate": goods.variants_create,
            "productVariantsBulkUpdate": goods.variants_update,
            "productVariantsBulkDelete": goods.variants_delete,
            "collectionCreate": goods.collection_create,
            "collectionUpdate": goods.collection_update,
            "collectionDelete": goods.collection_delete,
            "inventorySetQuantities": trade.stock_set,
            "inventoryActivate": trade.stock_activate,
            "quantityPricingByVariantUpdate": trade.quantity_prices,
            "customerCreate": trade.customer_create,
            "customerUpdate": trade.customer_update,
            "customerDelete": trade.customer_delete,
            "customerAddressCreate": trade.address_create,
            "customerAddressUpdate": trade.address_update,
            "companyCreate": trade.company_create,
            "companyUpdate": trade.company_update,
            "companyDelete": trade.company_delete,
            "companyLocationAssignAddress": trade.company_address,
            "fulfillmentCreate": trade.fulfillment_create,
            "fulfillmentTrackingInfoUpdate": trade.tracking_update,
            "metafieldsSet": trade.metafields_set,
            "metafieldDefinitionCreate": self._define,
            "stagedUploadsCreate": self.bulk.uploads,
            "bulkOperationRunMutation": self.bulk.start,
        }
        return {name: self._mutation(name, handler) for name, handler in handlers.items()}

    def _mutation(self, name: str, handler: Handler) -> Handler:
        def resolve(info: Any, **arguments: Any) -> View:
            if name in self.denied:
                told = f"Access denied for {name} field."
                raise GraphQLError(told, extensions={"code": "ACCESS_DENIED"})
            (node,) = info.field_nodes
            given = get_directive_values(IDEMPOTENT, node, info.variable_values)
            keys = [given["key"]] if given else []
            known = (name, *keys)
            if keys and known in self.trade.answers:
                return self.trade.answers[known]
            try:
                answer = {"userErrors": [], **handler(**arguments)}
            except Refusal as refusal:
                answer = {"userErrors": refusal.errors}
            else:
                if not answer["userErrors"]:
                    self.shop.done.append((name, arguments))
            answer["userErrors"] = [_coded(info, each) for each in answer["userErrors"]]
            if keys:
                self.trade.answers[known] = answer
            return answer

        return resolve

    def _define(self, definition: Record) -> View:
        place = (definition["ownerType"], definition["namespace"], definition["key"])
        if place in self.shop.definitions:
            raise Refusal("definition.key", "Key is in use for this owner type", "TAKEN")
        self.shop.definitions[place] = definition["type"]
        return {"createdDefinition": {"id": "gid://shopify/MetafieldDefinition/1"}}

    def _all_questions(self) -> dict[str, Handler]:
        shop = self.shop
        return {
            "nodes": lambda _, ids: [self.view(each) for each in ids],
            "product": lambda _, **a: self.view(a["id"]),
            "fulfillmentOrder": lambda _, **a: self.view(a["id"]),
            "order": lambda _, **a: self.view(a["id"]),
            "productByIdentifier": self._by_key("Product"),
            "productVariantByIdentifier": self._by_key("ProductVariant"),
            "collectionByIdentifier": self._by_key("Collection"),
            "customerByIdentifier": self._by_key("Customer"),
            "productVariants": lambda _, **a: self.catalogue.variants_found(**a),
            "inventoryItem": lambda _, **a: self._item(a["id"]),
            "companies": lambda _, **a: self.trade.companies(**a),
            "orders": self._orders,
            "customers": self._customers,
            "priceList": lambda _, **a: self.trade.price_list(**a),
            "bulkOperation": lambda _, **a: self.bulk.one(**a),
            "bulkOperations": lambda _, **a: self.bulk.latest(**a),
            "shop": lambda _: {"id": "x", "name": "Rossi", "currencyCode": shop.currency},
            "currentAppInstallation": lambda _: {
                "accessScopes": [{"handle": each} for each in shop.scopes]
            },
            "locations": self._listed("Location"),
            "priceLists": self._listed("PriceList"),
            "publications": self._listed("Publication"),
            "metafieldDefinitions": lambda _, **a: self._definitions(**a),
        }

    def _listed(self, kind: str) -> Handler:
        def resolve(info: Any, **arguments: Any) -> View:
            page: View = connection(self.shop.all(kind), dict)(info, **arguments)
            return page

        return resolve

    def _definitions(self, ownerType: str, namespace: str, **_: Any) -> View:  # noqa: N803
        return {
            "nodes": [
                {"key": key, "type": {"name": kind}}
                for (owner, space, key), kind in self.shop.definitions.items()
                if (owner, space) == (ownerType, namespace)
            ]
        }

    def _seen(self, record: Record) -> View:
        return self.view(record["id"]) or {}

    def view(self, identifier: str) -> View | None:
        """A record as queries see it."""
        if "/Refund/" in identifier:
            return self.trade.refund(identifier)
        record = self.shop.records.get(identifier)
        if record is None:
            return None
        views: dict[str, Callable[[Record], View]] = {
            "Product": self.catalogue.product,
            "ProductVariant": self.catalogue.variant,
            "Company": self.trade.company,
            "Order": self.trade.order,
            "FulfillmentOrder": self.trade.fulfillment_order,
        }
        return views.get(record["__typename"], marked)(record)

    def _item(self, identifier: str) -> View | None:
        item = self.shop.records.get(identifier)
        owners = [v for v in self.shop.all("ProductVariant") if v["item"] == identifier]
        if item is None or not owners:
            return None
        levels = [
            {
                "id": place,
                "location": self.shop.get(place),
                "quantities": lambda _, names, q=quantity: [{"quantity": q} for _ in names],
            }
            for place, quantity in item["levels"].items()
        ]
        return {**item, "sku": owners[0]["sku"], "inventoryLevels": connection(levels, dict)}

    def _by_key(self, kind: str) -> Handler:
        def resolve(_: Any, identifier: Record) -> View | None:
            owner = self.shop.keys.get((kind, identifier["customId"]["value"]))
            return self.view(owner) if owner else None

        return resolve

    def _orders(self, _: Any, first: int, query: str | None = None, **rest: Any) -> View:
        if query and query.startswith("name:"):
            return self.trade.orders_named(query, first)
        return self._changed("Order", first, query, **rest)

    def _customers(self, _: Any, first: int, query: str | None = None, **rest: Any) -> View:
        return self._changed("Customer", first, query, **rest)

    def _changed(
        self,
        kind: str,
        first: int,
        query: str | None,
        after: str | None = None,
        sortKey: str = "",  # noqa: N803
        **_: Any,
    ) -> View:
        assert sortKey == "UPDATED_AT"
        found = sorted(self.shop.all(kind), key=lambda each: (each["updatedAt"], each["id"]))
        if query:
            since = query.partition("updated_at:>='")[2].partition("'")[0]
            found = [each for each in found if each["updatedAt"] >= since]
        page: View = connection(found, self._seen)(None, first=first, after=after)
        return page


def _coded(info: Any, problem: Record) -> Record:
    """The error with a code that this mutation knows; all know INVALID, or have no codes."""
    kind = get_named_type(info.return_type.fields["userErrors"].type)
    codes = get_named_type(kind.fields["code"].type).values if "code" in kind.fields else {}
    return {**problem, "code": problem["code"] if problem["code"] in codes else _any(codes)}


def _any(codes: Mapping[str, Any]) -> str | None:
    return "INVALID" if "INVALID" in codes else None


def _told(problem: GraphQLError) -> Record:
    if not isinstance(problem.original_error, GraphQLError):
        raise problem.original_error or problem
    return dict(problem.formatted)


class Door:
    """One address behind which each test finds a shop of its own."""

    def __init__(self) -> None:
        self.url = ""
        self.shop = ShopServer()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.shop(scope, receive, send)

    def open(self) -> ShopServer:
        """A new shop, with two locations."""
        self.shop = ShopServer()
        for name in ("Milano", "Roma"):
            self.shop.shop.add("Location", name=name, isActive=True)
        self.shop.url = self.shop.bulk.url = self.url
        return self.shop


@contextmanager
def running() -> Iterator[Door]:
    """A server, until the block ends."""
    door = Door()
    with serving(door) as door.url:
        yield door
