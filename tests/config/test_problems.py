"""Every kind of problem, with its code, line, column and what to do."""

# ruff: noqa: E501 - a problem is one line, here as in a terminal

import sys
from pathlib import Path

import pytest

import connectors
from agent.catalogue import EXPLANATIONS
from agent.config import ConfigurationProblems, load
from tests.config.conftest import SOUND, Loading, Refusing

CASES = {
    "unknown top-level key": (
        ("site:", "sites:"),
        '1:1  SA-1007  unknown key "sites": did you mean "site"?',
    ),
    "unknown key of ours": (
        ("entity: product", "entity: product\n    shedule: {every: 5m}"),
        '10:5  SA-1007  unknown key "shedule": did you mean "schedule"?',
    ),
    "unknown key of a kind": (
        ("table: ART", "table: ART, batchsize: 5"),
        '7:43  SA-1007  unknown key "batchsize": did you mean "batch_size"?',
    ),
    "unknown key of delivery": (
        ("shop: {kind: memory}", "shop: {kind: memory, delivery: {sender: 3}}"),
        '4:35  SA-1007  unknown key "sender": did you mean "senders"?',
    ),
    "unknown key of a mapped field": (
        ("name: DESCRIPTION", "name: {frm: DESCRIPTION}"),
        '12:14  SA-1007  unknown key "frm": did you mean "from"?',
    ),
    "unknown key like no other": (
        ("name: Rossi", "colour: red"),
        '1:8  SA-1007  unknown key "colour": known here: language, name, time_zone',
    ),
    "missing key of a kind": (
        ("table: ART, ", ""),
        '7:5  SA-1006  "source" needs the key "table"',
    ),
    "missing key of ours": (
        ("    entity: product\n", ""),
        '6:3  SA-1006  "products" needs the key "entity"',
    ),
    "missing end": (
        ("    target: {connection: shop, receiver: shop}\n", ""),
        '6:3  SA-1006  "products" needs the key "target"',
    ),
    "missing kind": (
        ("shop: {kind: memory}", "shop: {}"),
        '4:3  SA-1006  "shop" needs the key "kind"',
    ),
    "missing connection": (
        ("connection: erp, ", ""),
        '7:5  SA-1006  "source" needs the key "connection"',
    ),
    "no number": (
        ("receiver: shop}", "receiver: shop, batch_size: many}"),
        '8:60  SA-1008  "batch_size": a whole number is expected',
    ),
    "number out of range": (
        ("receiver: shop}", "receiver: shop, batch_size: 0}"),
        '8:60  SA-1008  "batch_size": must be greater than or equal to 1',
    ),
    "no time": (
        ("entity: product", "entity: product\n    schedule: {every: soon}"),
        "10:23  SA-1008  \"every\": not a quantity: 'soon'; write it like 30s, 5m, 1h or 2d",
    ),
    "no share": (
        ("entity: product", "entity: product\n    guard: {delete_share: 200%}"),
        "10:27  SA-1008  \"delete_share\": '200%' is not between 0% and 100%",
    ),
    "no cron expression": (
        ("entity: product", 'entity: product\n    schedule: {cron: "99 * * * *"}'),
        '10:22  SA-1008  "cron": not a cron expression (bad minute); write it like `30 2 * * *`',
    ),
    "two rhythms": (
        ("entity: product", 'entity: product\n    schedule: {every: 5m, cron: "0 * * * *"}'),
        '10:5  SA-1008  "schedule": every and cron exclude each other',
    ),
    "no time zone": (
        ("Europe/Rome", "Rome"),
        '1:32  SA-1008  "time_zone": not a time zone; write it like Europe/Rome',
    ),
    "no lane": (
        ("entity: product", "entity: product\n    lane: fast"),
        '10:11  SA-1008  "lane": must be one of orders, stock, prices, products or a number from 0 to 9',
    ),
    "no yes or no": (
        ("entity: product", "entity: product\n    watch: sometimes"),
        '10:12  SA-1008  "watch": yes or no is expected',
    ),
    "one of some words": (
        ("flows:", "log: {level: waring}\nflows:"),
        "5:14  SA-1008  \"level\": must be 'debug', 'info', 'warning' or 'error': did you mean \"warning\"?",
    ),
    "text where a section stands": (
        ("erp: {kind: memory}", "erp: memory"),
        '3:3  SA-1008  "erp" must hold keys with values',
    ),
    "section where a text stands": (
        ("table: ART", "table: {a: b}"),
        '7:31  SA-1008  "table": one text is expected',
    ),
    "text where a list stands": (
        ("key: [CODE]", "key: CODE"),
        '7:48  SA-1008  "key": a list is expected',
    ),
    "list item": (
        ("key: [CODE]", "key: [CODE, {a: b}]"),
        '7:55  SA-1008  "key": one text is expected',
    ),
    "nothing where a value stands": (
        ("entity: product", "entity: product\n    batch_size:"),
        '10:5  SA-1008  "batch_size" has no value',
    ),
    "name": (
        ("  erp: {kind: memory}", "  erp: {kind: memory}\n  old erp: {kind: memory}"),
        '4:3  SA-1009  "old erp" cannot be a name: use letters, digits, - and _, at most 64 of them',
    ),
    "kind": (
        ("erp: {kind: memory}", "erp: {kind: memroy}"),
        '3:15  SA-1101  unknown kind "memroy": did you mean "memory"?',
    ),
    "connection": (
        ("connection: erp", "connection: epr"),
        '7:26  SA-1103  unknown connection "epr": did you mean "erp"?',
    ),
    "entity": (
        ("entity: product", "entity: prodotto"),
        '9:13  SA-1201  unknown entity "prodotto": did you mean "product"?',
    ),
    "field to watch for jumps": (
        ("entity: product", "entity: product\n    guard: {jump_field: nam}"),
        '10:25  SA-1008  "jump_field": the mapping has no field "nam": did you mean "name"?',
    ),
    "duplicate flow": (
        ("flows:", "flows:\n  products: {}"),
        '7:3  SA-1004  the key "products" stands twice: the first one is in line 6',
    ),
}


@pytest.mark.parametrize(("change", "said"), CASES.values(), ids=CASES.keys())
def test_a_problem_names_place_code_and_remedy(
    refused: Refusing, change: tuple[str, str], said: str
) -> None:
    assert change[0] in SOUND
    assert f"config.yaml:{said}" in refused(SOUND.replace(*change, 1))


def test_each_case_has_no_problem_but_its_own(refused: Refusing) -> None:
    alone = [name for name in CASES if name not in {"kind", "duplicate flow", "missing kind"}]
    for name in alone:
        change, said = CASES[name]
        assert refused(SOUND.replace(*change, 1)) == [f"config.yaml:{said}"], name


def test_the_sound_configuration_has_no_problem(loaded: Loading) -> None:
    assert list(loaded(SOUND).flows) == ["products"]


def test_all_problems_are_told_at_once_from_the_top_of_the_file(refused: Refusing) -> None:
    text = SOUND
    for name in ("unknown top-level key", "missing key of a kind", "entity"):
        text = text.replace(*CASES[name][0], 1)
    text = text.replace("receiver: shop}", "receiver: shop, batch_size: many}")
    assert [line.split("  ")[1] for line in refused(text)] == [
        "SA-1007",
        "SA-1006",
        "SA-1008",
        "SA-1201",
    ]


def test_several_problems_make_one_error_that_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("")
    with pytest.raises(ConfigurationProblems) as caught:
        load(path)
    assert caught.value.code == "SA-1000"
    assert str(caught.value) == "SA-1000 config.yaml has 2 problems"


def test_one_problem_is_the_error_itself(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(SOUND.replace("tabel", "table").replace("product\n", "prodotto\n"))
    with pytest.raises(ConfigurationProblems) as caught:
        load(path)
    assert str(caught.value) == 'SA-1201 config.yaml:9:13: unknown entity "prodotto"'
    assert caught.value.hint == 'did you mean "product"?'


def test_a_mapping_that_does_not_fit_its_entity_is_found_before_anything_runs(
    refused: Refusing,
) -> None:
    lines = refused(SOUND.replace("name: DESCRIPTION", "nam: {from: X, scale: 2}"))
    assert any(
        line.startswith("config.yaml:12:7  SA-3") and 'did you mean "name"?' in line
        for line in lines
    )
    assert any('"name"' in line for line in lines), "a required field is missing"


def test_a_problem_inside_a_hook_or_an_expression_is_placed_at_its_key(refused: Refusing) -> None:
    added = "entity: product\n    hook: nowhere.py\n    where: row.A +"
    lines = refused(SOUND.replace("entity: product", added))
    assert [line.split("  ")[0] for line in lines] == ["config.yaml:10:11", "config.yaml:11:12"]


@pytest.fixture
def kind_without_driver(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A kind whose connector imports a package that this machine does not have."""
    (tmp_path / "driverless_kind.py").write_text("import a_driver_that_nobody_has\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(connectors.KINDS, "driverless", "driverless_kind")
    sys.modules.pop("driverless_kind", None)


@pytest.mark.usefixtures("kind_without_driver")
def test_a_missing_driver_is_a_problem_of_its_kind_alone(refused: Refusing) -> None:
    text = SOUND.replace("erp: {kind: memory}", "erp: {kind: driverless}")
    assert refused(text.replace("receiver: shop", "receiver: shop, bach_size: 1")) == [
        "config.yaml:3:15  SA-1102  the kind \"driverless\" cannot be loaded: No module named 'a_driver_that_nobody_has': install what is missing",
        'config.yaml:8:48  SA-1007  unknown key "bach_size": did you mean "batch_size"?',
    ]


JOINED = """
  relayed:
    joins: products
    source: {connection: erp, table: OTHER, key: [CODE]}
    target: {connection: shop, receiver: shop}
    entity: product
    mapping: {sku: CODE, name: DESCRIPTION}
"""


def test_a_flow_joins_one_that_delivers_the_same_in_the_same_way(
    loaded: Loading, refused: Refusing
) -> None:
    assert loaded(SOUND + JOINED).flows["relayed"].ledger == "products"
    cases = {
        ("joins: products", "joins: product"): "there is no such flow",
        ("joins: products", "joins: relayed"): "it joins a flow itself",
        ("receiver: shop", "receiver: shop, batch_size: 3"): "its entity or target differs",
    }
    for change, told in cases.items():
        (problem,) = refused(SOUND + JOINED.replace(*change))
        assert problem.startswith("config.yaml:15:12  SA-1106  cannot join "), problem
        assert told in problem


@pytest.mark.usefixtures("kind_without_driver")
def test_a_kind_that_nobody_uses_needs_no_driver(loaded: Loading) -> None:
    assert loaded(SOUND).connections["erp"].kind.name == "memory"


def test_a_kind_that_cannot_be_read_from_is_no_source(refused: Refusing) -> None:
    text = SOUND.replace("erp: {kind: memory}", "erp: {kind: file, folder: drop}")
    found = refused(text)
    assert (
        'config.yaml:7:26  SA-1104  "erp" is of the kind "file", which cannot be a source' in found
    ), found


def test_what_a_terminal_would_obey_is_not_passed_on(refused: Refusing) -> None:
    lines = refused(SOUND.replace("site: {name", 'site: {"\\e[2J\\nx": 1, name'))
    assert lines == [
        'config.yaml:1:8  SA-1007  unknown key "�[2J x": known here: language, name, time_zone'
    ]


def test_a_very_long_word_is_cut(refused: Refusing) -> None:
    (line,) = refused(SOUND.replace("entity: product", f"entity: {'x' * 5000}"))
    assert len(line) < 1000


def test_every_code_used_here_is_explained() -> None:
    codes = {said.split("  ")[1] for _, said in CASES.values()}
    assert codes <= EXPLANATIONS.keys()
