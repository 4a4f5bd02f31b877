"""What a kind gives: its system's questions and writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from agent.model import Json
from connectors._erp.options import Mark
from connectors._erp.records import Customer, Line, Order


class Document(NamedTuple):
    """A document of the ERP that bears one of our references."""

    reference: str
    number: str
    """What people call it."""
    place: str
    """By what the ERP itself finds it."""
    customer: str = ""
    cancelled: bool = False
    tag: str = ""
    """The ERP's mark of its present state, where it wants that back."""


class Account(NamedTuple):
    """A customer of the ERP."""

    number: str
    """By which orders name it."""
    place: str
    tag: str = ""
    name: str = ""
    """Where the number alone does not prove that it is ours."""


class DraftLine(NamedTuple):
    """A line with the ERP's own codes in place of the shop's."""

    ordered: Line
    item: str
    tax: str | None
    warehouse: str | None
    further: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Draft:
    """An order about to be written, with everything known that the ERP wants to know."""

    order: Order
    reference: str
    customer: str
    placed_on: date
    currency: str | None
    lines: Sequence[DraftLine]
    further_lines: Sequence[Json] = ()
    fields: Mapping[str, Json] = field(default_factory=dict)

    @property
    def due_on(self) -> date:
        """When it shall be there: as asked for, never before it was placed."""
        wanted = self.order.delivery_on
        return max(date.fromisoformat(wanted[:10]), self.placed_on) if wanted else self.placed_on


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A customer about to be written."""

    customer: Customer
    reference: str
    fields: Mapping[str, Json] = field(default_factory=dict)


class Erp(Protocol):
    """One ERP during one delivery. Everything may raise `Rejected`, in the ERP's own words."""

    longest_reference: int
    """Characters that the field with our reference takes."""
    marks: frozenset[Mark]
    """By what customers can be found."""
    keeps_code: bool
    """Whether a new customer bears our own reference, by which it is found again."""

    def documents(self, references: Sequence[str]) -> Sequence[Document]:
        """Those that bear one of these references, cancelled ones included."""
        ...

    def items(self, skus: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """SKU → the items that it can mean."""
        ...

    def accounts(self, mark: Mark, values: Sequence[str]) -> Sequence[Account]:
        """The customers of whom this is one of the values."""
        ...

    def own_accounts(self, reference: str) -> Sequence[Account]:
        """The customer that was created under our reference."""
        ...

    def write(self, draft: Draft) -> str:
        """Write the document, in one piece; its number."""
        ...

    def change(self, document: Document, draft: Draft) -> None:
        """Write the document over, lines included."""
        ...

    def cancel(self, document: Document) -> None:
        """Cancel it."""
        ...

    def open_account(self, newcomer: Newcomer) -> str:
        """Create the customer; its number."""
        ...

    def change_account(self, account: Account, newcomer: Newcomer) -> None:
        """Write the customer over."""
        ...


def without_nulls(fields: Mapping[str, Json]) -> dict[str, Json]:
    """What has a value."""
    return {name: value for name, value in fields.items() if value is not None}


def overlaid(document: Mapping[str, Json], fields: Mapping[str, Json]) -> dict[str, Json]:
    """The document with fields laid over it: objects are merged, null takes out."""
    merged = without_nulls(document)
    for name, value in fields.items():
        below = merged.get(name)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            merged[name] = overlaid(below, value)
        elif value is None:
            merged.pop(name, None)
        else:
            merged[name] = value
    return merged
