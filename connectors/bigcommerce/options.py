"""Which store of BigCommerce, who we are there, and how records become what it knows."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from agent.contract import Duration, Options
from agent.secrets import Secret
from connectors._http import Authorization
from connectors._http.credentials import ApiKey, ApiKeyOptions
from connectors._rest.access import ServerOptions, ServerUrl
from connectors._rest.marks import ChangesOptions
from connectors._rest.options import Names, RestOptions
from connectors._rest.paging import PagingOptions

FIELDS = ("price", "sale_price", "retail_price")
"""Where a price may stand in the catalogue; all else is a price list."""


class BigCommerceOptions(ServerOptions):
    """A store and the token of an API account."""

    url: ServerUrl = Field(
        default="https://api.bigcommerce.com", description="Address of BigCommerce's API."
    )
    store: str = Field(pattern=r"^[0-9a-z]+$", description="Hash of the store: `abc123xyz`.")
    access_token: Secret = Field(description="Access token of the API account.")
    reserve: int = Field(
        default=5,
        ge=0,
        description="Requests of the store's allowance that are left to other apps: below it "
        "nothing is asked for until the allowance is full again.",
    )

    def at_the_store(self) -> Self:
        """The same with the address of the store."""
        return self.model_copy(update={"url": f"{self.url}/stores/{self.store}"})

    def authorization(self) -> Authorization:
        """The token in a header."""
        return ApiKey(ApiKeyOptions(value=self.access_token, header="X-Auth-Token"))


class BigCommerceTargetOptions(Options):
    """How the records of a flow become products, customers and states of orders."""

    batch_size: int = Field(
        default=100,
        ge=1,
        le=2000,
        description="Records claimed at a time. A request takes 10 products, 50 variants, 100 "
        "prices of a list or 2,000 stocks of them: for a flow of stock raise it.",
    )
    deleted: Literal["hide", "delete"] = Field(
        default="hide",
        description="What becomes of a product that is deleted: hidden, or deleted for good. "
        "Customers are deleted for good, or left.",
    )
    price_lists: dict[str, str] = Field(
        default={},
        description="Code of a price list → where its price goes: `price`, `sale_price`, "
        "`retail_price`, or `list:3` for the store's price list 3. Left out: the flow has one "
        "list, which is the price.",
    )
    currency: str = Field(
        default="EUR",
        pattern=r"^[A-Z]{3}$",
        description="The store's own currency, in which prices of the catalogue are.",
    )
    warehouses: dict[str, int] = Field(
        default={},
        description="Code of a warehouse → id of the store's location. Left out: the flow has one "
        "stock for each article, at location 1.",
    )
    category_tree: int = Field(
        default=1, ge=1, description="Id of the tree to which new categories are added."
    )
    images_from: str = Field(
        default="", description="Address below which pictures lie that a record only names."
    )
    customer_groups: dict[str, int] = Field(
        default={}, description="The customer's `price_list` → id of a customer group."
    )
    statuses: dict[str, str] = Field(
        default={}, description="The record's `status` → state of the order: `spedito: Shipped`."
    )
    order_number: str = Field(
        default="",
        description="Field of the record that becomes the order's `external_order_id`, such as "
        "`attributes.document`.",
    )

    @model_validator(mode="after")
    def _known_places(self) -> Self:
        for place in self.price_lists.values():
            number = place.removeprefix("list:")
            if place not in FIELDS and not (number != place and number.isdigit()):
                raise ValueError(
                    f"price_lists: {place!r} is not one of {', '.join(FIELDS)} or list:3"
                )
        return self


class ModifiedOptions(Options):
    """Only what was modified after the last mark is asked for."""

    overlap: Duration | None = Field(
        default=None, ge=0, description="How far before the mark to ask again; 5m when left out."
    )


class ListOptions(Options):
    """Which list of the store, and what of its records."""

    list: Literal["orders", "customers"] = Field(description="What is read.")
    columns: Names = Field(
        min_length=1,
        description="Fields to read; one of an object as `billing_address.email`, a list such as "
        "`lines` whole.",
    )
    also: Names = Field(
        default=(), description="Fields besides `columns`: what a flow adds to its preset."
    )
    parameters: dict[str, str] = Field(
        default={}, description="Parameters of the address: `channel_id: 1`."
    )
    page_size: int = Field(default=50, ge=1, le=250, description="Records a page.")
    changes: ModifiedOptions | None = Field(
        default=None, description="Say `{}` to ask for what was modified only."
    )

    def as_list(self) -> RestOptions:
        """The same as a list behind an address.

        Newest first: what is added meanwhile moves the others back, so that one may come twice,
        and none slips past.
        """
        orders = self.list == "orders"
        return RestOptions(
            path="/v2/orders" if orders else "/v3/customers",
            records="" if orders else "data",
            parameters={**(ORDERS if orders else CUSTOMERS), **self.parameters},
            headers={"accept": "application/json"},
            key=("id",),
            columns=(*self.columns, *self.also),
            paging=PagingOptions(
                kind="page",
                size_parameter="limit",
                size=self.page_size,
                total="" if orders else "meta.pagination.total",
            ),
            changes=self._stamp() if self.changes else None,
            item=ORDER if orders else CUSTOMER,
            item_record="" if orders else "data",
        )

    def _stamp(self) -> ChangesOptions:
        overlap = self.changes.overlap if self.changes else None
        name = "min_date_modified" if self.list == "orders" else "date_modified:min"
        return ChangesOptions(field="date_modified", overlap=overlap, parameters={name: "{since}"})


WITH_LINES = {"include": "consignments.line_items", "consignment_structure": "object"}
ORDERS = {"sort": "id:desc", **WITH_LINES}
CUSTOMERS = {"sort": "date_created:desc", "include": "addresses"}
ORDER = "/v2/orders/{id}?" + "&".join(f"{name}={value}" for name, value in WITH_LINES.items())
CUSTOMER = "/v3/customers?id:in={id}&include=addresses"
