"""Where a Service Layer is, and how it stamps what changed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from agent.secrets import Secret
from connectors._erp.options import ErpOptions, Property
from connectors._http import Authorization, shared
from connectors._odata.options import Names, ODataOptions, StampOptions
from connectors._rest.access import ServerOptions, ServerUrl
from connectors._rest.marks import ChangesOptions

STAMP = "UpdateDate and UpdateTime"
"""The name under which each record carries both as one moment."""


def _ends_in_version(url: str) -> str:
    if not url.endswith(("/b1s/v1", "/b1s/v2")):
        raise ValueError("ends in /b1s/v1 or /b1s/v2: https://sap.example.com:50000/b1s/v2")
    return url


class ServiceLayerOptions(ServerOptions):
    """A Service Layer, a company and a user in it."""

    url: Annotated[ServerUrl, AfterValidator(_ends_in_version)] = Field(
        description="Address of the Service Layer: `https://sap.example.com:50000/b1s/v2`."
    )
    company: str = Field(min_length=1, description="Database of the company (CompanyDB).")
    user: str = Field(min_length=1, description="User of Business One.")
    password: Secret = Field(description="Password of the user.")

    def authorization(self) -> Authorization:
        """One session for all that name the same company and user."""
        from connectors.business_one.session import Session  # noqa: PLC0415 - for who asks

        who = (self.url, self.company, self.user, self.password)
        return shared(who, lambda: Session(*who))


class UpdatedOptions(StampOptions):
    """The day and the time of the last change, which Business One keeps in two properties."""

    property: str = Field(default="UpdateDate", description="Property with the day.")
    time: str = Field(
        default="UpdateTime",
        description="Property with the time of day; empty: whole days are asked for again.",
    )
    created: str = Field(
        default="CreateDate",
        description="Property with the day of creation, for what was never changed since "
        "(`CreationDate` in documents).",
    )

    def names(self) -> tuple[str, ...]:
        """All three."""
        return tuple(name for name in (self.property, self.time, self.created) if name)

    def condition(self, since: str) -> str:
        """What changed or was made since a moment of the server's clock."""
        date, _, clock = since.partition("T")
        changed = f"{self.property} ge '{date}'"
        if self.time:
            same_day = f"{self.property} eq '{date}' and {self.time} ge '{clock}'"
            changed = f"{self.property} gt '{date}' or ({same_day})"
        return f"({changed} or {self.created} ge '{date}')" if self.created else f"({changed})"

    def marks(self, version: str) -> ChangesOptions:  # noqa: ARG002 - the same in both
        """The mark as day and time, of which the condition is made."""
        return ChangesOptions(
            field=STAMP,
            format="%Y-%m-%dT%H:%M:%S",
            time_zone=self.time_zone,
            overlap=self.overlap,
        )


class EntityOptions(ODataOptions):
    """Which entities of Business One, and what of them."""

    key: Names = Field(
        min_length=1, description="Properties that make the key: ItemCode, CardCode, DocEntry."
    )
    page_size: int | None = Field(
        default=500, ge=1, le=100_000, description="Entities a page; 20 if the server decides."
    )
    changes: UpdatedOptions | None = Field(
        default=None, description="How only what changed is asked for; `{}` suits master data."
    )


class WritingOptions(ErpOptions):
    """How orders and customers are written into Business One."""

    document: Literal["order", "quotation"] = Field(
        default="order", description="What an order becomes: a sales order or a sales quotation."
    )
    reference_field: Property = Field(
        default="NumAtCard",
        description="Property that bears our reference: NumAtCard (customer reference no.), or "
        "better a field of your own such as `U_WebOrder`, which nobody fills by hand.",
    )
    series: int | None = Field(
        default=None, description="Series that numbers the documents; the user's own if left out."
    )
    item_field: Property = Field(
        default="ItemCode", description="Property of items that holds the SKU."
    )
    customer_series: int | None = Field(
        default=None,
        description="Series that numbers new customers; without it their code is the `reference`.",
    )
    tax_code_field: Property = Field(
        default="AdditionalID",
        description="Property of business partners that holds the tax code (codice fiscale).",
    )
