"""Names and paths as the configuration writes them, and as the parser gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

SEPARATOR = " "
"""Between namespace and name, as the parser is told to join them; neither holds a blank."""

_NAME = re.compile(r"(?:([\w.-]+):)?([^\W\d][\w.-]*)").fullmatch


class Step(NamedTuple):
    """One step of a path: to the elements of a name, or to an attribute."""

    name: str
    is_attribute: bool


def qualified(name: str, namespaces: Mapping[str, str]) -> str:
    """`p:article` as the parser says it; raises ValueError."""
    found = _NAME(name)
    if not found:
        raise ValueError(f"{name!r} is not the name of an element or attribute")
    prefix, local = found.groups()
    if prefix and prefix not in namespaces:
        raise ValueError(f"the prefix {prefix!r} of {name!r} is not among namespaces")
    return f"{namespaces[prefix]}{SEPARATOR}{local}" if prefix else local


def steps_of(path: str, namespaces: Mapping[str, str]) -> tuple[Step, ...]:
    """The steps of `a/b/@c`; none for `.`. Raises ValueError."""
    if path == ".":
        return ()
    names = path.split("/")
    if any(name.startswith("@") for name in names[:-1]):
        raise ValueError(f"{path!r}: there is nothing inside an attribute")
    return tuple(
        Step(qualified(name.removeprefix("@"), namespaces), name.startswith("@")) for name in names
    )


def shown(name: str) -> str:
    """A parser's name for a person: `{namespace}article`."""
    namespace, separator, local = name.rpartition(SEPARATOR)
    return f"{{{namespace}}}{local}" if separator else local
