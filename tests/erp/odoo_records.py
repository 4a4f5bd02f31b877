"""Models of Odoo with their fields, and records as it has them."""

from __future__ import annotations

from typing import Any

PRODUCT = {
    "id": "integer",
    "default_code": "char",
    "name": "char",
    "description_sale": "text",
    "categ_id": "many2one",
    "barcode": "char",
    "uom_id": "many2one",
    "weight": "float",
    "sale_ok": "boolean",
    "active": "boolean",
    "write_date": "datetime",
    "free_qty": "float",
    "qty_available": "float",
    "incoming_qty": "float",
    "lst_price": "float",
    "currency_id": "many2one",
    "x_brand": "char",
}
PARTNER = {
    **dict.fromkeys(("name", "vat", "email", "phone", "lang", "street", "street2"), "char"),
    **dict.fromkeys(("zip", "city", "country_code"), "char"),
    **dict.fromkeys(("state_id", "property_product_pricelist", "parent_id"), "many2one"),
    **dict.fromkeys(("property_payment_term_id", "user_id"), "many2one"),
    "id": "integer",
    "customer_rank": "integer",
    "active": "boolean",
    "write_date": "datetime",
}
MOVE = {
    **dict.fromkeys(("name", "move_type", "state", "invoice_origin"), "char"),
    **dict.fromkeys(("commercial_partner_id", "currency_id"), "many2one"),
    **dict.fromkeys(("amount_total", "amount_residual"), "monetary"),
    "id": "integer",
    "invoice_date": "date",
    "invoice_date_due": "date",
    "write_date": "datetime",
}
ARTICLE = {"id": "integer", "sku": "char", "name": "char", "price": "float"}
EARLY, LATE = "2026-03-01 09:00:00", "2026-03-01 10:00:01"


def a_product(number: int, **further: Any) -> dict[str, Any]:
    return {
        "id": number,
        "default_code": f"A{number:04}",
        "name": {"en_US": f"Screw {number}", "it_IT": f"Vite {number}"},
        "description_sale": False,
        "categ_id": [3, "All / Saleable"],
        "barcode": "8001234567890",
        "uom_id": [1, "Units"],
        "weight": 0.1 + 0.2,
        "sale_ok": True,
        "active": True,
        "write_date": "2026-03-01 10:00:00",
        "free_qty": 9.5,
        "qty_available": 12.0,
        "incoming_qty": 0.0,
        "lst_price": 9.5,
        "currency_id": [1, "EUR"],
        "x_brand": "Fischer",
    } | further


def a_partner(number: int, **further: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(PARTNER, False),
        "id": number,
        "name": "Rossi S.r.l.",
        "vat": "IT01234567890",
        "lang": "it_IT",
        "street": "Via Roma 1",
        "city": "Roma",
        "zip": "00184",
        "state_id": [9, "Roma (IT)"],
        "country_code": "IT",
        "property_product_pricelist": [1, "Public"],
        "customer_rank": 1,
        "active": True,
        "write_date": EARLY,
    } | further


def a_move(number: int, **further: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"INV/2026/{number:05}",
        "move_type": "out_invoice",
        "state": "posted",
        "invoice_origin": "S00077",
        "commercial_partner_id": [7, "Rossi S.r.l."],
        "currency_id": [1, "EUR"],
        "amount_total": 122.0,
        "amount_residual": 22.0,
        "invoice_date": "2026-02-01",
        "invoice_date_due": "2026-03-01",
        "write_date": EARLY,
    } | further
