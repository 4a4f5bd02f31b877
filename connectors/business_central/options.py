"""Where a company of Business Central is, and who we are there."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agent.secrets import Secret
from connectors._erp.options import ErpOptions, Property
from connectors._http import Authorization, ClientCredentials, OAuth2Options, shared
from connectors._http.options import Url
from connectors._odata.options import Names, ODataOptions, StampOptions
from connectors._rest.access import ServerOptions, ServerUrl

IDENTIFIER = r"[0-9A-Za-z._-]+"


class BusinessCentralOptions(ServerOptions):
    """A company in an environment of a tenant, and the application that may read it."""

    url: ServerUrl = Field(
        default="https://api.businesscentral.dynamics.com/v2.0",
        description="Address of Business Central; the default is Microsoft's cloud.",
    )
    login_url: Url = Field(
        default="https://login.microsoftonline.com",
        description="Address of Microsoft Entra ID, which gives out the tokens.",
    )
    tenant: str = Field(
        pattern=IDENTIFIER, description="Id or domain of the tenant: `rossi.onmicrosoft.com`."
    )
    environment: str = Field(
        default="Production", pattern=IDENTIFIER, description="Name of the environment."
    )
    company: str = Field(min_length=1, description="Name or id of the company.")
    api: str = Field(
        default="v2.0",
        pattern=r"[0-9A-Za-z._-]+(/[0-9A-Za-z._-]+)*",
        description="Which API: `v2.0`, or one of your own as `publisher/group/version`.",
    )
    client_id: str = Field(min_length=1, description="Id of the application in Entra ID.")
    client_secret: Secret = Field(description="Secret of the application.")
    scope: str = Field(
        default="https://api.businesscentral.dynamics.com/.default",
        description="What the token is asked for.",
    )

    def at_the_api(self) -> ServerOptions:
        """The same with the address under which the sets lie."""
        url = f"{self.url}/{self.tenant}/{self.environment}/api/{self.api}"
        return self.model_copy(update={"url": url})

    def authorization(self) -> Authorization:
        """One token for all that name the same application."""
        oauth2 = OAuth2Options(
            token_url=f"{self.login_url}/{self.tenant}/oauth2/v2.0/token",
            client_id=self.client_id,
            client_secret=self.client_secret,
            scope=self.scope,
        )
        return shared(oauth2, lambda: ClientCredentials(oauth2))


class ModifiedOptions(StampOptions):
    """The stamp that every entity of the API has."""

    property: str = Field(
        default="lastModifiedDateTime", description="Property that holds when an entity changed."
    )


class EntityOptions(ODataOptions):
    """Which entities of the company, and what of them."""

    key: Names = Field(
        default=("number",), min_length=1, description="Properties that make the key."
    )
    columns: Names = Field(min_length=1, description="Properties to read. The key is always read.")
    page_size: int | None = Field(
        default=1000, ge=1, le=20_000, description="Entities a page; the service allows 20,000."
    )
    changes: ModifiedOptions | None = Field(
        default=None, description="How only what changed is asked for; `{}` where the stamp moves."
    )


class WritingOptions(ErpOptions):
    """How orders and customers are written into Business Central."""

    document: Literal["order", "quotation"] = Field(
        default="order", description="What an order becomes: a sales order or a sales quote."
    )
    item_field: Property = Field(
        default="number", description="Property of items that holds the SKU: number, gtin."
    )
    customer_numbers: Literal["series", "reference"] = Field(
        default="series",
        description="Who numbers new customers: Business Central's own series, or `reference` "
        "(the series must allow manual numbers).",
    )
    tax_code_field: Property | None = Field(
        default=None,
        description="Property of customers that holds the tax code; the API v2.0 has none.",
    )
