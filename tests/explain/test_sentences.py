"""Every sentence is there in every language, says the same there, and is said somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from agent.explain.sentences import SENTENCES, STEPS, TITLES, VERDICTS, Moment, said
from agent.language import LANGUAGES, language_of

ROOM = Path(__file__).parents[2] / "agent/explain"


def values_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("name", SENTENCES)
def test_sentence_names_the_same_values_in_every_language(name: str) -> None:
    texts = [getattr(SENTENCES[name], language) for language in LANGUAGES]
    assert all(texts)
    assert len(set(texts)) == len(texts) or not re.search("[a-z]{4}", re.sub("{.*?}", "", texts[0]))
    assert len({frozenset(values_in(text)) for text in texts}) == 1


def test_every_verdict_is_said_and_every_verdict_said_is_there() -> None:
    code = (ROOM / "verdict.py").read_text(encoding="utf-8")
    assert set(re.findall(r'Verdict\(\s*"([\w.]+)"', code)) == set(VERDICTS)


def test_every_step_has_a_title_and_every_title_a_sentence() -> None:
    assert {name.partition(".")[0] for name in STEPS} == set(TITLES)


def test_moments_are_written_as_the_language_does_on_that_wall() -> None:
    values = {"key": "A1", "target": "shop", "when": Moment(1_700_000_000_000)}
    assert "since 2023-11-14 23:13." in said("is.there", values, "en", "Europe/Rome")
    assert "dal 14/11/2023 22:13." in said("is.there", values, "it", "UTC")
    never = {"full_pass": Moment(0)}
    assert said("seen.now", never, "it", "UTC").endswith("ultima lettura completa: mai")


@pytest.mark.parametrize(
    ("locale", "language"),
    [("it_IT.UTF-8", "it"), ("en_GB", "en"), ("de_DE.UTF-8", None), ("C.UTF-8", None), ("", None)],
)
def test_language_of_a_locale(locale: str, language: str | None) -> None:
    assert language_of(locale) == language
