"""The example of PrestaShop's page, played: Odoo's catalogue into the shop, its orders back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.config import Config
from agent.model import Receipt
from tests.erp.following import configured, page_example, run
from tests.peers.engine import Engine
from tests.peers.http_server import answering
from tests.peers.odoo import OdooServer
from tests.peers.prestashop import PrestaShop

KEYS = {"category": "code", "product": "sku", "customer": "code", "order": "number"}


@dataclass
class Company:
    """An ERP, a shop, and the flows between them."""

    erp: OdooServer
    shop: PrestaShop
    config: Config
    engines: dict[str, Engine]

    def flow(self, name: str) -> list[Receipt]:
        """Read a flow's source whole and deliver what comes."""
        seen = run(self.config, name)
        assert seen.refused == []
        flow = self.config.flows[name]
        receipts = []
        for record in seen.records:
            key = str(record[KEYS.get(flow.entity, "sku")])
            receipts.append(self.engines[name].put(flow.entity, key, **record))
        return receipts


@pytest.fixture
def company(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Company]:
    monkeypatch.setenv("SYNC_TEST_KEY", "right")
    erp, shop = OdooServer(), PrestaShop()
    shop.key = erp.key
    with ExitStack() as stack:
        said = page_example("prestashop.md")
        for name, peer in (("erp", erp), ("shop", shop)):
            url = stack.enter_context(answering(peer)).url
            secret = "api_key" if name == "erp" else "key"
            said["connections"][name] |= {"url": url, secret: "env:SYNC_TEST_KEY"}
        for flow in said["flows"].values():
            if flow["target"]["connection"] == "shop":
                flow["target"]["root_category"] = shop.root
        config = configured(tmp_path, said)
        engines: dict[str, Engine] = {}
        bound: dict[str, dict[tuple[str, str], str]] = {"erp": {}, "shop": {}}
        for name in config.flows:
            target = stack.enter_context(closing(config.build_target(name)))
            engines[name] = Engine(target)
            # What a connection gave ids to, all flows to it know.
            engines[name].bound = bound[said["flows"][name]["target"]["connection"]]
        yield Company(erp, shop, config, engines)


def test_catalogue_goes_out_and_orders_come_back_once(company: Company) -> None:
    erp, shop = company.erp.database, company.shop
    euro = erp.put("res.currency", name="EUR")
    erp.put("res.country", name="Italia", code="IT")
    above = erp.put("product.category", name="Ferramenta")
    category = erp.put("product.category", name="Viti", parent_id=above)
    new = {"name": "Vite", "default_code": "A1", "categ_id": category, "list_price": 9.9}
    (article,) = erp.call("product.product", "create", [], {"vals_list": [new]})
    erp.records["product.product"][article] |= {"free_qty": 12.0, "qty_available": 12.0}
    assert euro

    currency = shop.put("currencies", name="Euro", iso_code="EUR", active="1")
    italy = shop.put("countries", iso_code="IT", active="1", name="Italia")
    for name in ("categories", "products", "prices", "stock"):
        assert [receipt.accepted for receipt in company.flow(name)].count(False) == 0, name
    (product,) = shop.all("products")
    assert (product["reference"], product["price"]) == ("A1", "9.900000")
    assert shop.all("stock_availables")[0]["quantity"] == "12"

    customer = shop.put(
        "customers",
        email="info@rossi.example",
        firstname="Mario",
        lastname="Rossi",
        company="Rossi S.r.l.",
        active="1",
        deleted="0",
        is_guest="0",
    )
    address = shop.put(
        "addresses",
        id_customer=customer,
        id_country=italy,
        alias="Sede",
        company="Rossi S.r.l.",
        address1="Via Roma 1",
        postcode="00184",
        city="Roma",
        vat_number="IT01234567890",
        deleted="0",
    )
    row = {
        "id": "1",
        "product_quantity": "3",
        "product_name": "Vite",
        "product_reference": "A1",
        "unit_price_tax_excl": "9.900000",
    }
    order = shop.put(
        "orders",
        reference="XKBKNABJK",
        current_state="2",
        id_customer=customer,
        id_currency=currency,
        id_address_invoice=address,
        id_address_delivery=address,
        payment="Bonifico",
        date_add="2026-03-01 10:00:00",
        date_upd="2026-03-01 10:00:00",
        total_paid_tax_incl="36.23",
        total_paid_tax_excl="29.70",
        total_shipping_tax_excl="0.00",
        associations={"order_rows": [row]},
    )
    for _ in range(2):
        assert company.flow("customers")[0].accepted
        assert company.flow("orders")[0].accepted
        # As after an answer that got lost: the agent does not know that it was written.
        del company.engines["orders"].bound["order", order]
    (document,) = erp.all("sale.order")
    assert (document["client_order_ref"], document["state"]) == (order, "sale")
    assert document["amount_untaxed"] == pytest.approx(29.7)
    partners = [each for each in erp.all("res.partner") if not each["parent_id"]]
    assert [each["vat"] for each in partners] == ["IT01234567890"]

    state = shop.put("order_states", name="Spedito")
    shop.records["order_states"][4] = shop.records["order_states"].pop(int(state)) | {"id": "4"}
    shop.put("order_carriers", id_order=order, id_carrier="1")
    erp.put(
        "stock.picking",
        sale_id=document["id"],
        picking_type_code="outgoing",
        state="done",
        carrier_tracking_ref="1Z999",
        write_date="2026-03-02 10:00:00",
    )
    (told,) = run(company.config, "order_status").records
    for _ in range(2):
        assert company.engines["order_status"].put("order_status", order, **told).accepted
    assert shop.all("orders")[0]["current_state"] == "4"
    assert len(shop.all("order_histories")) == 1
    assert shop.all("order_carriers")[0]["tracking_number"] == "1Z999"
