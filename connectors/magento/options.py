"""Which shop of Magento, who we are there, and how records become what it knows."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from agent.contract import Duration, Options, Size
from agent.secrets import Secret
from connectors._http import Authorization, Bearer
from connectors._http.credentials import OAuth1, OAuth1Options
from connectors._rest.access import ServerOptions
from connectors._rest.marks import ChangesOptions
from connectors._rest.options import Names, RestOptions
from connectors._rest.paging import PagingOptions
from connectors.magento.versions import ENDS

GROUP = "group:"
FIELDS = ("price", "special_price")
"""Where a price may stand at the product; all else belongs to a group of customers."""
MOST_A_PAGE = 300
"""Records a page, since 2.4.3."""


class MagentoOptions(ServerOptions):
    """A shop and the tokens of an integration."""

    store: str = Field(
        default="all",
        pattern=r"^[A-Za-z][A-Za-z0-9_]*$",
        description="Code of the store view whose values are written and read; `all`: the values "
        "that hold where a store view has none of its own.",
    )
    token: Secret | None = Field(
        default=None,
        description="Access token of the integration as a bearer token. Since 2.4.4 the shop must "
        "allow that.",
    )
    oauth1: OAuth1Options | None = Field(
        default=None, description="The integration's four values, with which requests are signed."
    )
    version: str = Field(
        default="",
        description="The shop's version, such as `2.4.8`, which it does not tell itself: `check` "
        "then says when its support ends.",
    )

    @field_validator("version")
    @classmethod
    def _known_version(cls, version: str) -> str:
        if version and version not in ENDS:
            raise ValueError(f"must be one of {', '.join(ENDS)}")
        return version

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if (self.token is None) == (self.oauth1 is None):
            raise ValueError("give either token or oauth1")
        return self

    def authorization(self) -> Authorization:
        """A bearer token, or a signature for each request."""
        if self.oauth1 is not None:
            return OAuth1(self.oauth1)
        assert self.token is not None  # noqa: S101 - one of both is there
        return Bearer(self.token)


class MagentoTargetOptions(Options):
    """How the records of a flow become products, customers and states of orders."""

    batch_size: int = Field(
        default=100,
        ge=1,
        le=5000,
        description="Records claimed at a time; a call into the shop's queue takes 5,000.",
    )
    bulk_from: int = Field(
        default=0,
        ge=0,
        description="From so many products in a batch on they go into the shop's queue in one "
        "call, and their verdicts are asked for later. The shop's consumers must run. 0: never.",
    )
    bulk_look: Duration = Field(
        default=10.0,
        ge=0,
        description="How often at most the shop is asked what became of a batch in its queue.",
    )
    deleted: Literal["hide", "delete"] = Field(
        default="hide",
        description="What becomes of a product that is deleted: disabled, or deleted for good. "
        "Customers stay, or are deleted for good; categories are always hidden.",
    )
    attribute_set: int = Field(
        default=4, ge=1, description="Id of the attribute set of new products; 4 is the default."
    )
    websites: tuple[int, ...] = Field(
        default=(), description="Ids of the websites that sell new products; all if left out."
    )
    new_price: Decimal = Field(
        default=Decimal(999999),
        ge=0,
        description="Price of a new product until its own comes, for Magento has none without: one "
        "at which nobody buys by mistake.",
    )
    root_category: int = Field(
        default=2, ge=1, description="Id of the category below which our tree begins."
    )
    attributes: dict[str, str] = Field(
        default={},
        description="Field of the record → code of a text attribute that takes it: "
        "`ean: ean`, `attributes.materiale: material`.",
    )
    options: dict[str, str] = Field(
        default={},
        description="Name of a variant's option → code of the attribute by which it is chosen: "
        "`Colore: color`. Left out: the name in lower case.",
    )
    tax_classes: dict[str, int] = Field(
        default={}, description="The product's `vat_code` → id of a tax class of products."
    )
    images_from: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="Address below which the pictures lie; the agent fetches them there.",
    )
    largest_picture: Size = Field(
        default=4_000_000, ge=1, description="How many bytes a picture may have."
    )
    price_lists: dict[str, str] = Field(
        default={},
        description="Code of a price list → where its price goes: `price`, `special_price`, or "
        "`group:Wholesale` for a group of customers, `group:ALL GROUPS` for all. Left out: the "
        "flow has one list, which is the price.",
    )
    currency: str = Field(
        default="EUR", pattern=r"^[A-Z]{3}$", description="The shop's base currency."
    )
    warehouses: dict[str, str] = Field(
        default={},
        description="Code of a warehouse → code of the shop's source. Left out: the flow has one "
        "stock for each article, at the source `default`.",
    )
    website: int = Field(default=1, ge=1, description="Id of the website of new customers.")
    customer_groups: dict[str, int] = Field(
        default={}, description="The customer's `price_list` → id of a customer group."
    )
    statuses: dict[str, str] = Field(
        default={},
        description="The record's `status` → status of the order: `evaso: complete`. `canceled` "
        "and `holded` are done as the shop does them; an empty text leaves the status alone.",
    )
    order_number: str = Field(
        default="",
        description="Field of the record that is told to the order in a comment, such as "
        "`attributes.document`.",
    )
    comment: str = Field(
        default="ERP: {number}", description="How the comment says it.", pattern=r"\{number\}"
    )
    invoice: bool = Field(
        default=False,
        description="Invoice what is not invoiced yet, once the record names an `invoice`.",
    )
    ship_from: str = Field(
        default="",
        description="Code of the source that parcels leave, in a shop of several: its stock goes "
        "down with them.",
    )
    notify_customers: bool = Field(
        default=False, description="Have the shop write to the customer about parcels and invoices."
    )

    @model_validator(mode="after")
    def _known_places(self) -> Self:
        for place in self.price_lists.values():
            if place not in FIELDS and not (place.startswith(GROUP) and place != GROUP):
                raise ValueError(
                    f"price_lists: {place!r} is not one of {', '.join(FIELDS)} or group:NAME"
                )
        return self


class ModifiedOptions(Options):
    """Only what was modified after the last mark is asked for."""

    overlap: Duration | None = Field(
        default=None, ge=0, description="How far before the mark to ask again; 5m when left out."
    )


class ListOptions(Options):
    """Which list of the shop, and what of its records."""

    list: Literal["orders", "customers"] = Field(description="What is read.")
    columns: Names = Field(
        min_length=1,
        description="Fields to read; one of an object as `billing_address.email`, a list such as "
        "`lines` whole. What Magento leaves out, as it does with empty fields, is null.",
    )
    also: Names = Field(
        default=(), description="Fields besides `columns`: what a flow adds to its preset."
    )
    parameters: dict[str, str] = Field(
        default={}, description="Parameters of the address, such as a filter group of their own."
    )
    page_size: int = Field(default=100, ge=1, le=MOST_A_PAGE, description="Records a page.")
    changes: ModifiedOptions | None = Field(
        default=None, description="Say `{}` to ask for what was modified only."
    )

    def as_list(self, store: str) -> RestOptions:
        """The same as a list behind an address.

        Newest first: what is added meanwhile moves the others back, so that one may come twice,
        and none slips past.
        """
        above = f"/rest/{store}/V1"
        orders = self.list == "orders"
        key = "entity_id" if orders else "id"
        columns = (*self.columns, *self.also)
        newest = {
            "searchCriteria[sortOrders][0][field]": "entity_id",
            "searchCriteria[sortOrders][0][direction]": "DESC",
        }
        return RestOptions(
            path=f"{above}/orders" if orders else f"{above}/customers/search",
            records="items",
            parameters={**newest, **self.parameters},
            key=(key,),
            columns=columns,
            optional=columns,
            paging=PagingOptions(
                kind="page",
                parameter="searchCriteria[currentPage]",
                size_parameter="searchCriteria[pageSize]",
                size=self.page_size,
                total="total_count",
            ),
            changes=self._stamp() if self.changes else None,
            item=f"{above}/{self.list}/{{{key}}}",
        )

    def _stamp(self) -> ChangesOptions:
        group = "searchCriteria[filterGroups][9][filters][0]"
        return ChangesOptions(
            field="updated_at",
            format="%Y-%m-%d %H:%M:%S",
            overlap=self.changes.overlap if self.changes else None,
            parameters={
                f"{group}[field]": "updated_at",
                f"{group}[value]": "{since}",
                f"{group}[conditionType]": "gteq",
            },
        )
