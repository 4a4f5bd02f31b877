"""`syncagent errors`, which needs neither a configuration nor a daemon."""

from __future__ import annotations

import pytest

from agent.catalogue import CATALOGUE
from agent.language import LANGUAGES, Language
from tests.cli.conftest import Site


def test_a_code_is_explained_in_the_language_of_the_terminal(site: Site) -> None:
    italian = site.run("errors", "SA-5010", LC_ALL="it_IT.UTF-8").out
    assert italian.startswith("SA-5010  In dubbio: potrebbe essere già stato scritto\n\nCausa: ")
    assert "Che cosa fare: " in italian
    english = site.run("errors", "SA-5010", LC_ALL="C").out
    assert english.startswith("SA-5010  In doubt: it may have been written already\n\nCause: ")
    assert "What to do: " in english


def test_a_language_that_is_named_goes_before_that_of_the_terminal(site: Site) -> None:
    named = site.run("errors", "5010", "--lang", "en", "--json", LC_ALL="it_IT.UTF-8")
    assert named.document["title"] == CATALOGUE["en"]["SA-5010"].title


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_codes_are_listed_with_their_titles(site: Site, language: Language) -> None:
    lines = site.run("errors", "--lang", language).out.splitlines()
    listed = {code: title.strip() for code, _, title in (line.partition(" ") for line in lines[1:])}
    assert listed == {code: each.title for code, each in CATALOGUE[language].items()}
