"""Batches of records: every rule of the chapter `What must hold`."""

from __future__ import annotations

import gzip
import time
from urllib.parse import quote

import msgspec

from agent.conformance.shapes import Stored, StoredItems, Verdicts
from agent.conformance.visitor import Failed, Reply, Visitor, is_one_of

MOST_TRIED = 1_000
"""Items in the largest batch that is tried, however many more the shop takes."""
BOMB_LIMIT = 64_000_000
"""A shop that takes larger bodies than this is not tried with one too large."""


def record_is_there_once_it_was_accepted(shop: Visitor) -> None:
    """What was accepted can be read, unchanged."""
    item = shop.item("kept", 'Tubo 1/2" caffè €😀 \u2028')
    if shop.entity == "product":
        item["data"]["weight"] = "0.1250"
    shop.accept(item)
    stored = shop.held("kept")
    if stored is None:
        raise Failed("it is not there")
    for name, value in item["data"].items():
        if stored.data.get(name) != value:
            raise Failed(f"{name} is {stored.data.get(name)!r}, {value!r} was sent")
    if stored.version != item["version"]:
        raise Failed(f"its version is {stored.version}, {item['version']} was sent")


def same_id_happens_once(shop: Visitor) -> None:
    """An item sent again is accepted and does nothing, also when something newer came meanwhile."""
    first, newer = shop.item("again"), shop.item("again", "Dado")
    shop.accept(first)
    shop.accept(newer)
    (verdict,) = shop.batch(first)
    is_one_of(verdict.status, ("accepted",), "the repeated item")
    shop.require_name("again", "Dado")


def same_id_twice_in_one_batch(shop: Visitor) -> None:
    """The same item twice in one batch is accepted, and happens once."""
    item = shop.item("twice")
    reply = shop.post("/v1/batches", {"items": [item, item]})
    verdicts = reply.of(Verdicts).items
    if {each.id for each in verdicts} != {item["id"]}:
        raise Failed("its verdict is missing")
    for verdict in verdicts:
        is_one_of(verdict.status, ("accepted",), "the item")
    shop.require_name("twice", "Vite")


def reused_id_is_rejected(shop: Visitor) -> None:
    """A known id with other content is rejected as `id_reused`, and changes nothing."""
    item = shop.item("reused")
    shop.accept(item)
    (verdict,) = shop.batch({**item, "data": shop.data("reused", "Dado")})
    is_one_of(verdict.status, ("rejected",), "the item")
    is_one_of(verdict.code, ("id_reused",), "its code")
    shop.require_name("reused", "Vite")


def rejected_id_is_judged_anew(shop: Visitor) -> None:
    """An id that was rejected is judged as if it were new."""
    good = shop.item("judged")
    (verdict,) = shop.batch({**good, "data": {}})
    is_one_of(verdict.status, ("rejected",), "a record without its required fields")
    shop.accept(good)
    shop.require_name("judged", "Vite")


def older_version_is_stale(shop: Visitor) -> None:
    """A version that is not above the last one is stale, and changes nothing."""
    older, equal = shop.item("stale", "Alt"), shop.item("stale", "Gleich")
    newer = shop.item("stale", "Neu")
    equal["version"] = newer["version"]
    shop.accept(newer)
    for verdict in (*shop.batch(older), *shop.batch(equal)):
        is_one_of(verdict.status, ("stale",), "an item that is not newer")
    shop.require_name("stale", "Neu")


def deleted_record_is_gone(shop: Visitor) -> None:
    """A deleted record is gone, and deleting what is not there is accepted."""
    shop.accept(shop.item("gone"))
    shop.accept(shop.item("gone", op="delete"))
    shop.require_name("gone", None)
    shop.accept(shop.item("never there", op="delete"))


def deleted_record_stays_gone(shop: Visitor) -> None:
    """An old upsert does not bring a deleted record back; a newer one does."""
    first, late = shop.item("back"), shop.item("back", "Spät")
    shop.accept(first)
    shop.accept(shop.item("back", op="delete"))
    (verdict,) = shop.batch(late)
    is_one_of(verdict.status, ("stale",), "an upsert older than the deletion")
    shop.require_name("back", None)
    shop.accept(shop.item("back", "Neu"))
    shop.require_name("back", "Neu")


def upsert_carries_the_whole_record(shop: Visitor) -> None:
    """A field that an upsert leaves out is empty."""
    full = shop.item("whole")
    full["data"]["attributes"] = {"colour": "red"}
    shop.accept(full)
    shop.accept(shop.item("whole", "Dado"))
    stored = shop.held("whole")
    if stored is None or stored.data.get("attributes"):
        raise Failed("the field of the earlier upsert is still there")


def bad_item_stops_no_other(shop: Visitor) -> None:
    """One bad item does not stop the others of its batch."""
    before, bad, behind = shop.item("before"), shop.item("bad", data={}), shop.item("behind")
    verdicts = shop.batch(before, bad, behind)
    found = [verdict.status for verdict in verdicts]
    if found != ["accepted", "rejected", "accepted"]:
        raise Failed(f"good, bad and good items are {', '.join(found)}")
    shop.require_name("before", "Vite")
    shop.require_name("behind", "Vite")


def rejection_names_the_field(shop: Visitor) -> None:
    """A rejected item's reason names the field at fault."""
    (verdict,) = shop.batch(shop.item("nameless", data=shop.data("nameless") | {"name": None}))
    is_one_of(verdict.status, ("rejected",), "a record without a name")
    if "name" not in verdict.reason:
        raise Failed(f"the reason does not name it: {verdict.reason}")


def unknown_entity_is_rejected_alone(shop: Visitor) -> None:
    """An entity that the shop does not have is rejected item by item."""
    good = shop.item("known")
    strange = shop.item("strange", entity="conformance_unicorn")
    found = [verdict.status for verdict in shop.batch(strange, good)]
    if found != ["rejected", "accepted"]:
        raise Failed(f"an unknown entity and a good item are {', '.join(found)}")


def items_of_a_key_are_done_in_order(shop: Visitor) -> None:
    """Items of one key are done in the order of the batch."""
    shop.accept(shop.item("order", "Eins"), shop.item("order", "Zwei"), shop.item("order", "Drei"))
    shop.require_name("order", "Drei")
    shop.accept(shop.item("order", "Vier"), shop.item("order", op="delete"))
    shop.require_name("order", None)


def unknown_fields_are_passed_over(shop: Visitor) -> None:
    """Fields that the shop does not know are passed over."""
    item = shop.item("newer protocol", conformance_field={"later": True})
    reply = shop.post("/v1/batches", {"items": [item], "conformance_field": 7})
    (verdict,) = reply.of(Verdicts).items
    is_one_of(verdict.status, ("accepted",), "the item")


def empty_batch_is_answered(shop: Visitor) -> None:
    """An empty batch is answered 200 with no verdicts."""
    if shop.post("/v1/batches", {"items": []}).of(Verdicts).items:
        raise Failed("it has verdicts")


def full_batch_is_answered_whole(shop: Visitor) -> None:
    """A batch of max_batch_items is answered whole."""
    size = min(shop.capabilities.max_batch_items, MOST_TRIED)
    shop.accept(*(shop.item(f"many {number}", op="delete") for number in range(size)))


def large_version_keeps_every_digit(shop: Visitor) -> None:
    """A version of sixteen digits is kept exactly."""
    item = shop.item("version")
    if len(str(item["version"])) < 16:
        raise Failed("this machine's clock is wrong")
    shop.accept(item)
    stored = shop.held("version")
    if stored is None or stored.version != item["version"]:
        raise Failed(f"it is {stored.version if stored else 'gone'}, {item['version']} was sent")


def absent_records_are_absent(shop: Visitor) -> None:
    """Reading keys answers those that exist; a single one that does not is 404."""
    shop.require_feature("read")
    shop.accept(shop.item("there"))
    keys = [shop.key("there"), shop.key("nowhere")]
    found = shop.post("/v1/records/read", {"entity": shop.entity, "keys": keys}).of(StoredItems)
    if [stored.key for stored in found.items] != keys[:1]:
        raise Failed(f"{len(found.items)} records for two keys, of which one exists")
    single = f"/v1/records/{shop.entity}/{quote(keys[0], safe='')}"
    if shop.get(single).of(Stored).key != keys[0]:
        raise Failed("a key with a slash is not found")
    shop.get(f"/v1/records/{shop.entity}/{quote(keys[1], safe='')}").require(404)


def packed_batch_is_taken(shop: Visitor) -> None:
    """A batch packed with gzip is taken."""
    shop.require_feature("gzip")
    item = shop.item("packed")
    reply = _send_packed(shop, gzip.compress(msgspec.json.encode({"items": [item]})))
    (verdict,) = reply.of(Verdicts).items
    is_one_of(verdict.status, ("accepted",), "the item")
    shop.batch(shop.item("packed", op="delete"))


def broken_packing_is_refused(shop: Visitor) -> None:
    """What only says that it is gzip is answered 400 or 422."""
    shop.require_feature("gzip")
    reply = _send_packed(shop, b"not gzip at all")
    reply.require(400, 422)


def unpacking_ends_at_the_limit(shop: Visitor) -> None:
    """A small body that unpacks to more than max_batch_bytes is answered 413."""
    shop.require_feature("gzip")
    size = min(shop.capabilities.max_batch_bytes, BOMB_LIMIT) + 1
    if size > BOMB_LIMIT:
        raise Failed(f"max_batch_bytes is {size - 1}: no server should take so much at once")
    _send_packed(shop, gzip.compress(b" " * size)).require(413)


def heartbeat_is_heard(shop: Visitor) -> None:
    """A heartbeat is answered 204."""
    shop.require_feature("heartbeat")
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    status = {"version": "conformance", "verdict": "trial", "now": now, "flows": [], "later": 7}
    shop.post("/v1/heartbeat", status).require(204)


CHECKS = (
    record_is_there_once_it_was_accepted,
    same_id_happens_once,
    same_id_twice_in_one_batch,
    reused_id_is_rejected,
    rejected_id_is_judged_anew,
    older_version_is_stale,
    deleted_record_is_gone,
    deleted_record_stays_gone,
    upsert_carries_the_whole_record,
    bad_item_stops_no_other,
    rejection_names_the_field,
    unknown_entity_is_rejected_alone,
    items_of_a_key_are_done_in_order,
    unknown_fields_are_passed_over,
    empty_batch_is_answered,
    full_batch_is_answered_whole,
    large_version_keeps_every_digit,
    absent_records_are_absent,
    packed_batch_is_taken,
    broken_packing_is_refused,
    unpacking_ends_at_the_limit,
    heartbeat_is_heard,
)


def _send_packed(shop: Visitor, body: bytes) -> Reply:
    return shop.send("POST", "/v1/batches", body, {"content-encoding": "gzip"})
