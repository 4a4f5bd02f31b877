"""Every error code is explained in each language, and says the same in all of them."""

from __future__ import annotations

import re

import pytest

from agent.catalogue import CATALOGUE, reason_in, remedy

ENGLISH, ITALIAN = CATALOGUE["en"], CATALOGUE["it"]
ENGLISH_WORDS = {"and", "is", "not", "of", "or", "the", "which", "with"}

each_code = pytest.mark.parametrize("code", sorted(ENGLISH.keys() & ITALIAN.keys()))


def quoted(text: str) -> set[str]:
    """Commands, options and values, which are written as they are typed."""
    return set(re.findall(r"`([^`]+)`", text))


def numbers(text: str) -> set[str]:
    """12,431 and 12.431 are one number."""
    return set(re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d)", "", text)))


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r"`[^`]+`", "", text)))


def test_every_code_is_explained_in_both_languages() -> None:
    assert list(ITALIAN) == list(ENGLISH), "agent/catalogue/italian has a room for each room"


@each_code
def test_commands_options_and_numbers_are_the_same_in_both_languages(code: str) -> None:
    for ours, theirs in zip(ITALIAN[code], ENGLISH[code], strict=True):
        assert quoted(ours) == quoted(theirs)
        assert numbers(ours) == numbers(theirs)


@each_code
def test_nothing_is_left_in_english(code: str) -> None:
    for ours, theirs in zip(ITALIAN[code], ENGLISH[code], strict=True):
        assert ours != theirs
        assert words(ours) & ENGLISH_WORDS == set()


def test_a_hint_is_told_to_those_who_read_english() -> None:
    hint = "load the page again"
    assert remedy("en", "SA-7515", hint) == hint
    assert remedy("it", "SA-7515", hint) == ITALIAN["SA-7515"].remedy
    assert remedy("en", "SA-7515") == ENGLISH["SA-7515"].remedy
    assert remedy("it", "SA-0000", hint) == hint


def test_a_reason_is_told_behind_what_its_code_means() -> None:
    reason = "SA-7515 the form was sent twice"
    meant = ITALIAN["SA-7515"].title
    assert reason_in("en", reason) == reason
    assert reason_in("it", reason) == f"SA-7515 {meant}: the form was sent twice"
    assert reason_in("it", "no such category") == "no such category"
