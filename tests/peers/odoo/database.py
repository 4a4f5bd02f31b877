"""Records of an Odoo, and the methods of its models that are called from outside.

A call that raises has changed nothing. What nobody forbids is allowed: two products or orders of
one code are two records.
"""

# ruff: noqa: ARG002 - a method takes ids and context, as every call from outside carries them

from __future__ import annotations

import base64
import copy
import itertools
from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from tests.peers.odoo.schema import DEFAULTS, MODELS, TEMPLATE, TRUE_BY_DEFAULT

Record = dict[str, Any]
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": eq, "!=": ne, ">": gt, ">=": ge, "<": lt, "<=": le,
}  # fmt: skip
OF_TEMPLATE = set(TEMPLATE) - {"active"}


class UserError(Exception):
    """What Odoo tells a person."""


class Database:
    """All records by model and id."""

    def __init__(self) -> None:
        self.records: dict[str, dict[int, Record]] = {model: {} for model in MODELS}
        self.apps_missing: set[str] = set()
        """Models whose app is not installed."""
        self.refuses: Callable[[str, Record], str] = lambda *_: ""
        """Why these values of a model are refused, "" where they are not."""
        self.effects: list[tuple[str, str, list[int]]] = []
        self._ids = itertools.count(1)

    def put(self, model: str, **values: Any) -> int:
        """A record that has always been there."""
        return self._insert(model, values)

    def all(self, model: str) -> list[Record]:
        """The records of a model, archived ones as well."""
        return list(self.records[model].values())

    # What is called from outside

    def call(self, model: str, method: str, ids: list[int], named: Record) -> Any:
        """Call a method; all or nothing."""
        context = named.pop("context", {})
        before = copy.deepcopy(self.records)
        try:
            found = getattr(self, f"_{method}")(model, ids, context, **named)
        except Exception:
            self.records = before
            raise
        if method not in {"search_read", "fields_get", "has_access", "check_access_rights"}:
            self.effects.append((model, method, ids or list(found or ())))
        return found

    def _fields_get(self, model: str, ids: list[int], context: Record, attributes: Any) -> Record:
        assert set(attributes) <= {"type", "selection", "relation"}
        told = {}
        for name, field in {"id": "integer", **MODELS[model]}.items():
            kind, _, relation = field.replace("!", "").partition(" > ")
            told[name] = {"type": kind} | ({"relation": relation} if relation else {})
        return told

    def _has_access(self, model: str, ids: list[int], context: Record, operation: str) -> bool:
        return operation == "create" and model != "stock.quant"

    def _check_access_rights(
        self, model: str, ids: list[int], context: Record, operation: str, raise_exception: bool
    ) -> bool:
        return self._has_access(model, ids, context, operation)

    def _search_read(
        self,
        model: str,
        ids: list[int],
        context: Record,
        domain: Any,
        fields: list[str],
        order: str = "id",
        limit: int = 0,
    ) -> list[Record]:
        assert order == "id"
        unknown = set(fields) - set(MODELS[model]) - {"id"}
        if unknown:
            raise ValueError(f"Invalid field {min(unknown)!r} on {model!r}")
        hidden = context.get("active_test", True)
        found = [
            each
            for _, each in sorted(self.records[model].items())
            if self._holds(model, each, domain) and not (hidden and each.get("active") is False)
        ]
        return [self._shown(model, each, fields) for each in found[: limit or None]]

    def _create(self, model: str, ids: list[int], context: Record, vals_list: Any) -> list[int]:
        made = []
        for values in vals_list:
            if why := self.refuses(model, values):
                raise UserError(why)
            made.append(self._create_one(model, values, context))
        return made

    def _create_one(self, model: str, values: Record, context: Record) -> int:
        if model == "stock.quant":
            return self._count(values, context)
        if model == "product.product" and "product_tmpl_id" not in values:
            return self._new_product(values)
        if model == "product.product":
            template = self.records["product.template"][values["product_tmpl_id"]]
            values = {"name": template["name"], **values}
        lines = values.pop("order_line", []) if model == "sale.order" else []
        id_ = self._insert(model, values)
        if model == "sale.order":
            self._lines(id_, lines)
        if model == "product.template.attribute.line":
            self._attribute_line(self.records[model][id_])
        return id_

    def _write(self, model: str, ids: list[int], context: Record, vals: Record) -> bool:
        for id_ in ids:
            if id_ not in self.records[model]:
                raise UserError("Record does not exist or has been deleted.")
            if why := self.refuses(model, vals):
                raise UserError(why)
            record = self.records[model][id_]
            own, above = vals, {}
            if model == "product.product":
                above = {name: value for name, value in vals.items() if name in OF_TEMPLATE}
                own = {name: value for name, value in vals.items() if name not in OF_TEMPLATE}
            self._set(model, record, own)
            if above:
                template = self.records["product.template"][record["product_tmpl_id"]]
                self._set("product.template", template, above)
            if model == "product.template.attribute.line":
                self._attribute_line(record)
        return True

    def _unlink(self, model: str, ids: list[int], context: Record) -> bool:
        for id_ in ids:
            record = self.records[model].pop(id_)
            if model == "product.product" and not record["product_template_attribute_value_ids"]:
                del self.records["product.template"][record["product_tmpl_id"]]
            if model == "product.template":
                for variant, each in list(self.records["product.product"].items()):
                    if each["product_tmpl_id"] == id_:
                        del self.records["product.product"][variant]
        return True

    def _action_archive(self, model: str, ids: list[int], context: Record) -> bool:
        for id_ in ids:
            self.records[model][id_]["active"] = False
        return True

    def _action_apply_inventory(self, model: str, ids: list[int], context: Record) -> Any:
        assert model == "stock.quant"
        quants = [self.records[model][id_] for id_ in ids]
        if any(
            self.records["product.product"][each["product_id"]].get("tracked") for each in quants
        ):
            return {"type": "ir.actions.act_window", "res_model": "stock.track.confirmation"}
        for quant in quants:
            # A move is made for no difference as well.
            moved = quant["inventory_quantity"] - quant["quantity"]
            self._insert("stock.move", {"product_id": quant["product_id"], "quantity": moved})
            quant["quantity"], quant["inventory_quantity"] = quant["inventory_quantity"], 0.0
        return None

    def _action_confirm(self, model: str, ids: list[int], context: Record) -> bool:
        assert model == "sale.order"
        for id_ in ids:
            order = self.records[model][id_]
            if why := self.refuses("confirm", order):
                raise UserError(why)
            if order["state"] not in {"draft", "sent"}:
                raise UserError("It is not allowed to confirm an order in the following states")
            order["state"] = "sale"
        return True

    # Behind the doors

    def _insert(self, model: str, values: Record) -> int:
        id_ = next(self._ids)
        record: Record = {"id": id_}
        for name, field in MODELS[model].items():
            record[name] = name in TRUE_BY_DEFAULT
            if field.startswith(("float", "monetary")):
                record[name] = 0.0
            elif field.startswith("integer"):
                record[name] = 0
            elif "2many" in field:
                record[name] = []
        record |= {name: value for (each, name), value in DEFAULTS.items() if each == model}
        self._set(model, record, values)
        for name, field in MODELS[model].items():
            if "!" in field and not record[name]:
                raise UserError(f"Missing required value for the field {name!r} ({model}.{name})")
        self.records[model][id_] = record
        if model == "sale.order" and not record["name"]:
            record["name"] = f"S{id_:05}"
        return id_

    def _set(self, model: str, record: Record, values: Record) -> None:
        for name, value in values.items():
            if name == "tracked":
                record[name] = value
                continue
            if name not in MODELS[model]:
                raise ValueError(f"Invalid field {name!r} on model {model!r}")
            field = MODELS[model][name]
            kind, _, relation = field.replace("!", "").partition(" > ")
            if kind == "many2many":
                record[name] = self._commanded(relation, record.get(name, []), value)
            elif kind == "many2one":
                if value and value not in self.records[relation]:
                    raise UserError(
                        f"Record does not exist or has been deleted: {relation}({value})"
                    )
                record[name] = value
            elif name == "product_template_image_ids":
                self._gallery(record["id"], value)
            elif kind == "binary":
                record[name] = _picture(value)
            elif kind == "float":
                record[name] = float(value)
            else:
                assert not isinstance(value, list | dict), (model, name, value)
                record[name] = value

    def _commanded(self, relation: str, now: list[int], commands: Any) -> list[int]:
        for code, id_, ids in commands:
            now = list(ids) if code == 6 else [*now, id_]
        assert all(each in self.records[relation] for each in now)
        return sorted(set(now))

    def _new_product(self, values: Record) -> int:
        above = {name: value for name, value in values.items() if name in OF_TEMPLATE}
        gallery = above.pop("product_template_image_ids", [])
        currency = next(iter(self.records["res.currency"]), False)
        template = self._insert("product.template", {"currency_id": currency, **above})
        self._gallery(template, gallery)
        own = {name: value for name, value in values.items() if name not in OF_TEMPLATE}
        return self._insert(
            "product.product", {**own, "name": above.get("name"), "product_tmpl_id": template}
        )

    def _gallery(self, template: int, commands: Any) -> None:
        """Further pictures of a product: new, changed, deleted."""
        for code, id_, values in commands:
            if code == 0:
                self._insert("product.image", {**values, "product_tmpl_id": template})
            elif code == 1:
                self._set("product.image", self.records["product.image"][id_], values)
            else:
                assert (code, values) == (2, 0)
                del self.records["product.image"][id_]

    def _attribute_line(self, line: Record) -> None:
        """Values on a product; its own variant, which has none of them, gives way."""
        template = line["product_tmpl_id"]
        values = self.records["product.template.attribute.value"]
        there = {
            each["product_attribute_value_id"]
            for each in values.values()
            if each["product_tmpl_id"] == template
        }
        for value in line["value_ids"]:
            if value not in there:
                self._insert(
                    "product.template.attribute.value",
                    {
                        "product_tmpl_id": template,
                        "product_attribute_value_id": value,
                        "attribute_line_id": line["id"],
                    },
                )
        for id_, each in list(self.records["product.product"].items()):
            if (
                each["product_tmpl_id"] == template
                and not each["product_template_attribute_value_ids"]
            ):
                del self.records["product.product"][id_]

    def _count(self, values: Record, context: Record) -> int:
        assert context.get("inventory_mode"), "a quant is made in inventory mode only"
        place = (values["product_id"], values["location_id"])
        product = self.records["product.product"].get(values["product_id"])
        if product is None:
            raise UserError("Record does not exist or has been deleted.")
        template = self.records["product.template"][product["product_tmpl_id"]]
        if not template["is_storable"]:
            raise UserError("Quants cannot be created for consumables or services.")
        for id_, quant in self.records["stock.quant"].items():
            if (quant["product_id"], quant["location_id"]) == place:
                quant["inventory_quantity"] = values["inventory_quantity"]
                return id_
        return self._insert("stock.quant", values)

    def _lines(self, order: int, commands: Any) -> None:
        total = 0.0
        for code, zero, values in commands:
            assert (code, zero) == (0, 0)
            line = self._insert("sale.order.line", {"order_id": order, **values})
            made = self.records["sale.order.line"][line]
            made["price_subtotal"] = round(
                made["product_uom_qty"] * made["price_unit"] * (1 - made["discount"] / 100), 2
            )
            total += made["price_subtotal"]
            self.records["sale.order"][order]["order_line"].append(line)
        self.records["sale.order"][order] |= {
            "amount_untaxed": total,
            "amount_total": round(total * 1.22, 2),
        }

    def value(self, model: str, record: Record, name: str) -> Any:
        """A field as it is seen: a variant shows the fields of its template."""
        if model == "product.product" and name in OF_TEMPLATE:
            return self.records["product.template"][record["product_tmpl_id"]][name]
        if model == "product.product" and name == "lst_price":
            return self.value(model, record, "list_price")
        if model == "product.template" and name == "default_code":
            own = [
                each["default_code"]
                for each in self.all("product.product")
                if each["product_tmpl_id"] == record["id"]
            ]
            return own[0] if len(own) == 1 else False
        return record[name]

    def _shown(self, model: str, record: Record, fields: list[str]) -> Record:
        shown: Record = {"id": record["id"]}
        for name in fields:
            value = record["id"] if name == "id" else self.value(model, record, name)
            kind, _, relation = MODELS[model].get(name, "integer").replace("!", "").partition(" > ")
            if kind == "many2one" and value:
                value = [value, str(self.records[relation][value].get("name", value))]
            shown[name] = value
        return shown

    def _holds(self, model: str, record: Record, domain: Any) -> bool:
        """A domain is in Polish notation; leaves side by side must all hold."""
        stack: list[bool] = []
        for part in reversed(domain):
            if part == "|":
                stack.append(stack.pop() | stack.pop())
            elif part == "&":
                stack.append(stack.pop() & stack.pop())
            else:
                stack.append(self._leaf(model, record, *part))
        return all(stack)

    def _leaf(self, model: str, record: Record, name: str, operator: str, wanted: Any) -> bool:
        value = self.value(model, record, name)
        if operator == "in":
            return value in wanted
        if operator not in {"=", "!="} and value is False:
            return False
        return OPERATORS[operator](value, wanted)


def _picture(value: Any) -> Any:
    """As Odoo takes it: base64 of something that can be drawn."""
    if value is not False and not base64.b64decode(value, validate=True).startswith(b"\xff\xd8"):
        raise UserError("This file could not be decoded as an image file.")
    return value
