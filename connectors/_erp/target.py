"""A target that takes orders and customers: one document an order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from agent.contract import Target
from agent.errors import Rejected
from agent.model import Message, Receipt
from connectors._erp import customers, orders
from connectors._erp.options import ErpOptions
from connectors._erp.verdicts import nothing_written, refusal
from connectors._rest.access import ServerOptions

if TYPE_CHECKING:
    from connectors._erp.erp import Erp

PATIENCE = 240.0
"""Seconds for an answer unless the connection says otherwise: an ERP at work on a long order is
silent, and giving up early only makes doubt. Less than half the lease of a batch, within which the
gate lets the last request through."""

ServerT = TypeVar("ServerT", bound=ServerOptions)
ErpOptionsT = TypeVar("ErpOptionsT", bound=ErpOptions)


class ErpTarget(Target[ServerT, ErpOptionsT]):
    """Delivers to an ERP. What may have been written is asked for by its reference."""

    batch_size = 20

    def __init__(self, connection: ServerT, options: ErpOptionsT) -> None:
        from connectors._rest.api import Api  # noqa: PLC0415 - 100 ms for who sends

        super().__init__(connection, options)
        self.api = Api(_patient(self.server()), connection.authorization())

    def server(self) -> ServerOptions:
        """Under which address everything lies."""
        return self.connection

    def erp(self) -> Erp:
        """The ERP for one delivery, whose first request has passed the gate."""
        raise NotImplementedError

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Customers first: the next delivery of an order that waits for one finds him bound."""
        with nothing_written():
            erp = self.erp()
        accounts = customers.Customers(erp, self.options, self.bindings)
        papers = orders.Orders(erp, self.options, self.bindings, accounts)
        for message in messages:
            if message.entity not in {customers.ENTITY, orders.ENTITY}:
                yield refusal(message, _stranger(message))
        if mine := _of(messages, customers.ENTITY):
            yield from accounts.deliver(mine)
        if mine := _of(messages, orders.ENTITY):
            yield from papers.deliver(mine)

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """What is there already, by reference; customers by what they are found by."""
        erp = self.erp()
        accounts = customers.Customers(erp, self.options, self.bindings)
        papers = orders.Orders(erp, self.options, self.bindings, accounts)
        yield from accounts.look_up(_of(messages, customers.ENTITY))
        yield from papers.look_up(_of(messages, orders.ENTITY))

    def close(self) -> None:
        """Close every connection."""
        self.api.close()


def _patient(server: ServerOptions) -> ServerOptions:
    unsaid = {"read_timeout", "total_timeout"} - server.model_fields_set
    return server.model_copy(update=dict.fromkeys(unsaid, PATIENCE))


def _of(messages: Sequence[Message], entity: str) -> list[Message]:
    return [message for message in messages if message.entity == entity]


def _stranger(message: Message) -> Rejected:
    return Rejected(
        "SA-5356",
        f"the ERP takes orders and customers, no {message.entity}",
        hint="correct entity or target of the flow",
    )
