"""The file while the daemon runs: a good one is taken, a bad one refused, each told once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.config import Change, ConfigFile, ConfigurationProblems
from tests.config.conftest import SOUND

Writing = Callable[[str], Path]
BETTER = SOUND.replace("Rossi", "Bianchi")
BROKEN = SOUND.replace("entity: product", "entity: prodotto")


def settled(file: ConfigFile) -> Change | None:
    """Two looks: the first sees that something is going on, the second that it has ended."""
    assert file.poll() is None
    return file.poll()


@pytest.fixture
def file(write: Writing) -> ConfigFile:
    return ConfigFile(write(SOUND))


def test_a_file_that_does_not_change_is_no_change(file: ConfigFile) -> None:
    assert [file.poll() for _ in range(3)] == [None] * 3


def test_a_good_file_is_taken_and_told_once(file: ConfigFile, write: Writing) -> None:
    write(BETTER)
    change = settled(file)
    assert change is not None
    assert change.problems is None
    assert change.config is file.current
    assert file.current.site.name == "Bianchi"
    assert settled(file) is None


def test_a_bad_file_is_told_once_and_the_last_good_one_stays(
    file: ConfigFile, write: Writing
) -> None:
    good = file.current
    write(BROKEN)
    change = settled(file)
    assert change is not None
    assert change.problems is not None
    assert change.problems.code == "SA-1201"
    assert change.config is file.current is good
    assert settled(file) is None


def test_the_same_problems_after_another_edit_are_not_told_again(
    file: ConfigFile, write: Writing
) -> None:
    write(BROKEN)
    assert settled(file)
    write(BROKEN + "# still thinking\n")
    assert settled(file) is None


def test_other_problems_are_told(file: ConfigFile, write: Writing) -> None:
    write(BROKEN)
    assert settled(file)
    write(BROKEN.replace("Rome", "Roma"))
    change = settled(file)
    assert change is not None
    assert change.problems is not None
    assert len(change.problems.problems) == 2


def test_a_mended_file_is_told_even_when_it_says_what_it_said_before(
    file: ConfigFile, write: Writing
) -> None:
    write(BROKEN)
    assert settled(file)
    write(SOUND)
    change = settled(file)
    assert change is not None
    assert change.problems is None


def test_a_file_written_again_with_the_same_text_is_no_change(
    file: ConfigFile, write: Writing
) -> None:
    before = file.current
    write(SOUND).touch()
    assert settled(file) is None
    assert file.current is before


def test_a_file_still_being_written_is_not_taken(file: ConfigFile, write: Writing) -> None:
    write(BETTER[: BETTER.index("flows:")])
    assert file.poll() is None
    write(BETTER)
    assert file.poll() is None
    change = file.poll()
    assert change is not None
    assert change.problems is None


def test_a_person_need_not_wait_for_the_second_look(file: ConfigFile, write: Writing) -> None:
    write(BETTER)
    change = file.poll(at_once=True)
    assert change is not None
    assert change.config.site.name == "Bianchi"


def test_a_file_that_vanishes_is_told_once_and_may_come_back(
    file: ConfigFile, write: Writing
) -> None:
    file.current.path.unlink()
    change = settled(file)
    assert change is not None
    assert change.problems is not None
    assert change.problems.code == "SA-1001"
    assert settled(file) is None
    write(BETTER)
    back = settled(file)
    assert back is not None
    assert back.config.site.name == "Bianchi"


def test_a_file_that_is_wrong_from_the_start_is_refused(write: Writing) -> None:
    with pytest.raises(ConfigurationProblems):
        ConfigFile(write(BROKEN))
