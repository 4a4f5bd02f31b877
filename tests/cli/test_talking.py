"""How the command line talks: data and talk apart, no colour where none is wanted, help at once."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from agent.cli import COMMANDS, program
from agent.cli.tables import column_widths
from agent.cli.terminal import Terminal, printable
from tests.cli.conftest import SYNCAGENT, Site


def on_a_terminal(site: Site, *arguments: str, answers: str = "", **environment: str) -> str:
    """What a person sees who types this, and a line of answers at each question."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [SYNCAGENT, *arguments],
        cwd=site.folder,
        env=site.environment | {"TERM": "xterm", "COLUMNS": "100"} | environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen, waiting = b"", answers.splitlines(keepends=True)
    try:
        while part := os.read(ours, 4096):
            seen += part
            if waiting and seen.endswith(b": "):
                os.write(ours, waiting.pop(0).encode())
    except OSError:  # how Linux says that the other end was closed
        pass
    os.close(ours)
    process.wait(60)
    return seen.decode()


def test_a_terminal_gets_a_table_and_a_pipe_gets_plain_lines(site: Site) -> None:
    site.drop("A1,Vite")
    assert "─" in on_a_terminal(site, "secret", "list")
    plain = site.run("secret", "list").out
    assert plain.splitlines()[0].split() == ["secret", "where", "state"]
    assert "\x1b" not in plain


def test_no_color_is_respected(site: Site) -> None:
    coloured = on_a_terminal(site, "secret", "list")
    plain = on_a_terminal(site, "secret", "list", NO_COLOR="1")
    assert "\x1b[32m" in coloured
    assert "\x1b[32m" not in plain


def test_a_person_is_asked_before_a_resync_and_a_script_is_not(shop_site: Site) -> None:
    shop_site.drop("A1,Vite")
    seen = on_a_terminal(shop_site, "resync", "products", "--all", answers="n\n")
    assert "Go on? [y/N]" in seen
    assert shop_site.run("sync", "--json").document["runs"][0]["counts"]["inserts"] == 1
    seen = on_a_terminal(shop_site, "resync", "products", "--all", "--yes")
    assert "Go on?" not in seen
    assert shop_site.run("resync", "products", "--all", stdin="").status == 0


def test_a_person_types_a_secret_unseen(site: Site) -> None:
    seen = on_a_terminal(
        site, "secret", "set", f"file:{site.folder}/p", answers="hush-hush\nhush-hush\n"
    )
    assert (site.folder / "p").read_text() == "hush-hush"
    assert seen.count("Value:") == 1
    assert "Repeat" in seen


def test_json_mode_keeps_talk_off_both_streams(site: Site) -> None:
    site.drop("A1,Vite")
    answer = site.run("preview", "products", "--json")
    assert answer.err == ""
    assert answer.document["flow"] == "products"


def test_usage_errors_are_json_in_json_mode(site: Site) -> None:
    answer = site.run("--json", "sync", "--nonsense")
    assert answer.status == 2
    assert answer.document["error"]["code"] == "SA-7007"


def test_control_characters_from_outside_do_not_reach_the_terminal() -> None:
    assert printable("a\x1b[2Jb\x07\nc") == "a\ufffd[2Jb\ufffd c"


def test_plain_tables_align_numbers_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().table(("flow", "rows"), [("a", 5), ("longer", 1200), ("none", None)])
    assert capsys.readouterr().out.splitlines() == [
        "flow    rows",
        "a          5",
        "longer  1200",
        "none",
    ]


def test_help_imports_click_and_nothing_heavy(site: Site) -> None:
    probe = (
        "import sys\nsys.argv = ['syncagent', '--help']\nfrom agent.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'pydantic', 'yaml', 'http.client', 'rich', 'structlog', 'starlette', 'apsw'}\n"
        "print('imported:', sorted(heavy & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=site.folder
    )
    assert ended.stdout.endswith("imported: []\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_summary_in_the_list_is_the_first_line_of_the_commands_own_help(name: str) -> None:
    command = program.get_command(None, name)
    assert command is not None
    assert command.help is not None
    assert COMMANDS[name].summary == command.help.split("\n\n")[0].replace("\n", " ")


def test_unknown_command_is_a_usage_error_with_the_right_name_near(site: Site) -> None:
    assert "No such command 'statsu'" in site.run("statsu").err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script_is_printed(site: Site, shell: str) -> None:
    answer = site.run(_SYNCAGENT_COMPLETE=f"{shell}_source")
    assert answer.status == 0
    assert "_SYNCAGENT_COMPLETE" in answer.out


def complete(site: Site, *words: str) -> list[str]:
    answer = site.run(
        _SYNCAGENT_COMPLETE="bash_complete",
        COMP_WORDS=" ".join(words),
        COMP_CWORD=str(len(words) - 1),
    )
    return [line.partition(",")[2] for line in answer.out.split()]


def test_flows_complete_from_the_configuration(site: Site) -> None:
    site.configure(flows=("products", "prices", "stock"))
    assert complete(site, "syncagent", "sync", "pr") == ["products", "prices"]
    assert complete(site, "syncagent", "outbox", "list", "--flow", "s") == ["stock"]
    assert complete(site, "syncagent", "ou") == ["outbox"]


def test_completion_survives_a_broken_configuration(site: Site) -> None:
    site.write("flows: [")
    assert complete(site, "syncagent", "sync", "p") == []


def test_pipe_that_closes_early_gets_no_complaint(site: Site) -> None:
    command = f"'{SYNCAGENT}' config schema | head -c 10"
    ended = subprocess.run(
        ["bash", "-c", command],
        cwd=site.folder,
        env=site.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (len(ended.stdout), ended.stderr) == (10, "")


def test_a_terminal_that_is_too_narrow_for_a_table_gets_a_block_a_row(site: Site) -> None:
    wide = on_a_terminal(site, "secret", "list")
    narrow = on_a_terminal(site, "secret", "list", COLUMNS="20")
    assert "─" in wide
    assert "─" not in narrow
    assert "secret  env:SHOP_TOKEN" in narrow


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_column_is_narrower_than_its_longest_word(width: int) -> None:
    rows = [("8840b9fc55ed-1795341966810002", "field price: abc is not a decimal number at all")]
    widths = column_widths(("message", "why"), rows, width)
    if width == 40:
        assert widths is None
        return
    assert widths is not None
    assert widths[0] == len(rows[0][0])
    assert sum(widths) + 2 <= width
