"""A CRM with a web API: OAuth2, counted pages with a total, changes by their stamp."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.peers.http_server import Asked

SECRET = "secret-of-the-crm"
BEGINNING = datetime(2026, 11, 1, 8, tzinfo=UTC)

Account = dict[str, Any]


class Crm:
    """What it holds, and how it answers. A test changes accounts as a salesman would."""

    def __init__(self, count: int) -> None:
        self.accounts = {number: _account(number) for number in range(1, count + 1)}
        self.failing_page = ""
        self._hours = 0

    def change(self, number: int, /, **values: Any) -> None:
        """An account is edited, and stamped."""
        self._hours += 1
        stamp = BEGINNING + timedelta(hours=self._hours)
        self.accounts[number] |= values | {"updated_at": _text(stamp)}

    def __call__(self, asked: Asked) -> Response:
        if asked.path == "/oauth/token":
            return JSONResponse({"access_token": SECRET[::-1], "expires_in": 3600})
        if asked.headers.get("authorization") != f"Bearer {SECRET[::-1]}":
            return JSONResponse({"error": "unauthorized"}, 401)
        if asked.path == "/api/v3/customers":
            return self._page(asked.query)
        number = asked.path.removeprefix("/api/v3/customers/")
        found = self.accounts.get(int(number))
        if found is None:
            return JSONResponse({"error": "not found"}, 404)
        return JSONResponse({"data": _expanded(found, asked.query)})

    def _page(self, query: dict[str, str]) -> Response:
        if query["page"] == self.failing_page:
            return JSONResponse({"error": "maintenance"}, 503, headers={"retry-after": "1"})
        since = query.get("updated_since", "")
        found = [each for each in self.accounts.values() if each["updated_at"] >= since]
        size = int(query["per_page"])
        start = (int(query["page"]) - 1) * size
        page = [_expanded(each, query) for each in found[start : start + size]]
        return JSONResponse({"data": page, "meta": {"total": len(found)}})


def _expanded(account: Account, query: dict[str, str]) -> Account:
    """The account with what was asked for beside it."""
    asked = query.get("expand", "").split(",")
    nested = {"addresses", "contacts"}
    return {name: each for name, each in account.items() if name not in nested or name in asked}


def _account(number: int) -> Account:
    """Customers, now and then a lead, one that has no e-mail, one that is inactive."""
    account: Account = {
        "id": number,
        "number": f"C{number:05}",
        "name": f"Officina Müller & Figli {number}",
        "stage": "lead" if number % 10 == 0 else "customer",
        "status": "inactive" if number == 7 else "active",
        "vat_number": f"IT{number:011}",
        "email": f"Ordini{number}@Example.com",
        "owner": {"code": f"V{number % 3}"},
        "payment": {"terms": "net30", "discount": 2.5},
        "addresses": [
            {"id": 1, "use": "invoice", "street": "Via Roma 1", "zip": "00184", "city": "Roma",
             "province": "RM", "country": "it"},
            {"id": 2, "use": "delivery", "street": "Marktgasse 2", "zip": "39100", "city": "Bozen",
             "country": None},
        ],
        "contacts": [
            {"id": 10 * number, "first_name": "Anna", "last_name": "Però", "role": "buyer"},
            {"id": 10 * number + 1, "first_name": None, "last_name": "Rossi", "phone": "06 1"},
        ],
        "updated_at": _text(BEGINNING),
    }  # fmt: skip
    if account["stage"] == "lead":
        account |= {"number": None, "vat_number": None}
    if number == 3:
        del account["email"]
    return copy.deepcopy(account)


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
