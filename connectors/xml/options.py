"""What the configuration says about XML files."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, model_validator

from agent.contract import Size
from connectors._drop.nested import NestedOptions
from connectors._drop.options import MaybeEncoding
from connectors.xml.names import Step, qualified, steps_of


class XmlOptions(NestedOptions):
    """Which files of the folder a flow reads, and what it takes out of each record.

    `price` is an element's text, `price/net` that of an element inside, `price/@currency` an
    attribute, `.` the record's own text.
    """

    records: str = Field(
        description="Path from the document's outermost element to the records: "
        "`/catalog/articles/article`."
    )
    namespaces: Mapping[str, str] = Field(
        default_factory=dict,
        description="Prefixes used in these paths → namespace; the document's own do not matter. "
        "A name without a prefix is in no namespace.",
    )
    encoding: MaybeEncoding = Field(
        "", description="How text is encoded; by default what the document itself declares."
    )
    max_record: Size = Field(2**20, ge=1, description="A file with a larger record is refused.")

    @property
    def record_path(self) -> tuple[str, ...]:
        """The qualified names from the outermost element to a record."""
        return tuple(qualified(step, self.namespaces) for step in self.records[1:].split("/"))

    def steps(self, path: str) -> tuple[Step, ...]:
        """A column's path inside a record."""
        return steps_of(path, self.namespaces)

    @model_validator(mode="after")
    def _paths_are_readable(self) -> XmlOptions:
        if not self.columns:
            raise ValueError("columns is missing: what to read of each record")
        if not self.records.startswith("/"):
            raise ValueError("records begins with / and the name of the outermost element")
        self.record_path  # noqa: B018 - raises ValueError for a path that is none
        for path in (*self.columns, *(each for parts in self.children.values() for each in parts)):
            self.steps(path)
        for path in self.children:
            if path == "." or any(step.is_attribute for step in self.steps(path)):
                raise ValueError(f"children of {path!r}: child rows are elements")
        return self
