"""Where a PrestaShop is, who we are there, what is read of it and how records are written."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from agent.contract import Duration, Options
from agent.secrets import Secret
from connectors._http import Authorization
from connectors._platform.options import PictureOptions
from connectors._rest.access import ServerOptions
from connectors._rest.marks import ChangesOptions, TimeZone
from connectors._rest.options import Names
from connectors.prestashop.access import KeyAsUser

STAMP = "date_upd"
HOUR_THAT_COMES_TWICE = 3900.0
"""Local stamps repeat an hour in autumn; five minutes on top for what is committed late."""


class PrestaShopOptions(ServerOptions):
    """A shop and a key of its web service."""

    key: Secret = Field(description="Key of the web service: Advanced Parameters → Webservice.")
    shop: int | None = Field(
        default=None, ge=1, description="Id of the shop, where one installation has several."
    )
    time_zone: TimeZone = Field(
        default="Europe/Rome",
        description="Time zone of the shop (International → Localization): its stamps name none.",
    )

    def authorization(self) -> Authorization:
        """The key in place of a user."""
        return KeyAsUser(self.key)


class ModifiedOptions(Options):
    """Only what has `date_upd` at or above the last mark is asked for."""

    overlap: Duration | None = Field(
        default=None,
        ge=0,
        description="How far before the mark to ask again; 1h5m when left out, for the hour that "
        "comes twice in autumn.",
    )

    def marks(self, time_zone: str) -> ChangesOptions:
        """The same for marks."""
        overlap = HOUR_THAT_COMES_TWICE if self.overlap is None else self.overlap
        return ChangesOptions(
            field=STAMP, format="%Y-%m-%d %H:%M:%S", time_zone=time_zone, overlap=overlap
        )


class AlongOptions(Options):
    """Records of another resource that are read along."""

    resource: str = Field(pattern=r"^[a-z_]+$", description="Resource: `addresses`.")
    by: str = Field(
        default="",
        description="Field of ours that holds its id; its fields are then `NAME.city`.",
    )
    of: str = Field(
        default="", description="Field of theirs that holds our id; they are then child rows."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.by) == bool(self.of):
            raise ValueError("give either by or of")
        return self


class ResourceOptions(Options):
    """Which resource, and what of its records."""

    resource: str = Field(pattern=r"^[a-z_]+$", description="Resource: `orders`, `customers`.")
    fields: Names = Field(
        min_length=1,
        description="Fields to read. Lists under associations are `associations.order_rows`; "
        "addresses also have `country_code` and `state_code`.",
    )
    also: Names = Field(
        default=(), description="Fields besides `fields`: what a flow adds to its preset."
    )
    key: Names = Field(default=("id",), min_length=1, description="Fields that make the key.")
    filter: dict[str, str] = Field(
        default={},
        description="Conditions as the web service writes them: `{current_state: '[2|3]'}`.",
    )
    language: int = Field(
        default=1, ge=1, description="Id of the language of texts that have several."
    )
    along: dict[str, AlongOptions] = Field(
        default={}, description="Records of other resources, read along, in this order."
    )
    page_size: int = Field(default=100, ge=1, le=1000, description="Records a page.")
    changes: ModifiedOptions | None = Field(
        default=None,
        description="How only what changed is asked for; `{}` where `date_upd` moves.",
    )

    @property
    def columns(self) -> Names:
        """All that is read."""
        lists = tuple(name for name, along in self.along.items() if along.of)
        return (*self.fields, *self.also, *lists)


class PrestaShopTargetOptions(PictureOptions):
    """How records are written."""

    language: str = Field(
        default="",
        description="Language of the texts that are written: `it`; all of them when left out.",
    )
    root_category: int = Field(
        default=2, ge=1, description="Id of the category under which ours hang: 2 is Home."
    )
    tax_rules: dict[str, int] = Field(
        default={},
        description="VAT code or rate of a product → id of the group of tax rules: `{'22': 1}`.",
    )
    warehouse: str = Field(
        default="",
        description="The warehouse whose stock the shop sells; stock of others is refused. Left "
        "out: the flow has one stock for each article.",
    )
    base_price_list: str = Field(
        default="BASE",
        description="Code of the price list that is the product's own price without VAT; every "
        "other one is the name of a customer group.",
    )
    statuses: dict[str, int] = Field(
        default={}, description="Status of an order → id of the state in the shop: `{shipped: 4}`."
    )
    notify_customers: bool = Field(
        default=False, description="Whether the shop writes to the customer when a state changes."
    )
    overwrite: bool = Field(
        default=True,
        description="Whether a record that is there already is brought up to date; `no` only "
        "adds what is missing.",
    )
    deleted: Literal["hide", "delete"] = Field(
        default="hide",
        description="What becomes of a product that is gone: switched off, or deleted for good.",
    )
    update: Literal["auto", "patch", "put"] = Field(
        default="auto",
        description="How records are changed: patch names only what changes, put the whole; auto "
        "looks at the shop's version (patch from 8 on).",
    )
    batch_size: int = Field(default=50, ge=1, le=500, description="Records looked up at once.")
