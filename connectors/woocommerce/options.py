"""Where a shop of WooCommerce is, who we are there, and how records become what it knows."""

from __future__ import annotations

from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from agent.contract import Duration, Options
from agent.secrets import Secret
from connectors._http import Authorization
from connectors._rest.access import ServerOptions
from connectors._rest.marks import ChangesOptions
from connectors._rest.options import Names, RestOptions
from connectors._rest.paging import PagingOptions
from connectors.woocommerce.keys import KeyInHeader, KeyInQuery, SignedQuery
from connectors.woocommerce.refunds import REFUNDS

API = "/wp-json/wc/v3"
MOST = 100
"""What WooCommerce takes in a batch, and gives on a page."""


class WooCommerceOptions(ServerOptions):
    """A shop and a key of its REST API."""

    consumer_key: str = Field(min_length=1, description="Consumer key: `ck_…`.")
    consumer_secret: Secret = Field(description="Its secret: `cs_…`.")
    key_in: Literal["header", "query"] = Field(
        default="header",
        description="`query` for hosts that take the header `Authorization` away; the secret then "
        "stands in the log of the shop's web server. Over http requests are signed instead.",
    )
    read_timeout: Duration = Field(
        default=120.0,
        gt=0,
        description="Longest silence while an answer is awaited; a hundred products take a while.",
    )
    total_timeout: Duration = Field(
        default=300.0, gt=0, description="Longest time for one request and its whole answer."
    )

    def authorization(self) -> Authorization:
        """WooCommerce takes a key as it is over https only."""
        if urlsplit(self.url).scheme == "http":
            return SignedQuery(self.consumer_key, self.consumer_secret)
        how = KeyInQuery if self.key_in == "query" else KeyInHeader
        return how(self.consumer_key, self.consumer_secret)


class WooCommerceTargetOptions(Options):
    """How the records of a flow become products, customers and states of orders."""

    batch_size: int = Field(
        default=MOST,
        ge=1,
        le=MOST,
        description="Records a request; fewer where the host ends long requests, above all while "
        "the shop fetches pictures.",
    )
    deleted: Literal["hide", "delete"] = Field(
        default="hide",
        description="What becomes of a product that is deleted: hidden (a draft), or deleted for "
        "good. Customers are deleted for good, or left.",
    )
    price_lists: dict[str, str] = Field(
        default={},
        description="Code of a price list → where its price goes: `regular_price`, `sale_price`, "
        "or `meta:KEY` for a plug-in's own field. Left out: the flow has one list, which is the "
        "regular price.",
    )
    warehouse: str = Field(
        default="",
        description="The warehouse whose stock the shop sells; stock of others is refused. Left "
        "out: the flow has one stock for each article.",
    )
    backorders: Literal["no", "notify", "yes"] | None = Field(
        default=None, description="Whether articles may be ordered beyond their stock."
    )
    tax_classes: dict[str, str] = Field(
        default={}, description="The record's `vat_code` → tax class of the shop: `reduced-rate`."
    )
    images_from: str = Field(
        default="", description="Address below which pictures lie that a record only names."
    )
    meta_data: dict[str, str] = Field(
        default={},
        description="Field of the record → key under which the shop keeps it besides: "
        "`attributes.erp_number: _erp_number`.",
    )
    statuses: dict[str, str] = Field(
        default={}, description="The record's `status` → state of the order: `shipped: completed`."
    )
    notify_customers: bool = Field(
        default=False,
        description="Whether a tracking number is also told to the customer, in a note by e-mail.",
    )

    @model_validator(mode="after")
    def _known_places(self) -> Self:
        for place in self.price_lists.values():
            if place not in {"regular_price", "sale_price"} and not place.startswith("meta:"):
                raise ValueError(
                    f"price_lists: {place!r} is not regular_price, sale_price or meta:KEY"
                )
        return self


class ModifiedOptions(Options):
    """Only what was modified after the last mark is asked for."""

    overlap: Duration | None = Field(
        default=None, ge=0, description="How far before the mark to ask again; 5m when left out."
    )
    field: str = Field(
        default="date_modified_gmt",
        description="Field with the stamp; of refunds, which never change, `date_created_gmt`.",
    )


class ListOptions(Options):
    """Which list of the shop, and what of its records."""

    path: str = Field(
        pattern=r"^/[a-z]+(/[a-z_-]+)*$", description="List below the API: `/orders`, `/customers`."
    )
    key: Names = Field(default=("id",), min_length=1, description="Fields that make the key.")
    columns: Names = Field(
        min_length=1,
        description="Fields to read; one of an object as `billing.email`, a list such as "
        "`line_items` whole.",
    )
    also: Names = Field(
        default=(), description="Fields besides `columns`: what a flow adds to its preset."
    )
    parameters: dict[str, str] = Field(
        default={}, description="Parameters of the address: `status: processing,completed`."
    )
    page_size: int = Field(default=MOST, ge=1, le=MOST, description="Records a page.")
    changes: ModifiedOptions | None = Field(
        default=None,
        description="How only what changed is asked for, `{}` where the list knows it: orders, "
        "products, refunds. Customers have no stamp to ask for.",
    )

    def as_list(self) -> RestOptions:
        """The same as a list behind an address.

        Newest first: what is added meanwhile moves the others back, so that one may come twice,
        and none slips past. The shop's own count tells of one that was deleted meanwhile.
        """
        stamp = None
        if self.changes:
            stamp = ChangesOptions(
                field=self.changes.field,
                overlap=self.changes.overlap,
                parameters={"modified_after": "{since}", "dates_are_gmt": "true"},
            )
        return RestOptions(
            path=API + self.path,
            parameters={"orderby": "id", "order": "desc", **self.parameters},
            key=self.key,
            columns=(*self.columns, *self.also),
            paging=PagingOptions(
                kind="page",
                size_parameter="per_page",
                size=self.page_size,
                total="header:X-WP-Total",
            ),
            changes=stamp,
            item=self._item(),
        )

    def _item(self) -> str:
        """The address of a single record. Refunds have none of their own below `/refunds`."""
        by_id = f"{API}{self.path}" + ("?include={id}" if self.path == REFUNDS else "/{id}")
        by_key = {"id": by_id, "sku": f"{API}{self.path}?sku={{sku}}"}
        return by_key.get(",".join(self.key), "")
