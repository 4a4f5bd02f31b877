"""What a flow says about an entity set."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from agent.contract import Duration, Options
from connectors._rest.marks import ChangesOptions, TimeZone

Names = tuple[str, ...]


class StampOptions(Options):
    """A property by which only what changed is asked for."""

    property: str = Field(description="Property that holds when an entity changed, or a number.")
    type: Literal["", "DateTimeOffset", "DateTime", "Date", "number"] = Field(
        default="",
        description="Its type. Left out: DateTimeOffset, for version 2 DateTime.",
    )
    time_zone: TimeZone = Field(
        default="UTC", description="Time zone of stamps that name none (DateTime, Date)."
    )
    overlap: Duration | None = Field(
        default=None,
        ge=0,
        description="How far before the mark to ask again: a time (5m when left out), or a bare "
        "number for numbers (0). What is read twice costs nothing.",
    )

    def names(self) -> tuple[str, ...]:
        """The properties that must be read for it."""
        return (self.property,)

    def condition(self, since: str) -> str:
        """What is asked for since a mark."""
        return f"{self.property} ge {since}"

    def marks(self, version: str) -> ChangesOptions:
        """The same for marks: how one is written in a filter."""
        patterns = {
            ("4", "Date"): "%Y-%m-%d",
            ("2", "DateTime"): "datetime'%Y-%m-%dT%H:%M:%S'",
            ("2", "DateTimeOffset"): "datetimeoffset'%Y-%m-%dT%H:%M:%SZ'",
        }
        kind = self.type or ("DateTimeOffset" if version == "4" else "DateTime")
        written = "number" if kind == "number" else patterns.get((version, kind), "iso")
        return ChangesOptions(
            field=self.property,
            format=written,
            time_zone="UTC" if kind == "DateTimeOffset" else self.time_zone,
            overlap=self.overlap,
        )


class ODataOptions(Options):
    """Which entity set, what of its entities, and how a change is found."""

    entity_set: str = Field(
        pattern=r"^[^/?#][^?#]*$",
        description="Name of the set, or the path to it below url: `Items`, `companies(…)/items`.",
    )
    key: Names = Field(
        default=(),
        description="Properties that make the key; as in $metadata. `$set` is the set's own name, "
        "for sets that count alike and deliver the same entity.",
    )
    columns: Names = Field(
        default=(),
        description="Properties to read, one inside another as `Address.City`; all of $metadata "
        "when left out, and what is expanded. The key is always read.",
    )
    also: Names = Field(
        default=(),
        description="Properties to read besides `columns`: what a flow adds to its preset.",
    )
    optional: Names = Field(
        default=(), description="Properties that the service leaves out when they are empty."
    )
    rows: str = Field(
        default="",
        description="Property with a list inside each entity of which each element makes a row. "
        "Its fields are columns such as `Prices.List`; some of them belong to the key.",
    )
    expand: Names = Field(
        default=(),
        description="Navigation properties read along: a list becomes child rows. In version 4 "
        "with options of its own: `Lines($select=Item,Price)`.",
    )
    filter: str = Field(default="", description="Condition ($filter): `Valid eq true`.")
    order: str = Field(
        default="", description="Order ($orderby); for pages by $skip one by the key is needed."
    )
    page_size: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="Entities a page; the service decides if left out.",
    )
    pages: Literal["server", "skip"] = Field(
        default="server",
        description="`server` follows the next links of the service; `skip` asks with $top and "
        "$skip, for one that cuts off without saying so.",
    )
    count: bool = Field(
        default=True,
        description="Ask how many entities there are ($count). Where next links count ($skip), "
        "nothing is deleted without it.",
    )
    changes: StampOptions | None = Field(
        default=None, description="How only what changed is asked for, by a property."
    )
    delta: bool = Field(
        default=False,
        description="Let the service itself say what changed and what is gone, by delta links.",
    )

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if self.delta and self.changes:
            raise ValueError("changes and delta exclude each other")
        if self.rows and (self.delta or not self.key or not self.columns):
            raise ValueError("rows needs key and columns, and no delta")
        if self.delta and "$set" in self.key:
            raise ValueError("$set in the key and delta exclude each other")
        if self.also and not self.columns:
            raise ValueError("also adds to columns; without them everything is read")
        if self.pages == "skip" and not (self.page_size and self.order):
            raise ValueError("pages: skip needs page_size and order")
        return self
