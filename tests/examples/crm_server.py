"""A CRM with a web API: OAuth2, counted pages with a total, changes by their stamp.

Contacts can be written: a field that a PATCH leaves out stays as it is, e-mails are kept in small
letters, and no two contacts have the same.
"""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.peers.http_server import Asked
from tests.peers.losing import Lost

SECRET = "secret-of-the-crm"
BEGINNING = datetime(2026, 11, 1, 8, tzinfo=UTC)
WRITABLE = {
    "external_id", "customer_number", "first_name", "last_name", "email", "phone", "role",
    "language", "active",
}  # fmt: skip

Account = dict[str, Any]
Contact = dict[str, Any]


class Crm:
    """What it holds, and how it answers. A test changes records as a salesman would."""

    def __init__(self, accounts: int, with_people: int = 0) -> None:
        self.accounts = {number: _account(number) for number in range(1, accounts + 1)}
        people = [each for number in range(1, with_people + 1) for each in _people(number)]
        self.contacts: dict[int, Contact] = {each["id"]: each for each in people}
        self.failing_page = ""
        self.lost_answers = 0
        """So many answers to writes get lost after the work was done."""
        self._hours = 0

    def change(self, number: int, /, **values: Any) -> None:
        """An account is edited, and stamped."""
        self.accounts[number] |= values | {"updated_at": self._stamp()}

    def change_contact(self, number: int, /, **values: Any) -> None:
        """A contact is edited, and stamped; with `updated_at` as of that moment."""
        self.contacts[number] |= {"updated_at": self._stamp()} | values

    def add_contact(self, **values: Any) -> int:
        """Somebody new, as a salesman enters him; the CRM's own id."""
        number = max(self.contacts, default=0) + 1
        self.contacts[number] = {"id": number, "active": True} | values
        self.change_contact(number)
        return number

    def __call__(self, asked: Asked) -> Response:
        if asked.path == "/oauth/token":
            return JSONResponse({"access_token": SECRET[::-1], "expires_in": 3600})
        if asked.headers.get("authorization") != f"Bearer {SECRET[::-1]}":
            return JSONResponse({"error": "unauthorized"}, 401)
        table, *key = asked.path.removeprefix("/api/v3/").split("/")
        if asked.request.method != "GET":
            answer = self._write(asked, key)
            if self.lost_answers:
                self.lost_answers -= 1
                return Lost()
            return answer
        records: dict[int, Any] = self.accounts if table == "customers" else self.contacts
        if not key:
            return self._page(list(records.values()), asked.query)
        if int(key[0]) not in records:
            return _not_found()
        return JSONResponse({"data": _expanded(records[int(key[0])], asked.query)})

    def _page(self, records: list[dict[str, Any]], query: dict[str, str]) -> Response:
        number, size = int(query.get("page", "1")), int(query.get("per_page", "20"))
        if query.get("page", "") == self.failing_page != "":
            return JSONResponse({"error": "maintenance"}, 503, headers={"retry-after": "1"})
        since = query.get("updated_since", "")
        found = [each for each in records if each["updated_at"] >= since]
        for name in {"email", "external_id"} & query.keys():
            found = [each for each in found if each.get(name) == query[name].lower()]
        page = [_expanded(each, query) for each in found[(number - 1) * size : number * size]]
        return JSONResponse({"data": page, "meta": {"total": len(found)}})

    def _write(self, asked: Asked, key: list[str]) -> Response:
        values = json.loads(asked.body)
        if unknown := values.keys() - WRITABLE:
            return JSONResponse({"error": f"unknown fields: {sorted(unknown)}"}, 422)
        if values.get("email"):
            values["email"] = values["email"].lower()
        if asked.request.method == "POST" and not key:
            if self._has_email(values.get("email"), None):
                return JSONResponse({"error": "there is a contact of this e-mail"}, 409)
            number = self.add_contact(**values)
            return JSONResponse({"data": self.contacts[number]}, 201)
        number = int(key[0])
        if number not in self.contacts:
            return _not_found()
        if self._has_email(values.get("email"), number):
            return JSONResponse({"error": "there is a contact of this e-mail"}, 422)
        self.change_contact(number, **values)
        return JSONResponse({"data": self.contacts[number]})

    def _has_email(self, email: str | None, but: int | None) -> bool:
        others = (each for number, each in self.contacts.items() if number != but)
        return bool(email) and any(each.get("email") == email for each in others)

    def _stamp(self) -> str:
        self._hours += 1
        return _text(BEGINNING + timedelta(hours=self._hours))


def _not_found() -> Response:
    return JSONResponse({"error": "not found"}, 404)


def _expanded(record: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    """The record with what was asked for beside it; fields without a value are left out."""
    asked = query.get("expand", "").split(",")
    optional = {"first_name", "last_name", "email", "phone", "role", "language"}
    return {
        name: each
        for name, each in record.items()
        if (name != "addresses" or name in asked) and not (name in optional and each is None)
    }


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
        "updated_at": _text(BEGINNING),
    }  # fmt: skip
    if account["stage"] == "lead":
        account |= {"number": None, "vat_number": None}
    if number == 3:
        del account["email"]
    return copy.deepcopy(account)


def _people(number: int) -> list[Contact]:
    """Two of each customer; one of them has no e-mail."""
    both = {"customer_number": f"C{number:05}", "active": True, "updated_at": _text(BEGINNING)}
    return [
        both
        | {
            "id": 10 * number,
            "first_name": "Anna",
            "last_name": "Però",
            "role": "buyer",
            "email": f"anna{number}@example.com",
            "language": "it",
        },
        both | {"id": 10 * number + 1, "last_name": "Rossi", "phone": f"06 {number}"},
    ]


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
