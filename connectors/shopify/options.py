"""Where a shop of Shopify is, who we are there, and how records become what Shopify knows."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from agent.contract import Duration, Options
from agent.secrets import Secret
from connectors._http import Authorization, HttpOptions, shared
from connectors._http.credentials import ApiKey, ApiKeyOptions
from connectors._rest.marks import ChangesOptions
from connectors._rest.options import Names
from connectors.shopify.access import TOKEN_HEADER, ShopToken


class ShopifyOptions(HttpOptions):
    """A shop, and an app that is installed in it."""

    token: Secret | None = Field(
        default=None, description="Access token of a custom app (`shpat_…`) that does not end."
    )
    client_id: str = Field(
        default="", description="Client ID of an app of the Dev Dashboard, in place of a token."
    )
    client_secret: Secret | None = Field(default=None, description="Its client secret.")

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if bool(self.client_id) != bool(self.client_secret):
            raise ValueError("client_id and client_secret go together")
        if bool(self.token) == bool(self.client_id):
            raise ValueError("give either token or client_id and client_secret")
        return self

    def authorization(self) -> Authorization:
        """The token; one of the Dev Dashboard is fetched once for all that use the app."""
        if self.token is not None:
            return ApiKey(ApiKeyOptions(value=self.token, header=TOKEN_HEADER))
        if (secret := self.client_secret) is None:
            raise ValueError("neither token nor client_secret")
        url, client_id = self.url, self.client_id
        return shared((url, client_id, secret), lambda: ShopToken(url, client_id, secret))


class ShopifyTargetOptions(Options):
    """How records are written."""

    batch_size: int = Field(
        default=250,
        ge=1,
        le=50_000,
        description="Records a delivery at most. For first loads in bulk 10,000, together with "
        "`batch_size` under `delivery`.",
    )
    bulk_from: int = Field(
        default=1000,
        ge=1,
        description="So many new products in one delivery are loaded by one bulk operation.",
    )
    adopt: bool = Field(
        default=True,
        description="Look for a variant with the same SKU before a product is created, and take "
        "it over. `no` saves the question where the shop was empty at the beginning.",
    )
    images_from: str = Field(
        default="",
        description="Address below which pictures lie whose record gives only a file name.",
    )
    unknown_categories: Literal["wait", "ignore"] = Field(
        default="wait",
        description="What to do with a product whose category has no collection yet.",
    )
    deleted: Literal["archive", "draft", "delete"] = Field(
        default="archive", description="What becomes of a product that vanished. Variants go."
    )
    base_price_list: str = Field(
        default="BASE", description="Code of the price list that is the price of the variant."
    )
    price_lists: dict[str, str] = Field(
        default={}, description="Code of a price list → name of the price list in Shopify."
    )
    warehouses: dict[str, str] = Field(
        default={},
        description="Code of a warehouse → name of the location. One that is left out is called "
        "as its code.",
    )
    companies: bool = Field(
        default=False, description="Customers are companies with a location (B2B)."
    )
    fulfil_on: Names = Field(
        default=("shipped",),
        description="Values of `status` at which what was shipped is marked as fulfilled.",
    )
    notify_customers: bool = Field(
        default=False, description="Have Shopify write to the customer when goods are shipped."
    )


class ModifiedOptions(Options):
    """Only what was updated since the last mark is asked for."""

    overlap: Duration | None = Field(
        default=None, ge=0, description="How far before the mark to ask again; 5m when left out."
    )

    def marks(self) -> ChangesOptions:
        """The same for marks."""
        return ChangesOptions(field="updatedAt", overlap=self.overlap)


class SourceOptions(Options):
    """Which records are read."""

    list: Literal["orders", "refunds", "customers"] = Field(
        description="What is read. Refunds are those of the orders that `filter` takes."
    )
    filter: str = Field(
        default="",
        description="Condition in Shopify's search syntax: `financial_status:paid`.",
    )
    page_size: int = Field(
        default=8,
        ge=1,
        le=250,
        description="Records a page. One of orders may cost 1,000 points; customers may be read "
        "by 100.",
    )
    changes: ModifiedOptions | None = Field(
        default=None,
        description="How only what changed is asked for; without it every run reads everything.",
    )
