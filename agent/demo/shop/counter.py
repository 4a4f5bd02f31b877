"""Pages for people: look, put into the cart, order, see what became of it. Forms, no scripts."""

from __future__ import annotations

import secrets
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from agent.demo.shop.database import ShopDatabase
from agent.demo.shop.problem import Problem
from agent.demo.shop.storefront import page
from agent.demo.shop.waiting import Bell

SHOWN_PRODUCTS = 100
LARGEST_FORM = 10_000
LONGEST_TEXT = 200


class Counter:
    """Serves people. `bell` rings when an order was placed."""

    def __init__(self, database: ShopDatabase, bell: Bell) -> None:
        self._database = database
        self._orders = database.orders
        self._bell = bell

    def routes(self) -> list[Route]:
        """Where the pages stand."""
        return [
            Route("/", self.storefront),
            Route("/cart", self.cart),
            Route("/cart", self.put_into_cart, methods=["POST"]),
            Route("/orders", self.place_order, methods=["POST"]),
            Route("/orders/{cart}", self.order),
            Route("/agent", self.agent),
        ]

    async def storefront(self, request: Request) -> Response:
        """What can be bought."""
        search = request.query_params.get("q", "")
        return page(
            "storefront.html",
            products=self._database.products(search, SHOWN_PRODUCTS),
            counts=self._database.counts(),
            heartbeat=self._database.heartbeat(),
            search=search,
            pieces=len(self._orders.cart(_cart(request))),
        )

    async def cart(self, request: Request) -> Response:
        """What is in the cart."""
        return page("cart.html", lines=self._lines(_cart(request)))

    async def put_into_cart(self, request: Request) -> Response:
        """So much of an article."""
        form = await _form(request)
        cart = _cart(request) or secrets.token_urlsafe(24)
        self._orders.put_into_cart(cart, form.get("sku", ""), _quantity(form.get("quantity", "1")))
        answer = RedirectResponse("cart", 303)
        # Strict: what another site sends in somebody's name comes without his cart.
        answer.set_cookie("cart", cart, httponly=True, samesite="strict")
        return answer

    async def place_order(self, request: Request) -> Response:
        """The cart becomes an order."""
        form, cart = await _form(request), _cart(request)
        if not form.get("customer"):
            raise Problem(422, "no_customer", "say who orders: the customer code")
        lines = self._lines(cart)
        if not lines and self._orders.order(cart) is None:
            raise Problem(422, "empty_cart", "there is nothing in the cart")
        self._orders.place(
            cart,
            lines,
            customer=form["customer"],
            currency="EUR",
            customer_reference=form.get("reference", ""),
            note=form.get("note", ""),
        )
        self._bell.ring()
        answer = RedirectResponse(f"orders/{cart}", 303)
        answer.delete_cookie("cart")
        return answer

    async def order(self, request: Request) -> Response:
        """An order, and what became of it."""
        order = self._orders.order(request.path_params["cart"])
        if order is None:
            raise Problem(404, "unknown_order", "there is no such order")
        return page("order.html", order=order, status=self._orders.status(order["number"]))

    async def agent(self, request: Request) -> Response:  # noqa: ARG002 - a route's shape
        """How the agent does, and what it was asked for."""
        beat = self._database.heartbeat()
        return page(
            "agent.html", heartbeat=beat, commands=self._database.commands.newest(SHOWN_PRODUCTS)
        )

    def _lines(self, cart: str) -> list[dict[str, Any]]:
        """The lines of an order over what is in the cart now, at today's prices."""
        lines: list[dict[str, Any]] = []
        for sku, quantity in self._orders.cart(cart).items():
            product = self._database.product(sku)
            price = next((each for each in product["price"] if not each.get("customer")), None)
            amount = Decimal(price["price"]) if price else Decimal(0)
            lines.append(
                {
                    "line": len(lines) + 1,
                    "sku": sku,
                    "description": product.get("name", ""),
                    "quantity": str(quantity),
                    "unit": product.get("unit"),
                    "price": str(amount),
                    "total": str((amount * quantity).quantize(Decimal("0.01"))),
                }
            )
        return lines


def _cart(request: Request) -> str:
    return request.cookies.get("cart", "")


async def _form(request: Request) -> dict[str, str]:
    """A small form's fields; raises 413 for a large one."""
    received = bytearray()
    async for portion in request.stream():
        received += portion
        if len(received) > LARGEST_FORM:
            raise Problem(413, "too_large", "this is more than a form of ours holds")
    fields = parse_qs(received.decode("utf-8", "replace"))
    return {name: values[0].strip()[:LONGEST_TEXT] for name, values in fields.items()}


def _quantity(text: str) -> Decimal:
    """Raises 422 for what is no number of things."""
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > 1_000_000 or number != round(number, 4):
        raise Problem(422, "wrong_quantity", f"this is no quantity: {text}")
    return number
