"""Where an Odoo is, who we are there, and which records of a model are read."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from agent.contract import Duration, Options
from agent.secrets import Secret
from connectors._http import Anonymous, Authorization, Bearer
from connectors._platform.options import PictureOptions
from connectors._rest.access import ServerOptions
from connectors._rest.marks import ChangesOptions
from connectors._rest.options import Names

STAMP = "write_date"


def _list(text: str) -> str:
    if type(json.loads(text)) is list:
        return text
    raise ValueError("""write a list in JSON: [["sale_ok", "=", true]]""")


def _object(text: str) -> str:
    if type(json.loads(text)) is dict:
        return text
    raise ValueError("""write an object in JSON: {"warehouse_id": 1}""")


class OdooOptions(ServerOptions):
    """A database of Odoo and a user in it."""

    database: str = Field(min_length=1, description="Name of the database.")
    protocol: Literal["json2", "xmlrpc"] = Field(
        default="json2", description="json2 for Odoo 19 and newer, xmlrpc for older ones."
    )
    user: str = Field(default="", description="Log-in of the user, for xmlrpc.")
    read_timeout: Duration = Field(
        default=130.0,
        gt=0,
        description="Longest silence while an answer is awaited: longer than Odoo itself gives a "
        "request (`limit_time_real`, 120 s).",
    )
    total_timeout: Duration = Field(
        default=300.0, gt=0, description="Longest time for one request and its whole answer."
    )
    api_key: Secret = Field(description="An API key of the user; for xmlrpc also the password.")

    @model_validator(mode="after")
    def _user_of_xmlrpc(self) -> Self:
        if (self.protocol == "xmlrpc") != bool(self.user):
            raise ValueError("user belongs to protocol xmlrpc, which cannot do without")
        return self

    def authorization(self) -> Authorization:
        """The key in a header; XML-RPC carries it in every call instead."""
        return Bearer(self.api_key) if self.protocol == "json2" else Anonymous()


class ModifiedOptions(Options):
    """Only what has `write_date` at or above the last mark is asked for."""

    overlap: Duration | None = Field(
        default=None, ge=0, description="How far before the mark to ask again; 5m when left out."
    )

    def marks(self) -> ChangesOptions:
        """The same for marks."""
        return ChangesOptions(field=STAMP, format="%Y-%m-%d %H:%M:%S", overlap=self.overlap)


class ListOptions(Options):
    """What of a list of records is read along."""

    fields: Names = Field(
        min_length=1, description="Their fields: `[product_id.default_code, product_uom_qty]`."
    )
    domain: Annotated[str, AfterValidator(_list)] = Field(
        default="[]", description="Which of them, as JSON."
    )


class ModelOptions(Options):
    """Which model, and what of its records."""

    model: str = Field(pattern=r"^[a-z0-9_.]+$", description="Model: `product.product`.")
    fields: Names = Field(
        min_length=1,
        description="Fields to read; of a related record `partner_id.id` and `partner_id.name`, or "
        "any of its own, such as `partner_id.ref`.",
    )
    lists: dict[str, ListOptions] = Field(
        default={},
        description="Lists of records that are read along, such as `order_line`. Without it a "
        "list holds ids.",
    )
    also: Names = Field(
        default=(), description="Fields besides `fields`: what a flow adds to its preset."
    )
    key: Names = Field(default=("id",), min_length=1, description="Fields that make the key.")
    domain: Annotated[str, AfterValidator(_list)] = Field(
        default="[]", description='Condition, as JSON: `[["sale_ok", "=", true]]`.'
    )
    language: str = Field(
        default="", description="Language of translated texts: it_IT; the user's when left out."
    )
    context: Annotated[str, AfterValidator(_object)] = Field(
        default="{}", description='Further context, as JSON: `{"warehouse_id": 1}`.'
    )
    page_size: int = Field(default=500, ge=1, le=10_000, description="Records a page.")
    changes: ModifiedOptions | None = Field(
        default=None,
        description="How only what changed is asked for; `{}` where `write_date` moves.",
    )

    @property
    def columns(self) -> Names:
        """All that is read."""
        return (*self.fields, *self.also, *self.lists)

    def wanted(self) -> list[str]:
        """The names of the fields that Odoo is asked for."""
        stamp = (STAMP,) if self.changes else ()
        names = (name.partition(".")[0] for name in ("id", *self.key, *self.columns, *stamp))
        return list(dict.fromkeys(names))

    def all_context(self) -> dict[str, Any]:
        """The context of every call: archived records are records, too."""
        language = {"lang": self.language} if self.language else {}
        return {"active_test": False, **language, **json.loads(self.context)}


CustomerMark = Literal["vat_number", "tax_code", "code", "email"]


class OdooTargetOptions(PictureOptions):
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
