"""A contact that began in the shop is written there under the shop's own key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import pytest

from agent.demo.shop import ShopDatabase, ShopProcess
from agent.model import Message, Op
from connectors.shop import ShopTarget
from tests.shop.conftest import TOKEN, StartShop


class Known:
    """What the engine knows: the contact 41 is the shop's web7. And a gate that is open."""

    def find(self, entity: str, keys: Sequence[str]) -> Mapping[str, str]:
        assert entity == "contact", "of nothing else the shop's own ids are keys there"
        return {key: "web7" for key in keys if key == "41"}

    def request(self) -> None:
        """Everybody may pass."""

    def pause(self, seconds: float) -> None:
        raise AssertionError(seconds)


@pytest.fixture
def shop(start_shop: StartShop) -> ShopProcess:
    return start_shop(secrets={"SHOP_TOKEN": TOKEN})


def contact(version: int, key: str, name: str = "", op: Op = Op.UPSERT) -> Message:
    data = {"customer": "000412", "last_name": name}
    body = b"" if op is Op.DELETE else msgspec.json.encode(data)
    return Message(f"m-{version}", version, "f", "contact", key, op, body)


def held(shop: ShopProcess, entity: str = "contact") -> dict[str, str]:
    with ShopDatabase(shop.database, readonly=True) as database:
        found = database.records(entity)
    return {key: data.get("last_name", "") for key, data in found.items()}


def test_contact_is_changed_and_deleted_under_its_key_in_the_shop(
    shop: ShopProcess, target: ShopTarget
) -> None:
    shop.put_records("contacts", web7={"customer": "000412", "last_name": "Rossi"})
    target.equip(Known(), Known())
    receipts = list(target.deliver([contact(1, "41", "Verdi"), contact(2, "50", "Bianchi")]))
    assert [receipt.reference for receipt in receipts] == ["web7", "50"]
    assert held(shop) == {"web7": "Verdi", "50": "Bianchi"}
    read = {each.key: each.data["last_name"] for each in target.read_back("contact", ["41", "50"])}
    assert read == {"41": "Verdi", "50": "Bianchi"}
    [deleted] = target.deliver([contact(3, "41", op=Op.DELETE)])
    assert deleted.accepted
    assert held(shop) == {"50": "Bianchi"}


def test_own_ids_of_other_records_are_no_keys(shop: ShopProcess, target: ShopTarget) -> None:
    target.equip(Known(), Known())
    body = b'{"sku":"41","name":"Vite"}'
    [receipt] = target.deliver([Message("m-1", 1, "f", "product", "41", Op.UPSERT, body)])
    assert receipt.reference == "product/41"
    assert list(held(shop, "product")) == ["41"]
