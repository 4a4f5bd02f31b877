"""Every error code is explained in each language, and says the same in all of them."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

from agent.catalogue import Explanation, italian

ROOMS = sorted(each.name for each in iter_modules(italian.__path__))
ENGLISH_WORDS = {"and", "is", "not", "of", "or", "the", "which", "with"}


def codes(room: str) -> dict[str, Explanation]:
    found: dict[str, Explanation] = import_module(room).CODES
    return found


def quoted(text: str) -> set[str]:
    """Commands, options and values, which are written as they are typed."""
    return set(re.findall(r"`([^`]+)`", text))


def numbers(text: str) -> set[str]:
    """12,431 and 12.431 are one number."""
    return set(re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d)", "", text)))


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r"`[^`]+`", "", text)))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_explains_the_same_codes_in_both_languages(room: str) -> None:
    english, italian = codes(f"agent.catalogue.{room}"), codes(f"agent.catalogue.italian.{room}")
    assert list(italian) == list(english)


@pytest.mark.parametrize("room", ROOMS)
def test_commands_options_and_numbers_are_the_same_in_both_languages(room: str) -> None:
    english = codes(f"agent.catalogue.{room}")
    for code, told in codes(f"agent.catalogue.italian.{room}").items():
        for ours, theirs in zip(told, english[code], strict=True):
            assert quoted(ours) == quoted(theirs), code
            assert numbers(ours) == numbers(theirs), code


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_left_in_english(room: str) -> None:
    english = codes(f"agent.catalogue.{room}")
    for code, told in codes(f"agent.catalogue.italian.{room}").items():
        for ours, theirs in zip(told, english[code], strict=True):
            assert ours != theirs, code
            assert not words(ours) & ENGLISH_WORDS, code
