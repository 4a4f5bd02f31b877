"""What a flow into an ERP may say, whichever ERP it is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from agent.contract import Duration, Options
from agent.errors import Rejected
from connectors._rest.marks import TimeZone
from connectors._template import Template

Mark = Literal["vat_number", "tax_code", "email", "code"]
Property = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


def _rates(codes: Mapping[str, str]) -> Mapping[str, str]:
    for rate in codes:
        try:
            Decimal(rate)
        except InvalidOperation:
            raise ValueError(f"{rate!r} is no VAT rate; write it like 22 or 5.5") from None
    return codes


class ErpOptions(Options):
    """How orders and customers of the shop become documents and customers of the ERP."""

    reference: Template = Field(
        default=Template("{{ key }}"),
        description="What an order, or a new customer, of ours is called in the ERP and found "
        "by again: `WEB-{{ key }}` where others could bear the same number.",
    )
    settling: Duration = Field(
        default=120.0,
        ge=0,
        description="How long the ERP may still be writing what it gave no answer to. Only then it "
        "is asked whether it is there, and nothing else is sent to it meanwhile.",
    )
    changed: Literal["refuse", "update"] = Field(
        default="refuse",
        description="What happens to an order that changed after it was written, or a customer: "
        "`refuse` parks it for a person, `update` writes it over.",
    )
    deleted: Literal["refuse", "cancel"] = Field(
        default="refuse",
        description="What happens to an order that is gone from the shop: parked, or cancelled.",
    )
    customer: Template | None = Field(
        default=None,
        description="Number in the ERP of the customer for orders; where it gives nothing, it is "
        "the one whom the order names.",
    )
    match: tuple[Mark, ...] = Field(
        default=("vat_number", "tax_code", "email", "code"),
        min_length=1,
        description="By what a customer is found in the ERP, the surest first. Without `code` the "
        "shop's codes count as its own: an order then finds its customer by our deliveries alone.",
    )
    create: bool = Field(
        default=True, description="Whether a customer who is not found is created."
    )
    taxes: Annotated[Mapping[str, str], AfterValidator(_rates)] = Field(
        default={},
        description="VAT rate of a line → the ERP's code; left to the ERP where it is empty.",
    )
    warehouses: Mapping[str, str] = Field(
        default={},
        description="`attributes.warehouse` of a line → the ERP's code; `''` for lines without.",
    )
    currencies: Mapping[str, str] = Field(
        default={}, description="ISO 4217 code → the ERP's code, where that is another."
    )
    addresses: bool = Field(
        default=True,
        description="Write the order's own addresses into the document; else the ERP takes those "
        "of its customer.",
    )
    time_zone: TimeZone = Field(
        default="UTC", description="Time zone in which an order gets its date: `Europe/Rome`."
    )
    fields: Template = Field(
        default=Template({}),
        description="Fields of the ERP's document, laid over what is written; null takes one out.",
    )
    line: Template = Field(
        default=Template({}),
        description="The same for each line; `item` is the order's line, `number` its place.",
    )
    further_lines: Template = Field(
        default=Template([]),
        description="Lines besides the ordered ones, such as freight, as the ERP takes them.",
    )
    customer_fields: Template = Field(
        default=Template({}), description="The same as `fields` for a customer."
    )

    @model_validator(mode="after")
    def _found_again(self) -> Self:
        if len(set(self.match)) < len(self.match):
            raise ValueError("match: each at most once")
        return self

    def tax(self, rate: Decimal | None) -> str | None:
        """The code of a rate; None where the flow leaves that to the ERP, or the line has none."""
        if rate is None or not self.taxes:
            return None
        found = [code for each, code in self.taxes.items() if Decimal(each) == rate]
        return found[0] if found else _unknown("taxes", f"{rate:f}")

    def warehouse(self, wanted: str) -> str | None:
        """The code of a warehouse; None where the flow leaves that to the ERP."""
        if not wanted or not self.warehouses:
            return self.warehouses.get("")
        return self.warehouses.get(wanted) or _unknown("warehouses", wanted)


def _unknown(option: str, value: str) -> str:
    raise Rejected("SA-5357", f"{option} has no code for {value!r}", hint=f"add it to {option}")
