"""Options of a target: which operation writes a record, and which says whether it is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from agent.contract import Options
from connectors._template import Template
from connectors.soap.options import Names


def _named(parameters: Template) -> Template:
    if not isinstance(parameters.tree, Mapping) or parameters.tree.keys() == {"each", "make"}:
        raise ValueError("parameters are names with their values")
    return parameters


def _place(value: Any) -> Any:
    """A plain text is a place in the answer: `order.number` is `{{ reply.order.number }}`."""
    if isinstance(value, str) and "{{" not in value:
        return f"{{{{ reply.{value} }}}}"
    return value


Parameters = Annotated[Template, AfterValidator(_named)]
Place = Annotated[Template, BeforeValidator(_place)]


class CallOptions(Options):
    """One call of an operation."""

    operation: str = Field(description="Operation of the WSDL.")
    parameters: Parameters = Field(
        default_factory=lambda: Template({}),
        description="Its parameters, nested as in the WSDL; those without a value are left out.",
    )


class WriteOptions(CallOptions):
    """A call that writes."""

    accepted: Template | None = Field(
        default=None,
        description="Whether an answer without a fault says that it was written: "
        "`{{ reply.result == 'OK' }}`.",
    )
    error: str = Field(
        default="",
        description="Where an answer without a fault tells why the record was refused. Anything "
        "there is a refusal, unless `accepted` decides.",
    )


class LookUpOptions(CallOptions):
    """The question whether a record is there."""

    item: str = Field(
        default="",
        description="Where the record, or a list with it, stands in the answer. Left out: the "
        "answer itself.",
    )
    reference: Place | None = Field(
        default=None,
        description="The service's own id of it: a place in the record such as `number`, or a "
        "template over `reply`, the record. Left out: the record is the id.",
    )
    gone_faults: Names = Field(
        default=(), description="Fault codes that mean: there is no such record."
    )


class DeleteOptions(WriteOptions):
    """The call that takes a record away."""

    gone_faults: Names = Field(
        default=(), description="Fault codes that mean: there is no such record any more."
    )


class SoapTargetOptions(WriteOptions):
    """How a record is made, looked for, changed and taken away."""

    operation: str = Field(description="Operation that makes a new record.")
    reference: Place | None = Field(
        default=None,
        description="The service's own id of the new record: a place in the answer such as "
        "`number`, or a template over `reply`. Left out: an answer that is a single value.",
    )
    look_up: LookUpOptions | None = Field(
        default=None, description="Asks whether the record is there already."
    )
    ask: Literal["doubtful", "always"] = Field(
        default="doubtful",
        description="When that is asked: for what may have been written already, or always.",
    )
    update: WriteOptions | None = Field(
        default=None,
        description="Changes a record that is there. Left out: what changed is refused.",
    )
    delete: DeleteOptions | None = Field(
        default=None, description="Takes one away. Left out: a delete is refused."
    )
    repeatable: bool = Field(
        default=False,
        description="Whether a call may come twice without a second effect, since the service "
        "knows the record by our own key.",
    )
    refused_faults: Names = Field(
        default=(),
        description="Fault codes that refuse the record and leave nothing written, besides Client "
        "and Sender: `[Server]` for a service that knows no other.",
    )
    found_faults: Names = Field(
        default=(), description="Fault codes that mean: the record is there already."
    )
    batch_size: int = Field(default=20, ge=1, description="Records that are claimed at once.")

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if self.ask == "always" and self.look_up is None:
            raise ValueError("ask: always needs look_up")
        return self

    @property
    def calls(self) -> Mapping[str, CallOptions]:
        """Every operation that may be called, by the option that names it."""
        further = {"look_up": self.look_up, "update": self.update, "delete": self.delete}
        return {"": self, **{name: each for name, each in further.items() if each}}
