"""What error codes mean and what to do about them is told in the visitor's language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from markupsafe import escape

from agent.catalogue import CATALOGUE
from agent.dashboard.rendering import told
from agent.language import LANGUAGES, Language
from tests.dashboard.site import Browser, Site
from tests.waiting import until

LoggedIn = Callable[..., Browser]


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_are_explained_in_the_language_of_the_visitor(
    site: Site, logged_in: LoggedIn, language: Language
) -> None:
    site.articles.rows.append(("VIT-3", ""))
    site.articles.wake()
    until(lambda: site.parked("VIT-3"))
    meant = CATALOGUE[language]["SA-3101"]
    browser = logged_in("operator", language)
    for page in ("/errors", "/errors/articles/SA-3101"):
        shown = browser.get(page).text
        assert str(escape(meant.title)) in shown
        assert told(meant.remedy) in shown
    explained = browser.get("/records/articles/VIT-3?explain=yes").text
    assert f'<span class="code">SA-3101</span> {escape(meant.title)}. ' in explained


def test_what_went_wrong_is_told_in_italian(logged_in: LoggedIn) -> None:
    meant = CATALOGUE["it"]["SA-7518"]
    shown = logged_in("viewer", "it").get("/nowhere").text
    assert str(escape(meant.title)) in shown
    assert str(escape(meant.remedy)) in shown
