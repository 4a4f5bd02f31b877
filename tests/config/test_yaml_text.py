"""Scalars stay text, and every trap of YAML is a problem with a place."""

# ruff: noqa: E501 - a problem is one line, here as in a terminal

import textwrap
from pathlib import Path

import pytest

from agent.config import ConfigurationProblems
from agent.config.problems import Problems
from agent.config.yaml_text import MOST_BYTES, Place, Section, parse, plain, read
from tests.config.conftest import SOUND, Refusing


def parsed(text: str | bytes) -> Section:
    problems = Problems(Path("config.yaml"))
    root = parse(text if isinstance(text, bytes) else text.encode(), problems)
    problems.raise_if_any()
    return root


@pytest.mark.parametrize(
    "written",
    [
        "NO",
        "no",
        "on",
        "true",
        "00123",
        "0x1F",
        "12:30:00",
        "1e3",
        "1_000",
        "2026-11-21",
        "Null",
        "=",
    ],
)
def test_what_yaml_would_turn_into_something_else_stays_text(written: str) -> None:
    assert plain(parsed(f"value: {written}")) == {"value": written}


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_nothing_is_written_in_three_ways(written: str) -> None:
    assert plain(parsed(f"value: {written}")) == {"value": None}


@pytest.mark.parametrize("written", ['""', '"~"', "'null'"])
def test_what_is_quoted_is_text_even_when_empty(written: str) -> None:
    assert plain(parsed(f"value: {written}")) == {"value": written.strip("\"'")}


def test_every_key_and_value_knows_its_place() -> None:
    root = parsed("# first\nsite:\n  name: Rossi\n  list: [a, bb]\n")
    site = root.nodes["site"]
    assert isinstance(site, Section)
    assert root.key_places == {"site": Place(2, 1)}
    assert site.key_places == {"name": Place(3, 3), "list": Place(4, 3)}
    assert site.nodes["name"].place == Place(3, 9)
    assert site.nodes["list"].place == Place(4, 9)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert plain(parsed(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")) == {"a": "1", "b": "2"}


def test_an_anchor_is_merged_and_its_own_keys_win() -> None:
    text = """\
    x-own: &own {a: "1", b: "2"}
    x-more: &more {c: "3"}
    one: {<<: *own, b: own}
    two: {<<: [*own, *more]}
    """
    found = plain(parsed(textwrap.dedent(text)))
    assert isinstance(found, dict)
    assert found["one"] == {"a": "1", "b": "own"}
    assert found["two"] == {"a": "1", "b": "2", "c": "3"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\n\tb: 2\n", "2:1  SA-1002  a tab in the indentation: indent with spaces"),
        ("a: b: c\n", "1:5  SA-1002  a `: ` where no key can stand: check the indentation, or put the value in quotes"),
        ("a: 1\nb: [1, 2\nc: 3\n", "3:2  SA-1002  expected ',' or ']', but got ':'"),
        ("a: 'open\n", "2:1  SA-1002  found unexpected end of stream"),
        ("a: 1\na: 2\n", '2:1  SA-1004  the key "a" stands twice: the first one is in line 1'),
        ("- a\n- b\n", "1:1  SA-1002  the file must hold keys with values, `flows:` and so on"),
        ("a: 1\n---\nb: 2\n", "2:1  SA-1005  a second document: keep one configuration in one file"),
        ("a: !!int 5\n", "1:4  SA-1005  a tag: tags have no meaning here; quote a value that starts with !"),
        ("a: *nothing\n", "1:4  SA-1005  an alias without an anchor: quote a value that starts with *"),
        ("a: &a [*a]\n", "1:8  SA-1005  an alias without an anchor: quote a value that starts with *"),
        ("[1, 2]: x\n", "1:1  SA-1005  a key that is no text: put it in quotes"),
        ("a: {<<: b}\n", "1:5  SA-1005  `<<` takes a section: write `<<: *name`"),
        ("a: \x07\n", "1:4  SA-1002  a character that YAML forbids: U+0007"),
        ("a: " + "[" * 60 + "]" * 60, "1:44  SA-1005  more than 40 levels inside each other"),
    ],
)  # fmt: skip
def test_what_is_no_plain_yaml_is_a_problem_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ConfigurationProblems) as caught:
        parsed(text)
    assert caught.value.report() == f"config.yaml:{said}"


def test_anchors_that_multiply_are_stopped() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(ConfigurationProblems, match="more values than a configuration can have"):
        parsed("\n".join(lines))


def test_another_encoding_is_named_at_its_first_byte() -> None:
    with pytest.raises(ConfigurationProblems) as caught:
        parsed(b"site:\n  name: Citt\xe0\n")
    expected = "config.yaml:2:13  SA-1003  the file is not UTF-8 text: save it as UTF-8"
    assert caught.value.report() == expected


def test_a_file_that_is_not_there_is_a_problem_not_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.yaml"
    with pytest.raises(ConfigurationProblems) as caught:
        read(path, Problems(path))
    assert caught.value.code == "SA-1001"
    assert "No such file" in caught.value.reason


def test_a_huge_file_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(ConfigurationProblems, match="larger than 1 MB"):
        read(path, Problems(path))


def test_an_empty_file_says_what_it_needs(refused: Refusing) -> None:
    assert refused("") == [
        'config.yaml:1:1  SA-1006  the file needs the key "connections"',
        'config.yaml:1:1  SA-1006  the file needs the key "flows"',
    ]


def test_several_problems_of_the_text_are_told_together(refused: Refusing) -> None:
    lines = refused(SOUND.replace("site:", "site: !x").replace("erp: {", "erp: !y {"))
    assert [line.split("  ")[0] for line in lines] == ["config.yaml:1:7", "config.yaml:3:8"]


def test_words_of_the_parser_do_not_repeat_the_file() -> None:
    for text in ("password: !hunter2!x y", "password: *hunter2", "password: !hunter2 y"):
        with pytest.raises(ConfigurationProblems) as caught:
            parsed(text)
        assert "hunter2" not in caught.value.report()
