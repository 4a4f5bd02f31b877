"""YAML in which every scalar is text and every key and value knows its line and column.

`NO` stays the province of Novara, `00123` stays a code, `12:30:00` stays a time: types are given
by the field that takes the value, not by the way it happens to be written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

import yaml

from agent.config.problems import Place, Problems

MOST_BYTES = 1_000_000
MOST_NODES = 100_000
"""Values in all, aliases counted as often as they are used: no anchor can multiply beyond this."""
DEEPEST = 40
_QUOTED = re.compile(r"'[^']*'")

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value; None where nothing, `~` or `null` is written without quotes."""

    place: Place
    text: str | None


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    place: Place
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Keys with values. `key_places` says where each key stands."""

    place: Place
    nodes: dict[str, Node] = field(default_factory=dict)
    key_places: dict[str, Place] = field(default_factory=dict)

    def without(self, *names: str) -> Section:
        """The same section without some of its keys."""
        rest = {name: node for name, node in self.nodes.items() if name not in names}
        return Section(self.place, rest, {name: self.key_places[name] for name in rest})


Node: TypeAlias = Scalar | Items | Section


def plain(node: Node) -> Plain:
    """Text, None, lists and dicts: what pydantic validates."""
    if isinstance(node, Section):
        return {name: plain(child) for name, child in node.nodes.items()}
    if isinstance(node, Items):
        return [plain(child) for child in node.nodes]
    return node.text


def keyed_scalars(node: Node, key: str = "") -> Iterator[tuple[str, Scalar]]:
    """Every single value in a tree, with the nearest key above it."""
    if isinstance(node, Scalar):
        yield key, node
    elif isinstance(node, Items):
        for child in node.nodes:
            yield from keyed_scalars(child, key)
    else:
        for name, child in node.nodes.items():
            yield from keyed_scalars(child, name)


def read(path: Path, problems: Problems) -> tuple[bytes, Section]:
    """The file's bytes and its top-level section; what is wrong goes to `problems`.

    Raises `ConfigurationProblems` where nothing can be made of the file.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the path cannot be used"
        problems.add(
            Place(1, 1), "SA-1001", f"cannot read {path}: {reason}", "check path and owner"
        )
    else:
        if len(content) <= MOST_BYTES:
            return content, parse(content, problems)
        problems.add(Place(1, 1), "SA-1001", f"{path} is larger than {MOST_BYTES // 10**6} MB")
    raise problems.error()


def parse(content: bytes, problems: Problems) -> Section:
    """The top-level section of a YAML text."""
    try:
        text = content.decode("utf-8-sig")
        root = _Composer(problems).document(text)
    except UnicodeDecodeError as error:
        place = _end_of(content[: error.start].decode("utf-8-sig", errors="replace"))
        problems.add(place, "SA-1003", "the file is not UTF-8 text", "save it as UTF-8")
    except yaml.MarkedYAMLError as error:
        place = _place(error.problem_mark or error.context_mark)
        problems.add(place, "SA-1002", *_syntax(error))
    except yaml.reader.ReaderError as error:
        place = _end_of(text[: error.position])
        problems.add(place, "SA-1002", f"a character that YAML forbids: U+{_code(error):04X}")
    else:
        if isinstance(root, Section):
            return root
        problems.add(
            root.place, "SA-1002", "the file must hold keys with values, `flows:` and so on"
        )
    raise problems.error()


def _end_of(text: str) -> Place:
    """The place after a text."""
    return Place(text.count("\n") + 1, len(text) - text.rfind("\n"))


class _Mark(Protocol):
    """Where the parser stands, counted from 0."""

    line: int
    column: int


def _place(mark: _Mark | None) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _code(error: yaml.reader.ReaderError) -> int:
    character = error.character
    return character if isinstance(character, int) else ord(character)


def _syntax(error: yaml.MarkedYAMLError) -> tuple[str, str]:
    """The parser's words without what it quotes from the file: that may be a password."""
    said = error.problem or error.context or "cannot be read"
    if "'\\t'" in said:
        return "a tab in the indentation", "indent with spaces"
    if "mapping values are not allowed" in said:
        return "a `: ` where no key can stand", "check the indentation, or put the value in quotes"
    return _QUOTED.sub(
        lambda found: found[0] if _is_token(found[0]) else "what stands here", said
    ), ""


def _is_token(quoted: str) -> bool:
    """Whether the parser quotes its own word, such as `']'` or `'<scalar>'`."""
    return len(quoted) <= len("'x'") or quoted.startswith("'<")


class _Composer:
    """Builds the tree from the parser's events."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._nodes = 0
        self._events: Iterator[yaml.Event] = iter(())

    def document(self, text: str) -> Node:
        """The first document; a second one is a problem."""
        self._events = (
            event
            for event in yaml.parse(text, Loader=yaml.SafeLoader)
            if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentEndEvent)
        )
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            return Section(Place(1, 1))
        root = self._node(next(self._events), 0)
        event = next(self._events)
        if isinstance(event, yaml.DocumentStartEvent):
            self._refuse(event, "a second document", "keep one configuration in one file")
        return root

    def _refuse(self, event: yaml.Event, text: str, hint: str = "") -> None:
        self._problems.add(_place(event.start_mark), "SA-1005", text, hint)

    def _count(self, event: yaml.Event, nodes: int, depth: int) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES or depth > DEEPEST:
            if depth > DEEPEST:
                self._refuse(event, f"more than {DEEPEST} levels inside each other")
            else:
                self._refuse(event, "more values than a configuration can have, aliases counted")
            raise self._problems.error()

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, depth)
        before = self._nodes
        self._count(event, 1, depth)
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._refuse(
                event, "a tag", "tags have no meaning here; quote a value that starts with !"
            )
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = _scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._items(event, depth)
        else:
            node = self._section(event, depth)
        anchor = getattr(event, "anchor", None)
        if anchor is not None:  # known only from here on: a section cannot hold itself
            self._anchors[anchor] = node, self._nodes - before
        return node

    def _alias(self, event: yaml.AliasEvent, depth: int) -> Node:
        # Its name is not repeated: an unquoted password may start with *.
        if event.anchor not in self._anchors:
            self._refuse(event, "an alias without an anchor", "quote a value that starts with *")
            return Scalar(_place(event.start_mark), None)
        node, size = self._anchors[event.anchor]
        self._count(event, size, depth)
        return node

    def _items(self, start: yaml.Event, depth: int) -> Items:
        nodes = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            nodes.append(self._node(event, depth + 1))
        return Items(_place(start.start_mark), tuple(nodes))

    def _section(self, start: yaml.Event, depth: int) -> Section:
        section = Section(_place(start.start_mark))
        merged: list[tuple[yaml.Event, Node]] = []
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            name = key.text if isinstance(key, Scalar) else None
            if name is None:
                self._refuse(event, "a key that is no text", "put it in quotes")
            elif name == "<<":
                merged.append((event, value))
            elif name in section.nodes:
                first = section.key_places[name].line
                self._problems.add(
                    _place(event.start_mark),
                    "SA-1004",
                    f'the key "{name}" stands twice',
                    f"the first one is in line {first}",
                )
            else:
                section.nodes[name] = value
                section.key_places[name] = _place(event.start_mark)
        for event, value in merged:
            self._merge(event, section, value)
        return section

    def _merge(self, event: yaml.Event, section: Section, value: Node) -> None:
        """`<<: *name`: the keys of another section, where this one does not have its own."""
        for each in value.nodes if isinstance(value, Items) else (value,):
            if not isinstance(each, Section):
                self._refuse(event, "`<<` takes a section", "write `<<: *name`")
                continue
            for name, node in each.nodes.items():
                if name not in section.nodes:
                    section.nodes[name] = node
                    section.key_places[name] = each.key_places[name]


def _scalar(event: yaml.ScalarEvent) -> Scalar:
    empty = event.style is None and event.value in {"", "~", "null"}
    return Scalar(_place(event.start_mark), None if empty else event.value)
