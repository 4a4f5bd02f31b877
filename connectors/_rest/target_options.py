"""What a flow says about how its records get behind an address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from agent.contract import Options
from connectors._rest.letters import Address, Format
from connectors._rest.verdicts import Statuses, Verdict
from connectors._template import Template

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


def _pick(value: Any) -> Any:
    """A plain text is a place in the answer: `product.id` is `{{ reply.product.id }}`."""
    if isinstance(value, str) and "{{" not in value:
        return f"{{{{ reply.{value} }}}}"
    return value


Pick = Annotated[Template, BeforeValidator(_pick)]


def _places(value: Any) -> Any:
    """One place, or none, as a list."""
    return ((value,) if value else ()) if isinstance(value, str) else value


Places = Annotated[
    tuple[str, ...], BeforeValidator(_places, json_schema_input_type=str | tuple[str, ...])
]


class RequestOptions(Options):
    """One request, written by templates."""

    method: Method = Field(default="GET", description="Method.")
    path: Address = Field(
        description="Path below the connection's url: `/products/{{ reference }}`. Values in it "
        "are escaped."
    )
    query: dict[str, Template] = Field(
        default={}, description="Parameters of the address; those without a value are left out."
    )
    headers: dict[str, Template] = Field(
        default={}, description="Headers: `Idempotency-Key: '{{ id }}'`."
    )
    body: Template | None = Field(default=None, description="What is sent.")
    format: Format = Field(default="json", description="How the body is written.")
    status: Statuses = Field(
        default={},
        description="What a status means for this request: `409: found`, `5xx: unavailable`.",
    )

    @cached_property
    def needs(self) -> frozenset[str]:
        """`reference`, and the names under `found`, as far as this request asks for them."""
        return frozenset(_names(self.model_dump()))


class QuestionOptions(RequestOptions):
    """A question whose answer is one record of the other side, or none."""

    when: Template | None = Field(
        default=None,
        description="Whether it is asked: `{{ record.vat_number | default('', true) != '' }}`. "
        "One with an empty value in its `query` never is.",
    )
    item: str = Field(
        default="",
        description="Where the record or the list of records stands in the answer: `results`. "
        "Left out: the answer itself.",
    )
    where: Template | None = Field(
        default=None,
        description="Which of them count, where the server gives more than was asked for: "
        "`{{ reply.sku == record.sku }}`.",
    )
    reference: Pick = Field(
        default=Template("{{ reply.id }}"),
        description="The id of the one: a place in the record such as `id`, or a template over "
        "`reply`, the record.",
    )


class FindOptions(QuestionOptions):
    """Another record of the other side that the template needs."""

    each: Template | None = Field(
        default=None,
        description="A list, for each element of which (`item`, `number`) one is found; the name "
        "then stands for a list in the same order.",
    )
    missing: Literal["reject", "wait"] = Field(
        default="reject",
        description="What becomes of the record where there is none: refused, or waiting for it.",
    )


class CreateOptions(RequestOptions):
    """The request that makes a new record."""

    method: Method = Field(default="POST", description="Method.")
    reference: Pick | None = Field(
        default=None,
        description="Where the answer holds the new record's id: `id`, or a template over `reply`.",
    )


class UpdateOptions(RequestOptions):
    """The request that changes a record that is there."""

    method: Method = Field(default="PUT", description="Method.")


class DeleteOptions(RequestOptions):
    """The request that takes a record away."""

    method: Method = Field(default="DELETE", description="Method.")


class StepOptions(RequestOptions):
    """A further request after the record is there."""

    method: Method = Field(default="POST", description="Method.")
    when: Template | None = Field(
        default=None, description="Whether it is needed: `{{ reply.state == 'draft' }}`."
    )


class ReadOptions(RequestOptions):
    """The request that reads one record back."""

    item: str = Field(default="", description="Where the record stands in the answer.")
    record: Template = Field(
        description="The fields of the entity, as a template over `reply`, the record there."
    )


class RestTargetOptions(Options):
    """How a record is looked for, made, changed and taken away."""

    look_up: tuple[QuestionOptions, ...] = Field(
        default=(),
        description="Questions whether the record is there, asked in order until one finds it.",
    )
    ask: Literal["doubtful", "always"] = Field(
        default="doubtful",
        description="When they are asked: only where an earlier attempt may have written the "
        "record, or always before a record is written for the first time (customers that may be "
        "there already).",
    )
    prove: bool = Field(
        default=True,
        description="Whether `look_up` is tried on the first record that is made: it must find "
        "it. `no` where the server's search lags behind.",
    )
    find: dict[str, FindOptions] = Field(
        default={},
        description="Other records that the templates need, as `found.NAME`: the ids of the "
        "articles of an order.",
    )
    create: CreateOptions | None = Field(
        default=None, description="Makes a new record. Left out: it has to be there, or it waits."
    )
    update: UpdateOptions | None = Field(
        default=None, description="Changes one. Left out: what is there is left as it is."
    )
    delete: DeleteOptions | None = Field(
        default=None, description="Takes one away. Left out: a delete is refused."
    )
    steps: tuple[StepOptions, ...] = Field(
        default=(), description="Further requests after it, in order: confirm, publish."
    )
    read: ReadOptions | None = Field(
        default=None, description="Reads one record back, to compare it with what was sent."
    )
    repeatable: bool = Field(
        default=False,
        description="Whether a request may come twice without a second effect, since the server "
        "knows the record by its own key.",
    )
    status: Statuses = Field(
        default={}, description="What a status means: `422: rejected`, `423: unavailable`."
    )
    errors: dict[str, Verdict] = Field(
        default={},
        description="What words in an error mean, where the status does not tell: "
        "`already exists: found`.",
    )
    error: Places = Field(
        default=(),
        description="Where an answer tells of an error: `error.message`, or several places, all "
        "of which are told; a path leads through lists. One with status 2xx is a refusal then.",
    )
    probe: str = Field(default="/", description="Path that `check` asks for.")
    batch_size: int = Field(default=20, ge=1, description="Records that are claimed at once.")

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if not (self.create or self.update or self.delete):
            raise ValueError("nothing is written: say create, update or delete")
        if self.ask == "always" and not self.look_up:
            raise ValueError("ask: always needs look_up")
        if self.steps and not (self.look_up or self.repeatable):
            raise ValueError(
                "steps need look_up, or repeatable: true: after a step that failed nobody would "
                "know that the record is there"
            )
        self._require_names()
        return self

    def _require_names(self) -> None:
        """What the requests ask for can be had."""
        known = {"reference"}
        if "reference" in self.find:
            raise ValueError("find: reference is the record's own id; call it something else")
        for name, find in self.find.items():
            _require(find, known)
            known.add(name)
        single = (self.create, self.update, self.delete, self.read)
        for request in (*self.look_up, *self.steps, *(each for each in single if each)):
            _require(request, known)
        if not self.gives_references:
            for what in ("update", "delete"):
                change: RequestOptions | None = getattr(self, what)
                if change and "reference" in change.needs:
                    raise ValueError(f"{what} needs a reference: say create.reference or look_up")
        known_later = self.create and (self.create.reference or self.ask == "always")
        if self.create and self.update and not (known_later or self.keyed):
            raise ValueError(
                "update needs create.reference or ask: always: nobody knows what was made before"
            )

    @property
    def gives_references(self) -> bool:
        """Whether the other side has ids of its own, and tells them."""
        return bool(self.look_up or (self.create and self.create.reference))

    @property
    def keyed(self) -> bool:
        """Whether a record is changed under its own key, for which no id need be known."""
        return self.update is not None and "reference" not in self.update.needs

    @property
    def unless_said(self) -> Mapping[str, Verdict]:
        """What a status means to a create: that it is there, where that can be seen or changed."""
        return {"409": Verdict.FOUND} if self.look_up or self.keyed else {}


def _require(request: RequestOptions, known: set[str]) -> None:
    for name in sorted(request.needs - known):
        raise ValueError(f"found.{name} is asked for, and find has no {name} before it")


def _names(tree: Any) -> Iterator[str]:
    """`reference`, and the names under `found`, in a tree of options."""
    if isinstance(tree, Mapping):
        for each in tree.values():
            yield from _names(each)
    elif isinstance(tree, list | tuple):
        for each in tree:
            yield from _names(each)
    elif isinstance(tree, str):
        for expression in re.findall(r"\{\{(.*?)\}\}", tree, re.DOTALL):
            yield from re.findall(r"\bfound\.(\w+)", expression)
            if re.search(r"(?<![|.])(?<!\| )\breference\b(?!\s*\()", expression):
                yield "reference"
