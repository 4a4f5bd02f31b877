"""From an element to a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from agent.errors import Rejected
from connectors._drop.rows import Row
from connectors.xml.names import SEPARATOR, Step
from connectors.xml.options import XmlOptions
from connectors.xml.parsing import Element

Take: TypeAlias = Callable[[Element], str | None]

NIL = f"http://www.w3.org/2001/XMLSchema-instance{SEPARATOR}nil"


def row_maker(options: XmlOptions) -> Callable[[Element], Row]:
    """A function from a record to its row; it raises `Rejected`."""
    takes: list[Callable[[Element], Any]] = [
        _value(path, options.steps(path)) for path in options.columns
    ]
    takes += [
        _child_rows(options.steps(path), {part: options.steps(part) for part in parts})
        for path, parts in options.children.items()
    ]
    return lambda record: tuple([take(record) for take in takes])


def _value(path: str, steps: Sequence[Step]) -> Take:
    """The text at a path; None where there is nothing."""
    attribute = steps[-1].name if steps and steps[-1].is_attribute else ""
    names = [step.name for step in steps if not step.is_attribute]

    def take(record: Element) -> str | None:
        found: Sequence[Element] = (record,)
        for name in names:
            found = _inside(found, name)
        if attribute:
            found = [element for element in found if attribute in element.attributes]
        if not found:
            return None
        if len(found) > 1:
            raise Rejected(
                "SA-2027",
                f"{path} stands {len(found)} times in the record",
                hint="read it as child rows: children",
            )
        return found[0].attributes[attribute] if attribute else _text(found[0])

    return take


def _child_rows(
    steps: Sequence[Step], parts: Mapping[str, Sequence[Step]]
) -> Callable[[Element], list[dict[str, str | None]]]:
    names = [step.name for step in steps]
    takes = {part: _value(part, inside) for part, inside in parts.items()}

    def take(record: Element) -> list[dict[str, str | None]]:
        found: Sequence[Element] = (record,)
        for name in names:
            found = _inside(found, name)
        return [{part: each(element) for part, each in takes.items()} for element in found]

    return take


def _inside(elements: Sequence[Element], name: str) -> Sequence[Element]:
    if len(elements) == 1:
        return elements[0].children.get(name, ())
    return [child for element in elements for child in element.children.get(name, ())]


def _text(element: Element) -> str | None:
    """An element's own text; the blanks between elements inside it are none."""
    if element.attributes and element.attributes.get(NIL) in {"true", "1"}:
        return None
    return element.text.strip() if element.children else element.text
