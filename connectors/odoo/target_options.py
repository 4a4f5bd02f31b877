"""What a flow says about records that go into Odoo."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agent.contract import Options

CustomerMark = Literal["vat_number", "tax_code", "code", "email"]


class WritingOptions(Options):
    """How records are written."""

    language: str = Field(
        default="", description="Language of the texts that are written: it_IT; else the user's."
    )
    overwrite: bool = Field(
        default=True,
        description="Whether a record that is there already is brought up to date; `no` only "
        "adds what is missing.",
    )
    categories: Literal["website", "internal", "none"] = Field(
        default="website",
        description="Which tree categories belong to: that of the website's shop, that of the "
        "products themselves, or none.",
    )
    storable: bool = Field(
        default=True, description="Whether new products are kept in stock, so that they have one."
    )
    base_price_list: str = Field(
        default="BASE",
        description="Code of the price list that is the product's own sales price; every other "
        "one is the name of a price list in Odoo.",
    )
    warehouses: dict[str, str] = Field(
        default={},
        description="Code of a warehouse → its short name in Odoo, where they differ: "
        "`{MILANO: WH}`.",
    )
    match: tuple[CustomerMark, ...] = Field(
        default=("vat_number", "tax_code", "code", "email"),
        description="By what a customer is found before a new one is made, in this order.",
    )
    deleted: Literal["archive", "delete"] = Field(
        default="archive",
        description="What becomes of a product that is gone: archived, or deleted for good, which "
        "Odoo refuses for one that was ever sold.",
    )
    confirm: bool = Field(
        default=False, description="Whether an order is confirmed; else it stays a quotation."
    )
    batch_size: int = Field(default=500, ge=1, le=1000, description="Records a call at most.")
