"""What every target keeps that writes into a platform with ids of its own.

Such a system knows no versions and gives out ids; what the engine does around it (it keeps the ids
that receipts tell, asks where there is doubt) is done here by `Engine`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any, Protocol
from uuid import uuid4

import pytest
from pydantic import ValidationError

from agent.contract import AnyTarget, Kind, can
from agent.errors import SyncError, Unavailable
from agent.model import Message, Op
from tests.peers.engine import Engine, taken

AWKWARD = ['Tubo 1/2"', "Caffè; ristretto", "due\nrighe", "O'Brien", "€uro 😀", "a|b\\c"]


class PlatformBench(Protocol):
    """The other side of one kind of target: a stand-in, or a real shop for what one allows."""

    kind: Kind
    connection: dict[str, Any]
    options: dict[str, Any]
    """As the configuration would give them; deleted products are deleted for good."""
    price: dict[str, Any]
    """Fields of a price that the shop takes, but for `sku` and `price`."""
    stock: dict[str, Any]
    """Fields of a stock, but for `sku` and `quantity`."""

    def held(self, sku: str) -> list[dict[str, Any]]:
        """Every product that it holds under this SKU: `id`, `name`, `price`, `stock`."""
        ...

    def remove(self, sku: str) -> None:
        """Somebody deletes the product in the shop."""
        ...

    def refuse(self, sku: str) -> None:
        """Refuse this product from now on, and no other."""
        ...

    def fail_next(self, **headers: str) -> None:
        """Answer the next request 503, or 429 with these headers, and do nothing."""
        ...

    def lose_answer(self, request: int = 1) -> None:
        """Do what that request of the next ones asks for, and let its answer get lost."""
        ...


class Sender:
    """Makes messages whose ids and SKUs occur in no other test."""

    def __init__(self) -> None:
        self.mark = uuid4().hex[:10]
        self.version = 0

    def sku(self, name: str) -> str:
        return f"{self.mark}-{name}"

    def named(self, name: str, text: str = "Vite") -> str:
        """The name of a product: some platforms want it unique."""
        return f"{text} {self.sku(name)}"

    def product(self, name: str, text: str = "Vite", op: Op = Op.UPSERT, **more: Any) -> Message:
        data = {"sku": self.sku(name), "name": self.named(name, text), "weight": "0.125", **more}
        return self.message("product", self.sku(name), data, op)

    def price(self, bench: PlatformBench, name: str, price: str) -> Message:
        data = {"sku": self.sku(name), "price": price, **bench.price}
        return self.message("price", self.sku(name), data)

    def stock(self, bench: PlatformBench, name: str, quantity: str) -> Message:
        data = {"sku": self.sku(name), "quantity": quantity, **bench.stock}
        return self.message("stock", self.sku(name), data)

    def variant(self, name: str, parent: str, **options: str) -> Message:
        chosen = [{"name": key, "value": value} for key, value in options.items()]
        return self.product(name, "Maglia", parent=self.sku(parent), options=chosen)

    def message(self, entity: str, key: str, data: Any, op: Op = Op.UPSERT) -> Message:
        self.version += 1
        body = b"" if op is Op.DELETE else json.dumps(data, ensure_ascii=False).encode()
        return Message(
            f"{self.mark}-{self.version}", self.version, f"{entity}s", entity, key, op, body
        )


class PlatformSuite:
    """Inherit, and give a fixture `bench`."""

    @pytest.fixture
    def bench(self) -> PlatformBench:
        raise NotImplementedError

    @pytest.fixture
    def sender(self) -> Sender:
        return Sender()

    @pytest.fixture
    def target(self, bench: PlatformBench) -> Iterator[AnyTarget]:
        assert bench.kind.target
        target = bench.kind.target(
            bench.kind.connection.model_validate(bench.connection),
            bench.kind.target_options.model_validate(bench.options),
        )
        yield target
        target.close()

    @pytest.fixture
    def engine(self, target: AnyTarget) -> Engine:
        return Engine(target)

    def test_product_is_created_and_its_id_told(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        receipts = engine.send(sender.product("1"), sender.product("2"))
        assert taken(receipts) == {sender.sku("1"), sender.sku("2")}
        (held,) = bench.held(sender.sku("1"))
        assert receipts[sender.sku("1")].reference == held["id"]
        assert held["name"] == sender.named("1")

    def test_texts_arrive_unchanged(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        products = [sender.product(str(n), text) for n, text in enumerate(AWKWARD)]
        assert len(taken(engine.send(*products))) == len(AWKWARD)
        for number, text in enumerate(AWKWARD):
            (held,) = bench.held(sender.sku(str(number)))
            assert held["name"] == sender.named(str(number), text)

    def test_second_message_changes_the_same_product(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        engine.send(sender.product("1", "alt"))
        engine.send(sender.product("1", "neu"))
        assert [each["name"] for each in bench.held(sender.sku("1"))] == [sender.named("1", "neu")]

    def test_product_that_was_there_before_us_is_taken_over(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        first = engine.send(sender.product("1"))
        engine.bound.clear()
        assert engine.send(sender.product("1", "neu"))[sender.sku("1")].reference == (
            first[sender.sku("1")].reference
        )
        assert [each["name"] for each in bench.held(sender.sku("1"))] == [sender.named("1", "neu")]

    def test_product_that_somebody_deleted_in_the_shop_is_made_anew(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        engine.send(sender.product("1"))
        bench.remove(sender.sku("1"))
        receipts = engine.send(sender.product("1", "neu"))
        (held,) = bench.held(sender.sku("1"))
        assert held["name"] == sender.named("1", "neu")
        assert held["id"] == receipts[sender.sku("1")].reference

    def test_lost_answer_makes_no_second_product(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        products = [sender.product(str(number)) for number in range(5)]
        bench.lose_answer()
        with pytest.raises(Unavailable):
            engine.send(*products)
        assert len(taken(engine.send(*products))) == 5
        assert [len(bench.held(sender.sku(str(number)))) for number in range(5)] == [1] * 5

    def test_eight_threads_with_the_same_products_make_one_each(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        products = [sender.product(str(number)) for number in range(10)]
        problems: list[SyncError] = []

        def send() -> None:
            try:
                for message in products:
                    engine.send(message)
            except SyncError as error:
                problems.append(error)

        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []
        assert [len(bench.held(sender.sku(str(number)))) for number in range(10)] == [1] * 10

    def test_refused_product_says_why_and_the_others_pass(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        bench.refuse(sender.sku("bad"))
        names = ("1", "bad", "3")
        receipts = engine.send(*(sender.product(name) for name in names))
        assert taken(receipts) == {sender.sku("1"), sender.sku("3")}
        refusal = receipts[sender.sku("bad")]
        assert refusal.code
        assert refusal.reason
        assert not refusal.waits
        assert bench.held(sender.sku("bad")) == []

    def test_number_that_is_none_is_refused_before_it_is_sent(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        engine.send(sender.product("1"))
        refusal = engine.send(sender.price(bench, "1", "abc"))[sender.sku("1")]
        assert not refusal.accepted
        assert '"price"' in refusal.reason
        assert "abc" in refusal.reason
        refusal = engine.send(sender.stock(bench, "1", "viele"))[sender.sku("1")]
        assert '"quantity"' in refusal.reason

    def test_price_and_stock_reach_the_product(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        engine.send(sender.product("1"))
        assert taken(engine.send(sender.price(bench, "1", "12.50")))
        assert taken(engine.send(sender.stock(bench, "1", "7.9")))
        (held,) = bench.held(sender.sku("1"))
        assert (held["price"], held["stock"]) == ("12.5", 7)
        engine.bound.clear()
        engine.send(sender.price(bench, "1", "13"))
        assert bench.held(sender.sku("1"))[0]["price"] == "13"

    def test_price_and_stock_of_a_product_that_is_not_there_wait(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        price, stock = sender.price(bench, "1", "12.5"), sender.stock(bench, "1", "7")
        assert engine.send(price)[sender.sku("1")].waits
        assert engine.send(stock)[sender.sku("1")].waits
        engine.send(sender.product("1"))
        assert taken(engine.send(price))
        assert taken(engine.send(stock))
        (held,) = bench.held(sender.sku("1"))
        assert (held["price"], held["stock"]) == ("12.5", 7)

    def test_variants_are_sold_under_their_product(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        receipts = engine.send(
            sender.product("shirt", "Maglia"),
            sender.variant("red", "shirt", Colore="Rosso", Taglia="M"),
            sender.variant("blue", "shirt", Colore="Blu", Taglia="M"),
        )
        assert len(taken(receipts)) == 3
        engine.send(sender.stock(bench, "red", "4"), sender.stock(bench, "blue", "5"))
        engine.send(sender.price(bench, "red", "20"))
        assert bench.held(sender.sku("red"))[0]["stock"] == 4
        assert bench.held(sender.sku("blue"))[0]["stock"] == 5
        assert bench.held(sender.sku("red"))[0]["price"] == "20"

    def test_variant_whose_product_is_not_there_waits(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        variant = sender.variant("red", "shirt", Colore="Rosso")
        assert engine.send(variant)[sender.sku("red")].waits
        engine.send(sender.product("shirt"))
        assert taken(engine.send(variant)) == {sender.sku("red")}
        assert len(bench.held(sender.sku("red"))) == 1

    def test_lost_answers_make_no_second_variant(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        messages = (sender.product("shirt"), sender.variant("red", "shirt", Colore="Rosso"))
        for request in (2, 3, 4):
            bench.lose_answer(request)
            try:
                engine.send(*messages)
            except Unavailable:
                engine.bound.clear()
        assert len(taken(engine.send(*messages))) == 2
        assert len(bench.held(sender.sku("red"))) == 1

    def test_deleted_product_is_gone_and_the_others_stay(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        engine.send(sender.product("gone"), sender.product("stays"))
        assert taken(engine.send(sender.product("gone", op=Op.DELETE)))
        assert bench.held(sender.sku("gone")) == []
        assert bench.held(sender.sku("stays"))
        assert taken(engine.send(sender.product("gone", op=Op.DELETE)))
        assert taken(engine.send(sender.product("never", op=Op.DELETE)))

    def test_outage_is_unavailable_and_nothing_is_done(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        bench.fail_next()
        with pytest.raises(Unavailable):
            engine.send(sender.product("1"))
        assert bench.held(sender.sku("1")) == []

    def test_shop_that_wants_us_to_slow_down_is_left_alone_for_as_long(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        bench.fail_next(**{"retry-after": "17"})
        with pytest.raises(Unavailable) as told:
            engine.send(sender.product("1"))
        assert told.value.retry_after == 17

    def test_read_back_gives_what_was_taken_and_leaves_out_what_is_absent(
        self, bench: PlatformBench, engine: Engine, sender: Sender
    ) -> None:
        if not can(engine.target, "read_back"):
            pytest.skip("this target cannot be read")
        engine.send(sender.product("1"), sender.product("2"))
        engine.send(sender.price(bench, "1", "12.5"), sender.stock(bench, "1", "7"))
        keys = [sender.sku("1"), sender.sku("never sent"), sender.sku("2")]
        records = {each.key: each for each in engine.target.read_back("product", keys)}
        assert sorted(records) == sorted([sender.sku("1"), sender.sku("2")])
        assert records[sender.sku("1")].data["sku"] == sender.sku("1")
        assert records[sender.sku("1")].data["name"] == sender.named("1")
        (price,) = engine.target.read_back("price", keys)
        assert price.data["price"] == "12.5"
        (stock,) = engine.target.read_back("stock", keys)
        assert stock.data["quantity"] == "7"
        assert list(engine.target.read_back("product", [])) == []

    def test_entity_that_the_shop_has_no_place_for_is_refused(
        self, engine: Engine, sender: Sender
    ) -> None:
        refusal = engine.send(sender.message("event", "1", {"id": "1", "kind": "view"}))["1"]
        assert not refusal.accepted
        assert "event" in refusal.reason

    def test_check_finds_something_to_say(self, engine: Engine) -> None:
        assert any(each.subject == "API version" for each in engine.target.check())

    def test_unknown_option_is_refused_and_every_option_described(
        self, bench: PlatformBench
    ) -> None:
        for options, said in (
            (bench.kind.connection, bench.connection),
            (bench.kind.target_options, bench.options),
        ):
            with pytest.raises(ValidationError):
                options.model_validate({**said, "no such": "1"})
            for name, each in options.model_fields.items():
                assert each.description, f"{options.__name__}.{name}"
