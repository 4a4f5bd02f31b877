"""What the configuration says under `mapping:`: the name of each field and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    RootModel,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from agent.entities import FieldType
from agent.mapping.identifiers import CheckName


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Texts = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_tuple, json_schema_input_type=str | tuple[str, ...]),
]
"""One text, or a list of them."""


class _Shorthand(BaseModel):
    """An object that may be written as one text, which then stands for its `_short` key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, handler(core_schema)]}


class ValuesFile(_Shorthand):
    """A CSV file of two columns, value and replacement; or just its path."""

    path: Path = Field(description="The file, relative to the configuration's folder")
    encoding: str = Field("utf-8-sig", description="Its encoding: utf-8, cp1252, cp850 …")
    delimiter: str = Field(";", min_length=1, max_length=1, description="What parts the columns")
    header: bool = Field(default=False, description="Whether the first line holds headings")

    @model_validator(mode="before")
    @classmethod
    def _from_path(cls, value: object) -> object:
        return {"path": value} if isinstance(value, str | Path) else value


class Notation(BaseModel):
    """How a source writes numbers and dates in text, where a field does not say otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decimal_mark: Literal[".", ","] = Field(".", description="Decimal mark")
    group_mark: Literal["", ".", ",", " ", "'"] = Field(
        "", description="Mark between thousands; none unless declared"
    )
    date_format: Texts = Field(
        (), description="How dates are written, as a field's `format`; by default ISO 8601"
    )


class Totals(_Shorthand):
    """That an order has to add up, and how its shop counts; or just the tolerance."""

    tolerance: Decimal = Field(
        Decimal("0.02"), ge=0, description="How far a sum may be off, in the order's currency"
    )
    vat_included: bool = Field(
        default=False, description="Whether prices and totals of lines include VAT"
    )
    plus: Texts = Field(
        (), description="Attributes of the order that are charged beside the lines: shipping_total"
    )
    minus: Texts = Field((), description="Attributes of the order that are taken off")

    @model_validator(mode="before")
    @classmethod
    def _from_tolerance(cls, value: object) -> object:
        return {"tolerance": value} if isinstance(value, str) else value


class FieldSpec(_Shorthand):
    """Where one field of the record comes from, its type and its rules; or just a column."""

    column: str = Field("", alias="from", description="Column of the source")
    value: str | None = Field(None, description="A constant instead of a column")
    expression: str = Field(
        "", description="A Jinja2 expression over `row`, and over `value` where `from` is given"
    )
    each: str = Field("", description="Column that holds child rows: one list element for each")
    fields: Mapping[str, FieldSpec] = Field(
        default_factory=dict,
        description="Fields of each list element (with `each`), or of a nested object (without)",
    )
    type: FieldType | None = Field(
        None, description="Type; by default the one that the entity gives the field, else text"
    )
    # Text on the way in.
    encoding: str = Field("", description="Code page of a column that arrives as bytes: cp500 …")
    trim: bool = Field(default=True, description="Whether blanks around a text are cut off")
    case: Literal["upper", "lower"] | None = Field(None, description="Change letters to this case")
    null_values: Texts = Field(
        (),
        description="Values that mean empty; SENTINEL_DATES stands for 0, 9999999, 99999999, "
        "0001-01-01, 0000-00-00, 9999-12-31",
    )
    separator: str = Field("", description="For a list: what parts the elements in the text")
    # Numbers, booleans, dates.
    scale: int | None = Field(None, ge=0, le=18, description="Digits after the decimal mark")
    round: bool = Field(
        default=False, description="Round half up to `scale` instead of refusing further digits"
    )
    decimal_mark: Literal[".", ","] | None = Field(
        None,
        description="Decimal mark in a text; by default what the source declares, else a point",
    )
    group_mark: Literal["", ".", ",", " ", "'"] | None = Field(
        None, description="Mark between thousands in a text; none unless declared"
    )
    true_words: Texts = Field(("true", "1"), alias="true", description="Words that mean true")
    false_words: Texts = Field(("false", "0"), alias="false", description="Words that mean false")
    format: Texts = Field(
        (),
        description="How a date or time is written: %d/%m/%Y and the like, or CYYMMDD, YYYYMMDD, "
        "YYMMDD, HHMMSS, HHMM; several are tried in order; by default ISO 8601",
    )
    # Replacement.
    values: Mapping[str, str] | None = Field(None, description="Value → replacement")
    values_file: ValuesFile | None = Field(None, description="The same, from a CSV file")
    values_default: str | None = Field(
        None, description="Replacement for a value that the table lacks; without it: refused"
    )
    default: str | None = Field(None, description="What an empty value becomes")
    # Rules.
    required: bool = Field(default=False, description="Whether an empty value is refused")
    min: str | None = Field(None, description="Least number or earliest date")
    max: str | None = Field(None, description="Greatest number or latest date")
    min_length: int | None = Field(None, ge=0, description="Least length of a text")
    max_length: int | None = Field(
        None, ge=1, description="Greatest length of a text; 1048576 unless given"
    )
    pattern: str = Field("", description="Regular expression that the whole text must match")
    check: CheckName | None = Field(
        None,
        description="What the text has to be; it is checked, by its check digits where it has "
        "some, and brought into one form",
    )

    @model_validator(mode="before")
    @classmethod
    def _from_column(cls, value: object) -> object:
        return {"from": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_origin(self) -> FieldSpec:
        origins = {
            "from": self.column,
            "value": self.value is not None,
            "expression": self.expression and not self.column,
            "each": self.each,
            "fields": self.fields and not self.each,
        }
        given = [name for name, present in origins.items() if present]
        if not given:
            raise ValueError("say where it comes from: from, value, expression, each or fields")
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} exclude each other")
        if self.each and not self.fields:
            raise ValueError("each needs fields: what an element holds")
        if self.values is not None and self.values_file is not None:
            raise ValueError("values and values_file exclude each other")
        return self


class MappingSpec(RootModel[Mapping[str, FieldSpec]]):
    """Field of the record → where it comes from."""

    model_config = ConfigDict(frozen=True)

    @property
    def fields(self) -> Mapping[str, FieldSpec]:
        """The fields in the order in which they are written; a record keeps it."""
        return self.root

    def canonical(self) -> str:
        """The same mapping as JSON text, equal for equal mappings; the fields keep their order."""
        return self.model_dump_json(by_alias=True)
