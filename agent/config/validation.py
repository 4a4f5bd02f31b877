"""A section of the file through a pydantic model; every error back to its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar, get_args

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from agent.config.problems import Place, Problems, did_you_mean
from agent.config.yaml_text import Items, Node, Scalar, Section, plain

ModelT = TypeVar("ModelT", bound=BaseModel)
Steps = Sequence[int | str]

REFERENCE_HINT = "syncagent secret set NAME, then write keyring:NAME here"
_EXPECTED = {
    "bool_parsing": "yes or no is expected",
    "bool_type": "yes or no is expected",
    "decimal_parsing": "a number is expected",
    "dict_type": "keys with values are expected",
    "float_parsing": "a number is expected",
    "int_parsing": "a whole number is expected",
    "list_type": "a list is expected",
    "mapping_type": "keys with values are expected",
    "model_type": "keys with values are expected",
    "path_type": "a path is expected",
    "string_type": "one text is expected",
    "tuple_type": "a list is expected",
}


class Named(NamedTuple):
    """A node of the file, what it is called, where it is named, and where it begins."""

    node: Node
    name: str
    key: Place

    @property
    def value(self) -> Place:
        """Where the value begins; a section is best found by its name."""
        return self.node.place if isinstance(self.node, Scalar) else self.key


def child(section: Section, name: str) -> Named | None:
    """One key of a section."""
    if name not in section.nodes:
        return None
    return Named(section.nodes[name], name, section.key_places[name])


def validate(model: type[ModelT], named: Named, problems: Problems) -> ModelT | None:
    """The model filled from the node; None where `problems` now says why not."""
    try:
        return model.model_validate(plain(named.node))
    except ValidationError as error:
        # Without the input: it may be a password.
        details = error.errors(include_url=False, include_input=False)
    # Secrets first, so that no other message repeats one.
    for detail in sorted(details, key=lambda each: each["type"] != "plain_secret"):
        _note(detail, model, named, problems)
    return None


def _note(detail: ErrorDetails, model: type[BaseModel], named: Named, problems: Problems) -> None:
    kind, steps = detail["type"], detail["loc"]
    at = follow(named, steps)
    if kind == "extra_forbidden":
        known = sorted(_keys_at(model, steps[:-1]))
        hint = did_you_mean(at.name, known) or f"known here: {', '.join(known) or 'none'}"
        problems.add(at.key, "SA-1007", f'unknown key "{at.name}"', hint)
    elif kind == "missing":
        problems.add(at.key, "SA-1006", f'"{at.name}" needs the key "{steps[-1]}"')
    elif kind == "plain_secret":
        text = at.node.text or "" if isinstance(at.node, Scalar) else ""
        problems.seal(at.value, text, "SA-1301", f'"{at.name}" {detail["msg"]}', REFERENCE_HINT)
    elif isinstance(at.node, Scalar) and at.node.text is None:
        problems.add(at.key, "SA-1008", f'"{at.name}" has no value')
    else:
        hint = _suggestion(detail, at.node)
        problems.add(at.value, "SA-1008", f'"{at.name}": {_expectation(detail)}', hint)


def follow(named: Named, steps: Steps) -> Named:
    """As far as the file has what pydantic names; steps of its own (unions) are passed over."""
    for step in steps:
        node = named.node
        if isinstance(node, Section) and isinstance(step, str):
            named = child(node, step) or named
        elif isinstance(node, Items) and isinstance(step, int):
            item = node.nodes[step]
            named = Named(item, named.name, item.place)
    return named


def _expectation(detail: ErrorDetails) -> str:
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    message = message.replace("Input should be", "must be")
    return _EXPECTED.get(detail["type"], message[:1].lower() + message[1:])


def _suggestion(detail: ErrorDetails, node: Node) -> str:
    """The word that was probably meant, where only some words are allowed."""
    words = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))
    return did_you_mean(node.text or "", words) if isinstance(node, Scalar) else ""


def _keys_at(model: type[BaseModel], steps: Steps) -> set[str]:
    """The keys that the section at the end of `steps` knows."""
    models = {model}
    for step in map(str, steps):
        fields = [fields[step] for fields in map(_fields, models) if step in fields]
        if fields:
            models = {found for annotation in fields for found in _models(annotation)}
    return {name for found in models for name in _fields(found)}


def _fields(model: type[BaseModel]) -> dict[str, object]:
    if issubclass(model, RootModel):
        return {}
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """The models inside an annotation such as `Mapping[str, FieldSpec] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        yield from _models(annotation.model_fields["root"].annotation)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    else:
        for part in get_args(annotation):
            yield from _models(part)
