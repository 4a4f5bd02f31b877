"""What a flow says about a list behind an address."""

from __future__ import annotations

import json
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from agent.contract import Options
from connectors._rest.marks import ChangesOptions
from connectors._rest.paging import PagingOptions

Names = tuple[str, ...]


class ListOptions(Options):
    """A list behind an address."""

    path: str = Field(description="Path of the list, below the connection's url: `/v2/articles`.")
    records: str = Field(
        default="",
        description="Where the list stands in the answer: `data.items`. Left out: the answer is "
        "the list.",
    )
    parameters: dict[str, str] = Field(
        default={}, description="Parameters of the address: filter, order, fields."
    )

    @field_validator("path")
    @classmethod
    def _below(cls, path: str) -> str:
        if not path.startswith("/") or path.startswith("//") or "#" in path:
            raise ValueError("write a path like /v2/articles")
        return path


class DeletedOptions(ListOptions):
    """A list of what was deleted, asked for since the last mark."""

    key: Names = Field(
        default=(), description="Fields that hold the key there; as in `key` when left out."
    )
    paging: PagingOptions | None = Field(
        default=None, description="How that list is asked for; like the first when left out."
    )


class RestOptions(ListOptions):
    """Which list, what of its records, and how a change is found."""

    method: Literal["GET", "POST"] = Field(
        default="GET", description="POST for a search that takes a body."
    )
    body: str = Field(default="", description="JSON body of the question, for POST.")
    headers: dict[str, str] = Field(default={}, description="Headers of the question.")
    key: Names = Field(min_length=1, description="The fields whose values make the key.")
    columns: Names = Field(
        description="Fields to read; one of an object as `pricing.net`, a list whole: its "
        "elements are child rows. The key is always read."
    )
    optional: Names = Field(
        default=(),
        description="Fields that the server leaves out when they are empty, `lines.note` in child "
        "rows. A record without any other column is refused.",
    )
    paging: PagingOptions = Field(
        default_factory=PagingOptions, description="How a long list is asked for piece by piece."
    )
    changes: ChangesOptions | None = Field(
        default=None,
        description="How only what changed is asked for; without it every run reads everything.",
    )
    deleted: DeletedOptions | None = Field(
        default=None, description="A list of deleted keys, read along with the changes."
    )
    item: str = Field(
        default="",
        description="Path of one record: `/v2/articles/{key}`, or with the fields of the key by "
        "name. Needed for single keys; 404 and 410 mean that it is gone.",
    )
    item_record: str = Field(
        default="", description="Where the record stands in that answer; a list may hold it."
    )
    error: str = Field(
        default="",
        description="Where an answer with status 200 tells of an error: `error.message`.",
    )

    @field_validator("body")
    @classmethod
    def _json(cls, text: str) -> str:
        if text:
            json.loads(text)
        return text

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if self.body and self.method != "POST":
            raise ValueError("body needs method: POST")
        if "{since}" in self.body or "{since}" in "".join(self.parameters.values()):
            raise ValueError("{since} belongs under changes: a full pass knows no mark")
        if self.item and not (self.item.startswith("/") and "{" in self.item):
            raise ValueError("write item like /v2/articles/{key}")
        if self.changes and self.changes.body:
            self._json(self.changes.body)
            if self.method != "POST":
                raise ValueError("changes.body needs method: POST")
        if self.deleted and not self.changes:
            raise ValueError("deleted needs changes: nobody knows since when otherwise")
        return self
