"""The web service over records in memory: validated like the real one, with its traps.

A PUT empties what it does not name. Rows of stock come and go with products and combinations, and
changing them moves no `date_upd`. References are not unique, and compared without regard to case.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from starlette.responses import Response

from tests.peers.http_server import Asked
from tests.peers.prestashop.schema import (
    FORBIDDEN,
    PRICES,
    RESOURCES,
    WHOLE_NUMBERS,
    ZERO_BY_DEFAULT,
)

Record = dict[str, Any]


class Refused(Exception):
    """What the web service answers in place of a result."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class PrestaShop:
    """One shop with two languages and one key."""

    def __init__(self) -> None:
        self.key, self.version = "RIGHTKEY", "8.1.6"
        self.now = "2026-03-01 10:00:00"
        self.records: dict[str, dict[int, Record]] = {name: {} for name in RESOURCES}
        self.calls: list[tuple[str, str]] = []
        self.mails: list[str] = []
        self.loses_answer_of: tuple[str, str] = ("", "")
        """The next call of this method and resource does its work, and its answer gets lost."""
        self.after_page: Callable[[], None] = lambda: None
        self.fails: list[Response] = []
        """What happens to the next requests: an answer in place of the work."""
        self.loses: list[bool] = []
        """Whether the answers to the next requests get lost."""
        self.pictures: dict[str, bytes] = {}
        """Id → what was uploaded."""
        self.bad_pictures: set[bytes] = set()
        """What the shop does not take for a picture."""
        self.refused: set[str] = set()
        """References that the shop does not like."""
        self._last_id = 0
        for name, code in (("Italiano", "it"), ("English", "en")):
            self.put("languages", name=name, iso_code=code, active="1")
        self.root = self.put("categories", name="Home", active="1", id_parent="1")

    def put(self, resource: str, **values: Any) -> str:
        """A record that has always been there; texts are in every language."""
        record = self._empty(resource) | {name: str(value) for name, value in values.items()}
        for name, flags in _fields(resource).items():
            if "@" in flags:
                record[name] = dict.fromkeys((1, 2), str(values.get(name, "")))
        record["associations"] = values.get("associations", {})
        self._last_id += 1
        record["id"] = str(self._last_id)
        self.records[resource][self._last_id] = record
        return record["id"]

    def all(self, resource: str) -> list[Record]:
        """The records of a resource."""
        return list(self.records[resource].values())

    def count(self, method: str, resource: str) -> int:
        """How often a resource was asked so."""
        return self.calls.count((method, resource))

    def __call__(self, asked: Asked) -> Response:
        method, query = asked.request.method, asked.query
        _, _, resource, *rest = asked.path.split("/")
        self.calls.append((method, resource))
        if self.fails:
            return self.fails.pop(0)
        lost = self.loses.pop(0) if self.loses else False
        try:
            self._let_in(asked)
            if resource == "images":
                answer = self._pictures(method, rest, asked)
            else:
                answer = self._answer(method, resource, rest[0] if rest else "", query, asked.body)
        except Refused as refused:
            answer = self._error(refused)
        if self.loses_answer_of == (method, resource):
            self.loses_answer_of, lost = ("", ""), True
        if lost:
            return Response("Gateway Time-out", status_code=504)
        return answer

    def _let_in(self, asked: Asked) -> None:
        expected = "Basic " + base64.b64encode(f"{self.key}:".encode()).decode()
        if asked.headers.get("authorization") != expected:
            raise Refused(401, 17, "Invalid authentication key format")

    def _answer(
        self, method: str, resource: str, id_: str, query: dict[str, str], body: bytes
    ) -> Response:
        if resource not in RESOURCES:
            raise Refused(400, 54, f"Resource of type '{resource}' does not exists.")
        patchable = not self.version.startswith("1.")
        if method in FORBIDDEN.get(resource, set()) or (method == "PATCH" and not patchable):
            raise Refused(405, 25, f"Method {method} is not allowed for the resource {resource}")
        if method == "GET" and "schema" in query:
            return self._schema(resource, query["schema"])
        if method == "GET" and not id_:
            return self._list(resource, query)
        if method == "POST":
            made = self._create(resource, self._parsed(resource, body), query)
            return self._document([self._element(resource, made)], 201)
        record = self.records[resource].get(int(id_))
        if record is None:
            raise Refused(404, 0, "Not found")
        if method == "GET":
            return self._document([self._element(resource, record)])
        if method == "DELETE":
            self._delete(resource, int(id_))
            return self._document([])
        named = self._parsed(resource, body)
        if named.get("id") != id_:
            raise Refused(400, 90, "id is required when modifying a resource")
        self._modify(resource, record, named, whole=method == "PUT")
        return self._document([self._element(resource, record)])

    # Writing

    def _create(self, resource: str, named: Record, query: dict[str, str]) -> Record:
        record = self._empty(resource)
        self._set(resource, record, named)
        self._last_id += 1
        record["id"] = str(self._last_id)
        if resource == "customers" and any(
            each["email"].lower() == record["email"].lower() for each in self.all("customers")
        ):
            raise Refused(500, 46, "Unable to save resource: the email is already used")
        self.records[resource][self._last_id] = record
        if resource == "products":
            self._stock_row(record["id"], "0")
        if resource == "combinations":
            self._stock_row(record["id_product"], record["id"])
        if resource == "order_histories":
            order = self.records["orders"][int(record["id_order"])]
            order |= {"current_state": record["id_order_state"], "date_upd": self.now}
            if query.get("sendemail") == "1":
                self.mails.append(record["id_order"])
        return record

    def _stock_row(self, product: str, combination: str) -> None:
        self.put(
            "stock_availables",
            id_product=product,
            id_product_attribute=combination,
            id_shop="1",
            quantity="0",
            depends_on_stock="0",
            out_of_stock="2",
        )

    def _modify(self, resource: str, record: Record, named: Record, *, whole: bool) -> None:
        before = dict(record)
        if whole:
            kept = {"id", "associations", "date_add"}
            kept |= {name for name, flags in _fields(resource).items() if "-" in flags}
            empty = self._empty(resource)
            record |= {name: empty[name] for name in empty if name not in kept}
        try:
            self._set(resource, record, named)
        except Refused:
            record.clear()
            record |= before
            raise
        if "date_upd" in record:
            record["date_upd"] = self.now

    def _set(self, resource: str, record: Record, named: Record) -> None:
        fields = _fields(resource)
        if named.get("reference") in self.refused:
            raise Refused(400, 85, f'Validation error: "reference": {named["reference"]}')
        for name, value in named.items():
            if name == "id":
                continue
            if name not in fields:
                raise Refused(400, 93, f'parameter "{name}" does not exist for {resource}')
            if "-" in fields[name]:
                raise Refused(400, 93, f'parameter "{name}" not writable. Please remove it')
            if name == "associations":
                record[name] = record.get(name, {}) | value
            elif "@" in fields[name]:
                record[name] = record[name] | value
            else:
                record[name] = _checked(name, value)
        for name, flags in fields.items():
            value = record.get(name)
            if "!" in flags and not (any(value.values()) if isinstance(value, dict) else value):
                raise Refused(400, 41, f'parameter "{name}" required')

    def _delete(self, resource: str, id_: int) -> None:
        del self.records[resource][id_]
        owner = {"combinations": "id_product_attribute", "products": "id_product"}.get(resource)
        for row, each in list(self.records["stock_availables"].items()):
            if owner and each[owner] == str(id_):
                del self.records["stock_availables"][row]

    def _parsed(self, resource: str, body: bytes) -> Record:
        root = fromstring(body)
        (element,) = root
        assert root.tag == "prestashop"
        assert element.tag == RESOURCES[resource][0]
        return {child.tag: _read(child) for child in element}

    def _empty(self, resource: str) -> Record:
        record: Record = {"id": ""}
        for name, flags in _fields(resource).items():
            optional = name in WHOLE_NUMBERS | PRICES and "!" not in flags
            record[name] = "0" if optional or name in ZERO_BY_DEFAULT else ""
            if "@" in flags:
                record[name] = dict.fromkeys((1, 2), "")
            if name in {"date_add", "date_upd"}:
                record[name] = self.now
        record["associations"] = {}
        return record

    # Pictures

    def _pictures(self, method: str, rest: list[str], asked: Asked) -> Response:
        """`images/products/5` takes a new one, `images/products/5/24` lets one go."""
        kind, owner, *which = rest
        product = self.records["products"].get(int(owner))
        if kind != "products" or product is None:
            raise Refused(400, 76, f"Product {owner} does not exist")
        listed = product["associations"].setdefault("images", [])
        if method == "POST" and not which:
            content = uploaded(asked.headers["content-type"], asked.body)
            if any(each in content for each in self.bad_pictures):
                raise Refused(400, 76, "Bad image : Image format not recognized")
            self._last_id += 1
            id_ = str(self._last_id)
            self.pictures[id_] = content
            listed.append({"id": id_})
            if product["id_default_image"] in {"", "0"}:
                product["id_default_image"] = id_
            # The real one answers the picture itself, after the entity.
            return Response(b"<prestashop><image>" + content, media_type="text/xml")
        if method == "DELETE" and len(which) == 1:
            if which[0] not in self.pictures:
                raise Refused(404, 0, "Not found")
            del self.pictures[which[0]]
            listed.remove({"id": which[0]})
            if product["id_default_image"] == which[0]:
                product["id_default_image"] = ""
            return self._document([])
        raise Refused(405, 25, f"Method {method} is not allowed for the resource images")

    # Reading

    def _list(self, resource: str, query: dict[str, str]) -> Response:
        found = self.all(resource)
        for name, condition in query.items():
            if field := re.fullmatch(r"filter\[(\w+)\]", name):
                found = [each for each in found if _holds(each, field[1], condition, query)]
        assert query.get("sort", "[id_ASC]") == "[id_ASC]"
        found.sort(key=lambda each: int(each["id"]))
        limit = query.get("limit", "")
        found = found[: int(limit)] if limit else found
        display = query.get("display", "")
        assert display, "a list of bare ids is of no use"
        shown = None if display == "full" else set(display.strip("[]").split(","))
        listed = Element(resource)
        for each in found:
            listed.append(self._element(resource, each, shown, query.get("language", "")))
        self.after_page()
        return self._document([listed])

    def _element(
        self, resource: str, record: Record, shown: set[str] | None = None, language: str = ""
    ) -> Element:
        element = Element(RESOURCES[resource][0])
        for name in ("id", *_fields(resource)):
            if shown is not None and name not in shown:
                continue
            child = SubElement(element, name)
            value = record.get(name, "")
            if name == "associations":
                _associate(child, value)
            elif isinstance(value, dict):
                if language:
                    child.text = value[int(language)]
                else:
                    for id_, text in value.items():
                        SubElement(child, "language", id=str(id_)).text = text
            else:
                child.text = value
        return element

    def _schema(self, resource: str, kind: str) -> Response:
        assert kind == "blank"
        element = Element(RESOURCES[resource][0])
        SubElement(element, "id")
        for name, flags in _fields(resource).items():
            if "-" not in flags:
                SubElement(element, name)
        return self._document([element])

    def _document(self, elements: list[Element], status: int = 200) -> Response:
        root = Element("prestashop")
        root.extend(elements)
        headers = {"psws-version": self.version}
        body = tostring(root, encoding="utf-8", xml_declaration=True)
        return Response(body, status, headers, media_type="text/xml")

    def _error(self, refused: Refused) -> Response:
        errors = Element("errors")
        error = SubElement(errors, "error")
        SubElement(error, "code").text = str(refused.code)
        SubElement(error, "message").text = str(refused)
        return self._document([errors], refused.status)


def _fields(resource: str) -> dict[str, str]:
    """Field → its flags."""
    found = {}
    for word in RESOURCES[resource][1].split():
        name = word.rstrip("!-@")
        found[name] = word[len(name) :]
    return found


def _read(element: Element) -> Any:
    if element.tag == "associations":
        return {
            each.tag: [{field.tag: field.text or "" for field in one} for one in each]
            for each in element
        }
    if element.find("language") is not None:
        return {int(each.get("id", "0")): each.text or "" for each in element}
    return element.text or ""


def _checked(name: str, value: Any) -> str:
    assert isinstance(value, str), (name, value)
    if name in WHOLE_NUMBERS and not re.fullmatch(r"-?\d+", value):
        raise Refused(400, 85, f"Validation error: \"{name}\": '{value}' is not an integer")
    if name in PRICES and not re.fullmatch(r"-?\d*(\.\d{1,9})?", value):
        raise Refused(400, 85, f"Validation error: \"{name}\": '{value}' is not a price")
    if name == "ean13" and not re.fullmatch(r"\d{0,13}", value):
        raise Refused(400, 85, f"Validation error: \"ean13\": '{value}' is not valid")
    if name in {"firstname", "lastname"} and re.search(r"[0-9!<>,;?=+()@#\"°{}_$%:.]", value):
        raise Refused(400, 85, f"Validation error: \"{name}\": '{value}' is not a name")
    # MySQL keeps six places, whatever was written.
    return f"{float(value):.6f}" if name in PRICES and value else value


def _holds(record: Record, field: str, condition: str, query: dict[str, str]) -> bool:
    value = record[field]
    values = list(value.values()) if isinstance(value, dict) else [value]
    values = [each.lower() for each in values]
    # As the shop reads it: what stands in brackets anywhere is no literal text any more.
    found = re.fullmatch(r"(.*)\[(.*)\](.*)", condition.lower(), re.DOTALL)
    if not found:
        return condition.lower() in values
    sign, inner, end = found.groups()
    if sign == end == "%":
        return any(inner in each for each in values)
    assert end == ""
    if sign == ">":
        return int(values[0]) > int(inner)
    assert sign == ""
    if "," in inner:
        assert query.get("date") == "1", "dates are compared with date=1 only"
        low, high = inner.split(",")
        return low <= values[0] <= high
    return any(each in values for each in inner.split("|"))


def uploaded(content_type: str, body: bytes) -> bytes:
    """The file of a form, in the field that the web service wants (RFC 7578)."""
    boundary = content_type.partition("boundary=")[2].encode()
    (part,) = body.split(b"--" + boundary)[1:-1]
    head, _, content = part.partition(b"\r\n\r\n")
    if b'name="image"' not in head or b"filename=" not in head:
        raise Refused(400, 76, 'Please set an "image" parameter with image data for value')
    return content.removesuffix(b"\r\n")


def _associate(element: Element, associations: Record) -> None:
    for name, members in associations.items():
        listed = SubElement(element, name)
        for member in members:
            one = SubElement(listed, name.rstrip("s"))
            for field, value in member.items():
                SubElement(one, field).text = value
