"""Products, variants and categories in Odoo, over both protocols."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from agent.errors import Misconfigured, Unavailable
from tests.odoo.putting import (
    engine_of,
    put_product,
    put_variant,
)
from tests.peers.engine import Engine, message
from tests.peers.http_server import Peer
from tests.peers.odoo import Database, OdooServer

# Products


def test_product_is_made_with_what_it_says(engine: Engine, database: Database) -> None:
    receipt = put_product(
        engine, "A1", ean="8001234567890", weight="0.1250", description="Zincata", active=True
    )
    assert receipt.accepted
    (variant,) = database.all("product.product")
    (template,) = database.all("product.template")
    assert receipt.reference == f"{template['id']}/{variant['id']}"
    assert (variant["default_code"], variant["barcode"]) == ("A1", "8001234567890")
    assert variant["weight"] == 0.125
    assert (template["name"], template["description_sale"]) == ("Vite A1", "Zincata")
    assert (template["is_published"], template["is_storable"]) == (True, True)
    assert template["list_price"] == 0.0


def test_five_hundred_products_are_three_calls(engine: Engine, server: OdooServer) -> None:
    messages = [message("product", f"A{n}", sku=f"A{n}", name="Vite") for n in range(500)]
    assert all(receipt.accepted for receipt in engine.deliver(messages))
    assert len(server.database.all("product.product")) == 500
    assert [call for call in server.calls if call[1] != "fields_get"] == [
        ("product.product", "search_read"),
        ("product.product", "create"),
        ("product.product", "search_read"),
    ]
    assert engine.passed == len(server.calls) - 1


def test_product_that_is_refused_is_found_among_many(engine: Engine, server: OdooServer) -> None:
    server.database.refuses = lambda _, values: (
        "Barcode 42 is not valid" if values.get("barcode") == "42" else ""
    )
    messages = [
        message("product", f"A{n}", sku=f"A{n}", name="Vite", ean="42" if n == 7 else "")
        for n in range(50)
    ]
    receipts = engine.deliver(messages)
    (refused,) = [receipt for receipt in receipts if not receipt.accepted]
    assert refused.message_id == messages[7].id
    assert refused.code == "SA-5380"
    assert "Barcode 42 is not valid" in refused.reason
    assert len(server.database.all("product.product")) == 49


def test_product_that_odoo_has_already_is_taken_by_its_code(
    engine: Engine, database: Database
) -> None:
    put_product(engine, "A1")
    engine.bound.clear()
    assert put_product(engine, "A1", weight="2").accepted
    (only,) = database.all("product.product")
    assert only["weight"] == 2.0


def test_product_is_not_made_twice_when_the_answer_got_lost(
    engine: Engine, server: OdooServer
) -> None:
    server.loses_answer_of = "create"
    with pytest.raises(Unavailable) as lost:
        put_product(engine, "A1")
    assert lost.value.retry_after == 120, "Odoo may still be at work on it"
    assert put_product(engine, "A1").reference
    assert len(server.database.all("product.product")) == 1


def test_code_that_odoo_has_twice_is_left_to_a_person(engine: Engine, database: Database) -> None:
    database.call("product.product", "create", [], {"vals_list": [a_new("A1"), a_new("A1")]})
    receipt = put_product(engine, "A1")
    assert (receipt.accepted, receipt.code) == (False, "SA-5382")
    assert len(database.all("product.product")) == 2


def a_new(code: str) -> dict[str, Any]:
    return {"name": "Vite", "default_code": code, "is_storable": True}


def test_same_product_again_writes_nothing(engine: Engine, server: OdooServer) -> None:
    for _ in range(2):
        put_product(engine, "A1", weight="0.1250", ean="800", active=True)
    assert server.count("product.product", "write") == 0


def test_deleted_product_is_gone_where_that_is_wanted(
    peer: Peer, protocol: str, database: Database
) -> None:
    engine = engine_of(peer, protocol, deleted="delete")
    with closing(engine.target):
        put_product(engine, "A1")
        assert engine.drop("product", "A1").accepted
    assert database.all("product.product") == []


def test_product_whose_code_changed_keeps_its_place(engine: Engine, database: Database) -> None:
    first = engine.put("product", "42", sku="OLD", name="Vite")
    assert engine.put("product", "42", sku="NEW", name="Vite").reference == first.reference
    (only,) = database.all("product.product")
    assert only["default_code"] == "NEW"


def test_product_that_is_gone_is_archived_and_comes_back(
    engine: Engine, database: Database
) -> None:
    put_product(engine, "A1")
    assert engine.drop("product", "A1").accepted
    (only,) = database.all("product.product")
    assert only["active"] is False
    assert put_product(engine, "A1").accepted
    assert only["id"] == database.all("product.product")[0]["id"]
    assert database.all("product.product")[0]["active"] is True


def test_nothing_is_overwritten_where_that_is_not_wanted(
    peer: Peer, protocol: str, database: Database
) -> None:
    engine = engine_of(peer, protocol, overwrite="no")
    with closing(engine.target):
        put_product(engine, "A1", weight="1")
        put_product(engine, "A1", weight="2")
    assert database.all("product.product")[0]["weight"] == 1.0


def test_two_records_of_one_code_make_one_product(engine: Engine, database: Database) -> None:
    messages = [message("product", key, sku="A1", name="Vite") for key in ("1", "2")]
    first, second = engine.deliver(messages)
    assert first.accepted
    assert second.waits
    assert engine.deliver(messages[1:])[0].reference == first.reference
    assert len(database.all("product.product")) == 1


# Variants


def test_variants_stand_below_their_product_and_no_others_are_made(
    engine: Engine, database: Database
) -> None:
    put_product(engine, "P")
    red, blue = put_variant(engine, "R", Colore="Rosso"), put_variant(engine, "B", Colore="Blu")
    assert (red.accepted, blue.accepted) == (True, True)
    assert [each["default_code"] for each in database.all("product.product")] == ["R", "B"]
    assert len(database.all("product.template")) == 1
    assert len(database.all("product.attribute")) == 1
    assert database.all("product.attribute")[0]["create_variant"] == "dynamic"
    # The product itself has no variant of its own any more, and is still known.
    again = engine.put("product", "P", sku="P", name="Vite, tutti i colori")
    assert again.reference == f"{database.all('product.template')[0]['id']}/"
    assert red.reference == f"/{database.all('product.product')[0]['id']}"
    assert database.all("product.template")[0]["name"] == "Vite, tutti i colori"


@pytest.mark.parametrize("deleted", ["archive", "delete"])
def test_variant_that_is_gone_takes_neither_sisters_nor_product_along(
    peer: Peer, protocol: str, database: Database, deleted: str
) -> None:
    engine = engine_of(peer, protocol, deleted=deleted)
    with closing(engine.target):
        put_product(engine, "P")
        for sku, colour in (("R", "Rosso"), ("B", "Blu"), ("G", "Giallo")):
            put_variant(engine, sku, Colore=colour)
        red, blue, _ = database.all("product.product")
        assert engine.drop("product", "R").accepted
        # Somebody deleted the blue one in Odoo meanwhile.
        del database.records["product.product"][blue["id"]]
        assert engine.drop("product", "B").accepted
        left = [each["default_code"] for each in database.all("product.product") if each["active"]]
        assert left == ["G"]
        assert (red["id"] in database.records["product.product"]) == (deleted == "archive")
        (template,) = database.all("product.template")
        assert template["active"]
        assert engine.drop("product", "P").accepted
        assert not any(each["active"] for each in database.all("product.template"))


def test_variant_waits_for_its_product(engine: Engine) -> None:
    receipt = put_variant(engine, "R", Colore="Rosso")
    assert (receipt.accepted, receipt.waits, receipt.code) == (False, True, "SA-5006")


def test_variant_that_was_made_is_taken_again_after_a_lost_answer(
    engine: Engine, server: OdooServer
) -> None:
    put_product(engine, "P")
    put_variant(engine, "B", Colore="Blu")
    server.loses_answer_of = "create"
    with pytest.raises(Unavailable):
        put_variant(engine, "R", Colore="Rosso")
    assert put_variant(engine, "R", Colore="Rosso").accepted
    assert len(server.database.all("product.product")) == 2
    assert len(server.database.all("product.attribute.value")) == 2


def test_options_of_another_variant_are_refused(engine: Engine) -> None:
    put_product(engine, "P")
    put_variant(engine, "R", Colore="Rosso")
    receipt = put_variant(engine, "R2", Colore="Rosso")
    assert (receipt.code, "'R'" in receipt.reason) == ("SA-5382", True)


# Categories


def test_categories_make_a_tree_and_products_hang_in_it(engine: Engine, database: Database) -> None:
    categories = [
        message("category", "VIT", code="VIT", name="Viti", parent="FER", position=2),
        message("category", "FER", code="FER", name="Ferramenta", position=1),
    ]
    child, top = engine.deliver(categories)
    assert (child.waits, top.accepted) == (True, True)
    (child,) = engine.deliver(categories[:1])
    made = database.records["product.public.category"][int(child.reference)]
    assert (made["parent_id"], made["sequence"]) == (int(top.reference), 2)
    put_product(engine, "A1", category="VIT", categories=["FER"])
    (template,) = database.all("product.template")
    assert template["public_categ_ids"] == sorted((int(top.reference), int(child.reference)))


def test_product_waits_for_its_category(engine: Engine) -> None:
    assert put_product(engine, "A1", category="VIT").waits


def test_category_that_is_there_by_name_is_taken(engine: Engine, database: Database) -> None:
    there = database.put("product.public.category", name="Viti")
    receipt = engine.put("category", "VIT", code="VIT", name="Viti")
    assert receipt.reference == str(there)


def test_odoo_without_a_shop_on_its_website_says_what_to_do(
    peer: Peer, server: OdooServer, protocol: str
) -> None:
    server.database.apps_missing.add("product.public.category")
    engine = engine_of(peer, protocol)
    with closing(engine.target), pytest.raises(Misconfigured) as missing:
        engine.put("category", "VIT", code="VIT", name="Viti", position=1)
    assert missing.value.code == "SA-5383"
