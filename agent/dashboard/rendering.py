"""Templates with the words and the numbers of a language."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from agent.catalogue import CATALOGUE, label, reason_in, remedy, worded
from agent.dashboard.places import record_place, resync_place
from agent.dashboard.texts import TEXTS
from agent.dashboard.values import money, pairs, shown
from agent.language import LANGUAGES, MOMENTS, Language

TEMPLATES = Path(__file__).with_name("templates")
_COMMAND = re.compile(r"`([^`]+)`")
_SPANS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))


class Rendering:
    """The templates of all pages. `now` and `time_zone` are those of the agent."""

    def __init__(self) -> None:
        self._environments = {language: self._environment(language) for language in LANGUAGES}

    def render(self, template: str, language: Language, **values: Any) -> str:
        """A page in a language."""
        return self._environments[language].get_template(template).render(**values)

    def _environment(self, language: Language) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        done = [name for name in TEXTS if name.startswith("done_")]
        environment.globals |= {
            "language": language,
            "languages": LANGUAGES,
            "done_texts": done,
            "record_place": record_place,
            "resync_place": resync_place,
        }
        environment.filters |= {
            "text": partial(say, language),
            "word": partial(word, language),
            "number": partial(number, language),
            "moment": partial(moment, language),
            "ago": partial(ago, language),
            "span": partial(span, language),
            "remedy": partial(remedy, language),
            "title": partial(title, language),
            "worded": partial(reason, language),
            "told": told,
            "todo": partial(todo, language),
            "label": partial(label, language),
            "money": partial(money, language),
            "shown": partial(shown, language),
            "pairs": pairs,
        }
        return environment


def say(language: Language, name: str, /, **values: object) -> str:
    """A text of the catalogue, its braces filled in."""
    text = TEXTS[name].said(language)
    if "reason" in values:
        values["reason"] = reason_in(language, str(values["reason"]))
    return text.format(**values) if values else text


def word(language: Language, value: str, kind: str) -> str:
    """A word of the engine, such as the outcome of a run; as it is where no text is kept."""
    name = f"{kind}_{value}"
    return say(language, name) if name in TEXTS else value


def todo(language: Language, verdict: str) -> str:
    """What to press after a verdict such as `not.refused`; nothing where nothing helps."""
    name = f"todo_{verdict.replace('.', '_')}"
    return say(language, name) if name in TEXTS else ""


def number(language: Language, value: int) -> str:
    """12,431 or 12.431."""
    text = f"{value:,}"
    return text.replace(",", ".") if language == "it" else text


def moment(language: Language, utc: str | None, time_zone: str) -> Markup | str:
    """A time as the clocks of the site show it."""
    if not utc:
        return say(language, "never")
    there = datetime.fromisoformat(utc).astimezone(ZoneInfo(time_zone))
    shown = there.strftime(MOMENTS[language])
    return Markup('<time datetime="{}">{}</time>').format(utc, shown)


def ago(language: Language, utc: str | None, now: str) -> Markup | str:
    """How long since a time: 3 minutes."""
    if not utc:
        return say(language, "never")
    passed = datetime.fromisoformat(now) - datetime.fromisoformat(utc).astimezone(UTC)
    seconds = max(0, int(passed.total_seconds()))
    size, span = next((each for each in _SPANS if seconds >= each[0]), _SPANS[-1])
    shown = say(language, f"{span}_ago", count=seconds // size)
    return Markup('<time datetime="{}">{}</time>').format(utc, shown)


def span(language: Language, seconds: float) -> str:
    """A length of time: 30 min."""
    size, name = next((each for each in _SPANS if seconds >= each[0]), _SPANS[-1])
    return say(language, f"span_{name}", count=round(seconds / size))


def reason(language: Language, given: str, code: str) -> str:
    """A reason of ours in the words of the visitor."""
    return worded(language, code or "", given or "")


def title(language: Language, code: str) -> str:
    """What a code means; nothing where the code is not known."""
    known = CATALOGUE[language].get(code)
    return known.title if known else ""


def told(text: str) -> Markup:
    """A text of the catalogue, commands in the type of commands."""
    return Markup(_COMMAND.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped
