"""What may leave the site: no secrets, nothing about people.

The log's own rules take out what has a form: e-mail addresses, tax numbers, telephone numbers.
Names and addresses have none, so here more is left out: keys of records, who did what, and, of
flows about people, every text that another system or a driver may have written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from agent.config import Config, masked
from agent.entities import PERSONAL_ENTITIES
from agent.telemetry.reading import Line
from agent.telemetry.redaction import redacted

LEFT_OUT = "[left out]"
_NEVER = frozenset(
    {
        "key", "keys", "by", "decided_by", "acknowledged_by", "told_to", "body", "reference",
        "facts", "values", "verdict", "finding", "record",
    }
)  # fmt: skip
_FREE = frozenset({"reason", "error", "detail", "halted", "hint", "text", "what"})
"""Texts that another system may have written."""
_OF_A_LINE = frozenset(
    {
        "timestamp", "level", "logger", "flow", "run", "target", "message_id", "code", "outcome",
        "entity", "operation", "page", "digest",
    }
)  # fmt: skip
_USER = re.compile(r"(\b(?:user|username|login|uid)[\"']?\s*:\s*)[^\s,}]+", re.IGNORECASE)
_CODE = re.compile(r"SA-\d{4}")
_FRAME = re.compile(r'\s*File "[^"]*", line \d+, in \S+')
_RAISED = re.compile(r"[A-Za-z_][\w.]*(?=:|$)")


class Outside:
    """Knows which flows and targets are about people; where it knows nothing, all are."""

    def __init__(self, config: Config | None) -> None:
        self._config = config
        flows = config.flows.values() if config else ()
        personal = [flow for flow in flows if flow.entity in PERSONAL_ENTITIES]
        self._flows = {flow.name for flow in personal}
        self._targets = {flow.target.connection.name for flow in personal}

    def told(self, value: Any, *, about_people: bool = False) -> Any:
        """A JSON value as it may leave the site."""
        if isinstance(value, Mapping):
            about_people |= self._is_about_people(value)
            return {
                name: self._field(str(name), each, about_people=about_people)
                for name, each in value.items()
                if name not in _NEVER
            }
        if isinstance(value, list | tuple):
            return [self.told(each, about_people=about_people) for each in value]
        return without_home(redacted(value)) if isinstance(value, str) else value

    def _field(self, name: str, value: Any, *, about_people: bool) -> Any:
        if not isinstance(value, str):
            return self.told(value, about_people=about_people)
        if name in _FREE:
            return self._free(value, about_people=about_people)
        return without_home(str(redacted(value, name)))

    def _free(self, text: str, *, about_people: bool) -> str:
        if about_people and text:
            return " ".join([*_CODE.findall(text), LEFT_OUT])
        return without_home(str(redacted(text, about_people=True)))

    def _is_about_people(self, value: Mapping[str, Any]) -> bool:
        if self._config is None or value.get("entity") in PERSONAL_ENTITIES:
            return True
        named = {str(value.get(each)) for each in ("flow", "target", "name")}
        return not named.isdisjoint(self._flows | self._targets)

    def log(self, lines: Iterable[Line]) -> str:
        """Lines of the log, as JSON again."""
        told = (json.dumps(self.log_line(line), ensure_ascii=False, default=str) for line in lines)
        return "\n".join(told)

    def log_line(self, line: Line) -> dict[str, Any]:
        """A line of the log: numbers and what it is about; texts as far as they are ours."""
        about_people = self._is_about_people(line)
        told = {
            name: redacted(value) if isinstance(value, str) else value
            for name, value in line.items()
            if name in _OF_A_LINE or (isinstance(value, int | float) and name not in _NEVER)
        }
        ours = str(line.get("logger", "")).startswith(("agent.", "connectors."))
        told["event"] = self._free(str(line.get("event", "")), about_people=not ours)
        for name in _FREE & line.keys():
            told[name] = self._free(str(line[name]), about_people=about_people or not ours)
        if "exception" in line:
            told["exception"] = list(_frames(str(line["exception"])))
        return told


def _frames(exception: str) -> Iterator[str]:
    """Where it was raised, and what kind: not what it says."""
    for line in exception.splitlines():
        if frame := _FRAME.match(line):
            yield without_home(frame[0].strip())
        elif not line.startswith((" ", "\t")) and (raised := _RAISED.match(line)):
            yield raised[0]


def configuration_outside(text: str) -> str:
    """The text of a configuration without secrets, comments and what has the form of a person's."""
    lines = (_without_comment(line) for line in masked(text).splitlines())
    return "\n".join(without_home(_without_personal_form(line)) for line in lines if line.strip())


def _without_comment(line: str) -> str:
    if line.lstrip().startswith("#"):
        return ""
    for found in re.finditer(r"\s#", line):
        before = line[: found.start()]
        if before.count('"') % 2 == 0 and before.count("'") % 2 == 0:
            return before
    return line


def _without_personal_form(line: str) -> str:
    """As in the log; references to secrets stay, which the log's rule would take for secrets."""
    key, colon, value = _USER.sub(rf"\g<1>{LEFT_OUT}", line).partition(":")
    told = str(redacted(value))
    named = told != value and "<" in told  # Anna Bianchi <anna@acme.example>
    return key + colon + (f" {LEFT_OUT}" if named else told)


def without_home(text: str) -> str:
    """Without the names of users that folders tell."""
    return re.sub(
        r"(/home/|/Users/|\\Users\\)[^/\\\s\"':]+", r"\1~", text.replace(str(Path.home()), "~")
    )
