"""Products that go through the shop's own queue."""

from __future__ import annotations

import pytest
from starlette.responses import Response

from agent.contract import Doubt
from agent.errors import Unavailable
from agent.model import Message, Receipt
from tests.magento.conftest import OpenTarget
from tests.peers.engine import Engine
from tests.peers.http_server import answering
from tests.peers.magento import MagentoShop
from tests.peers.magento.shop import AGAIN, FAILED, OPEN, REJECTED
from tests.platforms.messages import message, product, variant


@pytest.fixture
def engine(open_target: OpenTarget) -> Engine:
    return open_target(bulk_from=3, bulk_look=0)


def some(*names: str) -> list[Message]:
    return [product(name) for name in names]


def waiting(receipts: dict[str, Receipt]) -> set[str]:
    return {key for key, receipt in receipts.items() if receipt.waits}


def test_many_products_take_one_call_and_wait_until_the_queue_has_moved(
    shop: MagentoShop, engine: Engine
) -> None:
    products = some("A1", "A2", "A3")
    receipts = engine.send(*products)
    assert waiting(receipts) == {"A1", "A2", "A3"}
    assert receipts["A1"].code == "SA-5462"
    assert shop.calls == ["GET products", "POST async/bulk/products"]
    shop.consume()
    receipts = engine.send(*products)
    assert all(each.accepted for each in receipts.values())
    assert receipts["A1"].reference == str(shop.catalogue.products["a1"]["id"])
    assert not [call for call in shop.calls if call == "POST products"]


def test_shop_whose_consumers_are_off_is_asked_and_not_sent_to_again(
    shop: MagentoShop, engine: Engine
) -> None:
    products = some("A1", "A2", "A3")
    for _ in range(3):
        assert len(waiting(engine.send(*products))) == 3
    assert len(shop.bulks) == 1
    assert len([call for call in shop.calls if call.endswith("/status")]) == 2


def test_each_end_of_an_operation_has_its_own_verdict(shop: MagentoShop, engine: Engine) -> None:
    products = some("done", "again", "failed", "open", "rejected")
    shop.ends = {"again": AGAIN, "failed": FAILED, "open": OPEN, "rejected": REJECTED}
    engine.send(*products)
    shop.consume()
    receipts = engine.send(*products)
    assert receipts["done"].accepted
    assert receipts["again"].accepted  # sent alone, and taken
    assert waiting(receipts) == {"open"}
    for name, status in (("failed", FAILED), ("rejected", REJECTED)):
        assert (receipts[name].code, receipts[name].accepted) == ("SA-5461", False)
        assert f"It ended with {status}" in receipts[name].reason


def test_refusal_in_the_queue_is_told_in_magentos_words(shop: MagentoShop, engine: Engine) -> None:
    shop.catalogue.refused.add("A2")
    products = some("A1", "A2", "A3")
    engine.send(*products)
    shop.consume()
    receipts = engine.send(*products)
    assert "Invalid" in receipts["A2"].reason
    assert receipts["A3"].accepted


def test_item_that_is_rejected_at_the_door_is_refused_at_once(
    shop: MagentoShop, engine: Engine
) -> None:
    shop.ends["A2"] = -1
    receipts = engine.send(*some("A1", "A2", "A3"))
    assert receipts["A2"].reason.endswith("Odd data")
    assert waiting(receipts) == {"A1", "A3"}


def test_newer_change_waits_until_the_older_one_is_done(shop: MagentoShop, engine: Engine) -> None:
    engine.send(*some("A1", "A2", "A3"))
    newer = product("A1", name="Dado")
    assert waiting(engine.send(newer)) == {"A1"}
    shop.consume()
    assert engine.send(newer)["A1"].accepted
    assert shop.catalogue.products["a1"]["name"] == "Dado"


def test_delete_waits_for_what_is_in_the_queue(shop: MagentoShop, engine: Engine) -> None:
    engine.send(product("A1"))
    engine.send(product("A1", name="Dado"), *some("A2", "A3"))
    delete = message("product", "A1")
    assert waiting(engine.send(delete)) == {"A1"}
    shop.consume()
    assert engine.send(delete)["A1"].accepted
    assert shop.catalogue.products["a1"]["status"] == 2


def test_agent_that_was_restarted_sends_once_more_without_a_second_effect(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    products = some("A1", "A2", "A3")
    open_target(bulk_from=3, bulk_look=0).send(*products)
    shop.consume()
    restarted = open_target(bulk_from=3, bulk_look=0)
    assert len(waiting(restarted.send(*products))) == 3
    shop.consume()
    assert all(each.accepted for each in restarted.send(*products).values())
    assert len(shop.catalogue.products) == 3


def test_bulk_that_the_shop_has_forgotten_is_sent_again_one_by_one(
    shop: MagentoShop, engine: Engine
) -> None:
    products = some("A1", "A2", "A3")
    engine.send(*products)
    shop.bulks.clear()
    assert all(each.accepted for each in engine.send(*products).values())
    assert len(shop.catalogue.products) == 3


def test_lost_answer_to_a_bulk_makes_no_second_product(shop: MagentoShop, engine: Engine) -> None:
    products = some("A1", "A2", "A3")
    shop.lost.append(2)
    with pytest.raises(Unavailable):
        engine.send(*products)
    shop.consume()
    engine.send(*products)
    shop.consume()
    assert all(each.accepted for each in engine.send(*products).values())
    assert len(shop.catalogue.products) == 3
    assert engine.target.doubt is Doubt.SEND


def test_variants_wait_for_a_parent_that_lies_in_the_queue(
    shop: MagentoShop, engine: Engine
) -> None:
    red = variant("P-R", "P", ("Colore", "Rosso"))
    products = some("P", "A1", "A2")
    assert waiting(engine.send(*products, red)) == {"P", "A1", "A2", "P-R"}
    shop.consume()
    assert all(each.accepted for each in engine.send(*products, red).values())


def test_few_products_go_directly(shop: MagentoShop, engine: Engine) -> None:
    assert all(each.accepted for each in engine.send(*some("A1", "A2")).values())
    assert shop.bulks == {}


def test_pictures_follow_when_the_queue_has_moved(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    answer = Response(b"a picture", media_type="image/png")
    with answering(lambda _: answer) as pictures:
        engine = open_target(bulk_from=3, bulk_look=0, images_from=pictures.url)
        products = [product(name, images=[f"{name}.png"]) for name in ("A1", "A2", "A3")]
        engine.send(*products)
        assert pictures.asked == []
        shop.consume()
        assert all(each.accepted for each in engine.send(*products).values())
    entries = shop.catalogue.products["a1"]["media_gallery_entries"]
    assert [each["file"] for each in entries] == ["/a/1/a1.png"]


def test_queue_is_left_alone_for_a_while_and_what_is_done_is_not_asked_for_again(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target(bulk_from=3, bulk_look=3600)
    products = some("A1", "A2", "A3")
    engine.send(*products)
    shop.consume()
    for each in products:
        assert engine.send(each)[each.key].accepted
    assert len([call for call in shop.calls if call.endswith("/status")]) == 1
    products = some("B1", "B2", "B3")
    engine.send(*products)
    for each in products:
        assert engine.send(each)[each.key].waits
    assert len([call for call in shop.calls if call.endswith("/status")]) == 2
