"""What every ERP that takes orders keeps, whatever its API: one order, one document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

import pytest
from msgspec.structs import replace

from agent.contract import AnyTarget, Doubt, Kind
from agent.errors import Misconfigured, SyncError, Unavailable
from agent.model import Message, Op, Receipt


class Held(NamedTuple):
    """A document as the ERP holds it: item, quantity and price of each line as text."""

    number: str
    customer: str
    lines: list[tuple[str, str, str]]
    cancelled: bool


class Bench(Protocol):
    """One ERP with a customer and two items."""

    kind: Kind
    connection: dict[str, Any]
    customer: str
    items: tuple[str, str]
    requests_an_order: int

    @property
    def options(self) -> dict[str, Any]:
        """What every flow of the bench says."""
        ...

    @property
    def standin(self) -> bool:
        """Whether it fails on demand and may be filled as a test likes."""
        ...

    def documents(self, reference: str) -> list[Held]:
        """The documents that bear a reference, in order."""
        ...

    def customers(self, name: str) -> list[str]:
        """The numbers of the customers of that name."""
        ...

    def enter_by_hand(self, reference: str, customer: str) -> str:
        """A document that somebody else made; its number."""
        ...

    def admit(self, name: str, vat_number: str = "", email: str = "") -> str:
        """A customer whom somebody else made; its number."""
        ...

    def block(self, customer: str) -> None:
        """Refuse orders of this customer from now on."""
        ...

    def fail(self, *faults: str) -> None:
        """What happens to the next writes: `lost`, `down` or `locked`."""
        ...


@dataclass
class Bound:
    """Bindings as the engine keeps them."""

    numbers: dict[tuple[str, str], str] = field(default_factory=dict)

    def find(self, entity: str, keys: Sequence[str]) -> Mapping[str, str]:
        return {key: self.numbers[entity, key] for key in keys if (entity, key) in self.numbers}


@dataclass
class Counted:
    """A gate that counts."""

    passed: int = 0

    def request(self) -> None:
        self.passed += 1

    def pause(self, seconds: float) -> None:
        raise AssertionError(f"nobody said so: {seconds}")


def _mark() -> str:
    return uuid4().hex[:8].upper()


@dataclass
class Site:
    """A target and what the engine lends it."""

    bench: Bench
    options: dict[str, Any]
    bound: Bound = field(default_factory=Bound)
    gate: Counted = field(default_factory=Counted)
    version: int = 0
    mark: str = field(default_factory=_mark)

    def target(self) -> AnyTarget:
        kind = self.bench.kind
        assert kind.target
        target = kind.target(
            kind.connection.model_validate(self.bench.connection),
            kind.target_options.model_validate(self.bench.options | self.options),
        )
        target.equip(self.bound, self.gate)
        return target

    def key(self, name: str) -> str:
        """A key that occurs in no other test."""
        return f"{self.mark}-{name}"

    def message(self, entity: str, name: str, data: dict[str, Any] | None) -> Message:
        self.version += 1
        return Message(
            id=f"{self.mark}-{self.version}",
            version=self.version,
            flow="orders",
            entity=entity,
            key=self.key(name),
            op=Op.DELETE if data is None else Op.UPSERT,
            body=b"" if data is None else json.dumps(data).encode(),
        )

    def order(self, name: str, /, **further: Any) -> Message:
        lines = [
            {"line": place, "sku": sku, "quantity": "2.0000", "price": "9.5000", "vat_rate": "22"}
            for place, sku in enumerate(self.bench.items, start=1)
        ]
        address = {"street": "Via Po 3", "city": "Torino", "postal_code": "10121", "country": "IT"}
        data = {
            "number": self.key(name),
            "customer": self.bench.customer,
            "placed_at": "2026-03-01T23:30:00+00:00",
            "currency": "EUR",
            "shipping_address": address,
            "note": "Consegnare al mattino: è urgente",
            "lines": lines,
        }
        return self.message("order", name, data | further)

    def registration(self, name: str, /, **further: Any) -> Message:
        data = {
            "code": self.key(name),
            "name": f"Bianchi {self.key(name)}",
            "address": {"street": "Via Po 3", "city": "Torino", "country": "IT"},
        }
        return self.message("customer", name, data | further)

    def deliver(self, *messages: Message) -> list[Receipt]:
        """Deliver, and keep what the receipts tell, as the engine does."""
        with closing(self.target()) as target:
            receipts = list(target.deliver(messages))
        by_id = {message.id: message for message in messages}
        for receipt in receipts:
            if receipt.accepted and receipt.reference:
                message = by_id[receipt.message_id]
                self.bound.numbers[message.entity, message.key] = receipt.reference
        return receipts

    def look_up(self, *messages: Message) -> list[Receipt]:
        with closing(self.target()) as target:
            return list(target.look_up(messages))

    def again(self, message: Message) -> list[Receipt]:
        """As the engine does after an outcome that nobody saw."""
        doubtful = replace(message, doubtful=True, attempts=1)
        return self.look_up(doubtful) or self.deliver(doubtful)

    def documents(self, name: str) -> list[Held]:
        return self.bench.documents(self.key(name))


class OrderSuite:
    """Inherit, and give a fixture `bench`."""

    @pytest.fixture
    def bench(self) -> Bench:
        raise NotImplementedError

    @pytest.fixture
    def options(self) -> dict[str, Any]:
        """What a test says besides what the bench says."""
        return {}

    @pytest.fixture
    def site(self, bench: Bench, options: dict[str, Any]) -> Site:
        return Site(bench, options)

    @pytest.fixture
    def faulty(self, bench: Bench) -> Bench:
        if not bench.standin:
            pytest.skip("a real ERP does not fail on demand")
        return bench

    def test_order_becomes_one_document_whose_number_comes_back(
        self, site: Site, bench: Bench
    ) -> None:
        (receipt,) = site.deliver(site.order("1"))
        (held,) = site.documents("1")
        assert receipt == Receipt(receipt.message_id, accepted=True, reference=held.number)
        assert (held.customer, held.cancelled) == (bench.customer, False)
        assert held.lines == [(item, "2", "9.5") for item in bench.items]

    def test_many_orders_are_asked_for_together_and_written_one_by_one(
        self, site: Site, bench: Bench
    ) -> None:
        with closing(site.target()) as target:
            receipts = list(target.deliver([site.order(str(n)) for n in range(target.batch_size)]))
            assert [receipt.accepted for receipt in receipts] == [True] * target.batch_size
        assert site.gate.passed <= bench.requests_an_order * target.batch_size + 4

    def test_order_whose_answer_was_lost_is_found_and_not_written_again(
        self, site: Site, faulty: Bench
    ) -> None:
        order = site.order("1")
        faulty.fail("lost")
        with pytest.raises(Unavailable) as lost:
            site.deliver(order)
        assert not lost.value.untouched
        assert lost.value.retry_after == 120, "the ERP may still be writing it"
        (receipt,) = site.again(order)
        (held,) = site.documents("1")
        assert (receipt.accepted, receipt.reference) == (True, held.number)

    def test_order_that_never_got_there_is_written_at_the_second_try(
        self, site: Site, faulty: Bench
    ) -> None:
        order = site.order("1")
        faulty.fail("down")
        with pytest.raises(Unavailable):
            site.deliver(order)
        assert site.documents("1") == []
        (receipt,) = site.again(order)
        assert receipt.accepted
        assert len(site.documents("1")) == 1

    def test_doubtful_order_is_asked_for(self, site: Site) -> None:
        with closing(site.target()) as target:
            assert target.doubt is Doubt.ASK

    def test_failure_of_one_order_does_not_hold_up_the_next(
        self, site: Site, faulty: Bench
    ) -> None:
        faulty.fail("down")
        with closing(site.target()) as target:
            delivery = target.deliver([site.order("1"), site.order("2")])
            assert next(delivery).accepted
            with pytest.raises(Unavailable):
                next(delivery)
        assert (len(site.documents("1")), len(site.documents("2"))) == (0, 1)

    def test_locked_record_is_tried_again_and_nothing_is_in_doubt(
        self, site: Site, faulty: Bench
    ) -> None:
        faulty.fail("locked")
        with pytest.raises(Unavailable) as locked:
            site.deliver(site.order("1"))
        assert (locked.value.code, locked.value.untouched) == ("SA-5358", True)

    def test_order_of_an_unknown_article_waits_and_the_others_pass(self, site: Site) -> None:
        lines = [{"line": 1, "sku": site.key("NONE"), "quantity": "1"}]
        waits, passes = site.deliver(site.order("1", lines=lines), site.order("2"))
        assert (waits.accepted, waits.waits, waits.code) == (False, True, "SA-5006")
        assert site.key("NONE") in waits.reason
        assert passes.accepted
        assert site.documents("1") == []

    def test_order_of_an_unknown_customer_waits_until_we_delivered_him(
        self, site: Site, bench: Bench
    ) -> None:
        order = site.order("1", customer="web-4711")
        (waits,) = site.deliver(order)
        assert (waits.waits, "customer web-4711" in waits.reason) == (True, True)
        site.bound.numbers["customer", "web-4711"] = bench.customer
        (receipt,) = site.deliver(order)
        assert receipt.accepted
        assert site.documents("1")[0].customer == bench.customer

    def test_article_bound_to_another_number_is_ordered_under_it(
        self, site: Site, bench: Bench
    ) -> None:
        site.bound.numbers["product", "web-sku"] = self.item_number(bench)
        lines = [{"line": 1, "sku": "web-sku", "quantity": "3", "price": "1.25"}]
        (receipt,) = site.deliver(site.order("1", lines=lines))
        assert receipt.accepted
        assert site.documents("1")[0].lines == [(bench.items[0], "3", "1.25")]

    def item_number(self, bench: Bench) -> str:
        """By what the ERP itself names the first item."""
        return bench.items[0]

    def test_changed_order_is_left_to_a_person(self, site: Site) -> None:
        site.deliver(site.order("1"))
        (receipt,) = site.deliver(site.order("1", note="changed"))
        assert (receipt.accepted, receipt.waits, receipt.code) == (False, False, "SA-5351")
        assert len(site.documents("1")) == 1

    @pytest.mark.parametrize("options", [{"changed": "update"}])
    def test_changed_order_is_written_over_where_the_flow_says_so(
        self, site: Site, bench: Bench
    ) -> None:
        site.deliver(site.order("1"))
        lines = [{"line": 1, "sku": bench.items[1], "quantity": "7", "price": "3"}]
        changed = site.order("1", lines=lines)
        for _ in range(2):
            (receipt,) = site.again(changed)
            assert receipt.accepted
        (held,) = site.documents("1")
        assert held.lines == [(bench.items[1], "7", "3")]

    def test_order_that_went_is_left_to_a_person(self, site: Site) -> None:
        site.deliver(site.order("1"))
        (receipt,) = site.deliver(site.message("order", "1", None))
        assert (receipt.accepted, receipt.code) == (False, "SA-5352")
        assert not site.documents("1")[0].cancelled

    @pytest.mark.parametrize("options", [{"deleted": "cancel"}])
    def test_order_that_went_is_cancelled_where_the_flow_says_so(self, site: Site) -> None:
        site.deliver(site.order("1"))
        gone = site.message("order", "1", None)
        assert [receipt.accepted for receipt in site.again(gone)] == [True]
        assert all(held.cancelled for held in site.documents("1"))

    def test_order_that_went_before_it_came_is_nothing_to_do(self, site: Site) -> None:
        (receipt,) = site.deliver(site.message("order", "1", None))
        assert receipt.accepted

    def test_document_of_another_customer_with_our_reference_is_no_proof(
        self, site: Site, faulty: Bench
    ) -> None:
        other = faulty.admit("Verdi")
        faulty.enter_by_hand(site.key("1"), other)
        order = site.order("1")
        for (receipt,) in (site.deliver(order), site.again(order)):
            assert (receipt.accepted, receipt.code) == (False, "SA-5353")
        assert [held.customer for held in site.documents("1")] == [other]

    def test_document_from_before_the_first_try_is_left_to_a_person(
        self, site: Site, faulty: Bench
    ) -> None:
        number = faulty.enter_by_hand(site.key("1"), faulty.customer)
        (receipt,) = site.deliver(site.order("1"))
        assert (receipt.accepted, receipt.code) == (False, "SA-5353")
        assert number in receipt.reason

    @pytest.mark.parametrize("options", [{"reference": "{{ record.note }}"}])
    def test_two_orders_of_one_reference_are_not_taken_for_one(self, site: Site) -> None:
        one, two = site.deliver(
            site.order("1", note=site.key("R")), site.order("2", note=site.key("R"))
        )
        assert (one.accepted, two.accepted, two.code) == (True, False, "SA-5353")
        assert len(site.documents("R")) == 1

    @pytest.mark.parametrize("options", [{"reference": "{{ key * 40 }}"}])
    def test_reference_that_does_not_fit_is_refused_before_anything_is_written(
        self, site: Site
    ) -> None:
        (receipt,) = site.deliver(site.order("1"))
        assert (receipt.accepted, receipt.code) == (False, "SA-5361")

    def test_refusal_comes_in_the_words_of_the_erp_and_the_others_pass(
        self, site: Site, faulty: Bench
    ) -> None:
        blocked = faulty.admit("Verdi")
        faulty.block(blocked)
        refused, passes = site.deliver(site.order("1", customer=blocked), site.order("2"))
        assert (refused.accepted, refused.code, passes.accepted) == (False, "SA-5350", True)
        assert "on hold" in refused.reason

    @pytest.mark.parametrize("options", [{"taxes": {"10": "C10"}}])
    def test_rate_without_a_code_is_refused(self, site: Site) -> None:
        (receipt,) = site.deliver(site.order("1"))
        assert (receipt.code, "22" in receipt.reason) == ("SA-5357", True)
        assert site.documents("1") == []

    def test_other_entities_are_refused(self, site: Site) -> None:
        (receipt,) = site.deliver(site.message("stock", "1", {"sku": "A"}))
        assert (receipt.accepted, receipt.code) == (False, "SA-5356")

    def test_check_says_by_what_it_finds_things(self, site: Site) -> None:
        with closing(site.target()) as target:
            assert len(list(target.check())) >= 3

    # Customers

    def test_customer_is_found_by_his_vat_number_with_or_without_its_country(
        self, site: Site, faulty: Bench
    ) -> None:
        bare, full = faulty.admit("A", "01234567890"), faulty.admit("B", "IT09876543210")
        first, second = site.deliver(
            site.registration("1", vat_number="IT 01234567890"),
            site.registration("2", vat_number="09876543210"),
        )
        assert (first.reference, second.reference) == (bare, full)
        assert faulty.customers(f"Bianchi {site.key('1')}") == []

    def test_customer_is_found_by_his_email_in_capitals(self, site: Site, faulty: Bench) -> None:
        number = faulty.admit("A", email="ordini@verdi.example")
        (receipt,) = site.deliver(site.registration("1", email="Ordini@Verdi.example"))
        assert receipt.reference == number

    def test_customer_who_is_nobody_yet_is_created_once(self, site: Site, bench: Bench) -> None:
        (receipt,) = site.deliver(site.registration("1", email=f"{site.mark}@bianchi.example"))
        assert bench.customers(f"Bianchi {site.key('1')}") == [receipt.reference]
        (order,) = site.deliver(site.order("2", customer=site.key("1")))
        assert order.accepted
        assert site.documents("2")[0].customer == receipt.reference

    def test_customer_whose_answer_was_lost_is_found_again(self, site: Site, faulty: Bench) -> None:
        newcomer = site.registration("1", email="ordini@bianchi.example")
        faulty.fail("lost")
        with pytest.raises(Unavailable):
            site.deliver(newcomer)
        (receipt,) = site.again(newcomer)
        assert faulty.customers(f"Bianchi {site.key('1')}") == [receipt.reference]

    def test_customer_who_could_be_two_is_left_to_a_person(self, site: Site, faulty: Bench) -> None:
        numbers = [faulty.admit(name, email="info@gruppo.example") for name in ("A", "B")]
        (receipt,) = site.deliver(site.registration("1", email="info@gruppo.example"))
        assert (receipt.accepted, receipt.code) == (False, "SA-5354")
        assert all(number in receipt.reason for number in numbers)

    @pytest.mark.parametrize("options", [{"create": "false"}])
    def test_customer_whom_people_enter_themselves_waits_for_them(self, site: Site) -> None:
        (receipt,) = site.deliver(site.registration("1", email="nobody@bianchi.example"))
        assert (receipt.accepted, receipt.waits) == (False, True)

    @pytest.mark.parametrize("options", [{"changed": "update"}])
    def test_changed_customer_is_written_over_where_the_flow_says_so(
        self, site: Site, bench: Bench
    ) -> None:
        (receipt,) = site.deliver(site.registration("1", email=f"{site.mark}@bianchi.example"))
        (again,) = site.deliver(site.registration("1", name=f"Neri {site.key('1')}"))
        assert again.reference == receipt.reference
        assert bench.customers(f"Neri {site.key('1')}") == [receipt.reference]

    def test_customer_who_went_stays(self, site: Site, bench: Bench) -> None:
        (receipt,) = site.deliver(site.registration("1", email=f"{site.mark}@bianchi.example"))
        (gone,) = site.deliver(site.message("customer", "1", None))
        assert (gone.accepted, gone.code) == (False, "SA-5352")
        assert bench.customers(f"Bianchi {site.key('1')}") == [receipt.reference]


def halted(site: Site) -> SyncError:
    """What a check raises that cannot go on."""
    with closing(site.target()) as target, pytest.raises(Misconfigured) as wrong:
        list(target.check())
    return wrong.value
