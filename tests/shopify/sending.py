"""Deliveries to the stand-in as the engine makes them: bindings are kept, the gate is passed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import structs

from agent.errors import Unavailable
from agent.model import Message, Op, Receipt
from connectors.shopify.options import ShopifyOptions, ShopifyTargetOptions
from connectors.shopify.target import ShopifyTarget
from tests.peers.shopify.server import ShopServer
from tests.peers.shopify.shop import Record


class Kept:
    """What receipts told, as the engine keeps it."""

    def __init__(self) -> None:
        self.references: dict[tuple[str, str], str] = {}

    def find(self, entity: str, keys: Sequence[str]) -> Mapping[str, str]:
        return {k: self.references[entity, k] for k in keys if (entity, k) in self.references}


class Watch:
    """A gate that counts."""

    def __init__(self) -> None:
        self.passed = 0
        self.pauses: list[float] = []

    def request(self) -> None:
        self.passed += 1

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


class Sending:
    """One target and what it was told so far."""

    def __init__(self, server: ShopServer, **options: Any) -> None:
        self.server, self.shop = server, server.shop
        self.kept, self.gate = Kept(), Watch()
        self.version = 0
        self.target = self.opened(**options)

    def opened(self, **options: Any) -> ShopifyTarget:
        connection = ShopifyOptions.model_validate(
            {"url": self.server.url, "token": "env:TEST_SHOPIFY_TOKEN"}
        )
        target = ShopifyTarget(connection, ShopifyTargetOptions.model_validate(options))
        target.equip(self.kept, self.gate)
        return target

    def reopen(self, **options: Any) -> None:
        """Another target with other options; what was bound stays bound."""
        self.target.close()
        self.target = self.opened(**options)

    def close(self) -> None:
        self.target.close()

    def message(
        self, entity: str, key: str, data: Mapping[str, Any] | None = None, **more: Any
    ) -> Message:
        """The next message; without data a delete."""
        self.version += 1
        return Message(
            id=f"message-{self.version}",
            version=self.version,
            flow="flow",
            entity=entity,
            key=key,
            op=Op.DELETE if data is None else Op.UPSERT,
            body=b"" if data is None else json.dumps(data).encode(),
            **more,
        )

    def product(self, sku: str, name: str = "Vite", **data: Any) -> Message:
        return self.message("product", sku, {"sku": sku, "name": name, **data})

    def variant(self, sku: str, parent: str, colour: str, **data: Any) -> Message:
        options = [{"name": "Colore", "value": colour}]
        return self.product(sku, parent=parent, options=options, **data)

    def send(self, *messages: Message) -> dict[str, Receipt]:
        """Deliver; receipts by key. What they tell is kept."""
        receipts = {each.message_id: each for each in self.target.deliver(messages)}
        assert receipts.keys() == {message.id for message in messages}
        return self._taken(messages, receipts)

    def send_until_settled(self, *messages: Message) -> int:
        """As the engine does: what has no receipt comes again after the time that was asked for.

        How often it took. What was touched is asked for first.
        """
        waiting = {message.id: message for message in messages}
        for attempt in range(1, 100):
            doubtful = [each for each in waiting.values() if each.doubtful]
            try:
                self._settle(waiting, self.target.look_up(doubtful) if doubtful else ())
                self._settle(waiting, self.target.deliver(list(waiting.values())))
            except Unavailable as error:
                if not error.untouched:
                    waiting = {i: structs.replace(m, doubtful=True) for i, m in waiting.items()}
                self.server.bucket.pass_time(error.retry_after or 1.0)
            if not waiting:
                return attempt
        raise AssertionError(f"{len(waiting)} messages are never settled")

    def _settle(self, waiting: dict[str, Message], receipts: Iterable[Receipt]) -> None:
        for receipt in receipts:
            message = waiting.pop(receipt.message_id)
            assert receipt.accepted, receipt.reason
            self.kept.references[message.entity, message.key] = receipt.reference

    def asked(self, *messages: Message) -> dict[str, Receipt]:
        """Look up; receipts by key of what is there."""
        receipts = {each.message_id: each for each in self.target.look_up(messages)}
        return self._taken(messages, receipts)

    def _taken(
        self, messages: Sequence[Message], receipts: Mapping[str, Receipt]
    ) -> dict[str, Receipt]:
        found = {}
        for message in messages:
            if (receipt := receipts.get(message.id)) is not None:
                found[message.key] = receipt
                if receipt.accepted and receipt.reference:
                    self.kept.references[message.entity, message.key] = receipt.reference
        return found

    def forget(self) -> None:
        """As after a restored backup: nothing is bound any more."""
        self.kept.references.clear()

    def holds(self, kind: str, key: str) -> Record:
        """The record of the shop that bears a key."""
        return self.shop.records[self.shop.keys[kind, key]]

    def done(self) -> list[str]:
        """Names of the mutations that had an effect."""
        return [name for name, _ in self.shop.done if name != "metafieldDefinitionCreate"]
