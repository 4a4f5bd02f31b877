"""Why a record is not on the other side, for every way in which that comes about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.catalogue import CATALOGUE
from agent.errors import Misconfigured, Rejected, Unavailable
from connectors.memory import fails, loses_answer
from tests.explain.premises import CONFIG, Premises, premises

A1 = ("A1", "Vite", "1.5", "A")
A2 = ("A2", "Dado", "2", "A")


def steps_of(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {step["step"]: step for step in answer["steps"]}


def test_record_that_is_there_is_followed_from_end_to_end(site: Premises) -> None:
    site.holds(A1)
    site.sync()
    answer = site.explain("A1")
    assert (answer["said"], answer["there"], answer["command"]) == ("is.there", True, "")
    assert answer["sentence"].startswith("A1 is at shop as the source has it, since 20")
    steps = steps_of(answer)
    assert list(steps) == [
        "seen", "selected", "mapped", "valid", "changed", "held", "queued", "sent", "accepted",
        "there",
    ]  # fmt: skip
    assert steps["seen"]["details"]["row"]["STATO"] == "A"
    (weight,) = (f for f in steps["mapped"]["details"]["fields"] if f["field"] == "weight")
    assert (weight["before"], weight["rule"]["scale"]) == ({"weight": "1.5"}, 2)
    assert weight["after"] == "1.50"
    assert steps["changed"]["said"] == "changed.no"
    assert steps["sent"]["text"] == f"as {steps['sent']['details']['message']}, attempts: 1"
    assert "as product/A1, version" in steps["accepted"]["text"]
    assert steps["accepted"]["at"]
    assert steps["there"]["said"] == "there.equal"


def test_same_answer_in_italian(site: Premises) -> None:
    site.holds(("A1", "Vite", "1", "X"))
    site.sync()
    answer = site.explain("A1", language="it")
    assert answer["sentence"] == (
        "A1 non va su shop: lo esclude il filtro `where: row.STATO != 'X'`, perché STATO = X."
    )
    assert steps_of(answer)["selected"]["title"] == "scelto"


def test_key_that_the_source_does_not_have(site: Premises) -> None:
    site.holds(A1)
    site.sync()
    answer = site.explain("B9")
    assert (answer["said"], answer["command"]) == ("not.in_source", "syncagent preview products")


def test_row_that_a_rule_refuses_with_every_field_that_it_breaks(site: Premises) -> None:
    site.holds(("A1", "", "kilo", "A"))
    site.sync()
    answer = site.explain("A1")
    assert answer["said"] == "not.valid"
    assert 'SA-3101 field "name"' in answer["sentence"]
    assert answer["command"] == "syncagent resync products --key A1"
    assert (answer["code"], answer["remedy"]) == ("SA-3101", CATALOGUE["en"]["SA-3101"].remedy)
    assert site.explain("A1", language="it")["remedy"] == CATALOGUE["it"]["SA-3101"].remedy
    refused = steps_of(answer)["valid"]["details"]["fields"]
    assert [each["field"] for each in refused] == ["name", "weight"]


def test_change_that_the_flow_has_not_seen_yet_names_the_fields(site: Premises) -> None:
    site.holds(A1)
    site.sync()
    site.holds(("A1", "Vite M4", "1.5", "A"))
    answer = site.explain("A1")
    assert (answer["said"], answer["command"]) == ("not.looked_at", "syncagent sync products")
    changed = steps_of(answer)["changed"]
    assert changed["details"]["fields"] == {"name": ["Vite", "Vite M4"]}


def test_record_that_the_other_side_refuses(site: Premises) -> None:
    site.receiver.refuses["A1"] = "no such category"
    site.holds(A1)
    site.sync()
    answer = site.explain("A1")
    assert answer["said"] == "not.refused"
    assert "refused no such category" in answer["sentence"]
    assert answer["command"].startswith("syncagent outbox retry ")


def test_record_that_somebody_changed_or_removed_there(site: Premises) -> None:
    site.holds(A1, A2)
    site.sync()
    site.keep("A1", "Altro")
    del site.receiver.holds["product", "A2"]
    changed, removed = site.explain("A1"), site.explain("A2")
    assert (changed["said"], removed["said"]) == ("not.changed_there", "not.lost_there")
    assert steps_of(changed)["there"]["details"]["fields"] == {"name": ["Vite", "Altro"]}
    assert removed["command"] == "syncagent resync products --key A2"


def test_run_that_the_guard_holds(site: Premises) -> None:
    site.holds(A1, A2, ("A3", "Rosetta", "1", "A"))
    site.sync()
    site.holds(A1)
    held = site.run()
    answer = site.explain("A2")
    assert answer["said"] == "not.held"
    assert answer["command"] == f"syncagent hold approve {held['run']}"
    assert steps_of(answer)["queued"]["said"] == "queued.held"
    assert site.explain("A1")["said"] == "is.there"


def test_record_that_was_deleted_and_one_that_will_be(site: Premises) -> None:
    site.holds(A1, A2)
    site.sync()
    site.holds(("A1", "Vite", "1.5", "D"), A2)
    site.sync()
    assert site.explain("A1")["said"] == "not.selected"
    site.holds(A2)
    site.sync()
    assert site.explain("A1")["said"] == "is.deleted"
    site.holds()
    answer = site.explain("A2")
    assert (answer["said"], answer["command"]) == (
        "not.deleted_yet",
        "syncagent sync products --full",
    )


def test_message_that_a_person_set_aside(site: Premises) -> None:
    site.receiver.refuses["A1"] = "no such category"
    site.holds(A1)
    site.sync()
    (message,) = site.ask("messages", key="A1")["messages"]
    site.ask("ignore", messages=[message["id"]], reason="sold elsewhere", by="Anna")
    answer = site.explain("A1")
    assert answer["said"] == "not.ignored"
    assert "by Anna" in answer["sentence"]
    assert "sold elsewhere" in answer["sentence"]


def test_message_that_a_person_set_aside_until_a_day(site: Premises) -> None:
    site.receiver.refuses["A1"] = "no such category"
    site.holds(A1)
    site.sync()
    (message,) = site.ask("messages", key="A1")["messages"]
    site.ask("ignore", messages=[message["id"]], reason="not yet", by="Anna", lasts="30d")
    answer = site.explain("A1")
    assert answer["said"] == "not.aside"
    assert "by Anna until " in answer["sentence"]


def test_other_side_that_does_not_answer(site: Premises) -> None:
    down = fails(Unavailable("SA-5001", "connection refused"))
    site.receiver.script.extend([down] * 100_000)
    site.holds(A1)
    site.run()
    site.wait(lambda: site.explain("A1")["said"] == "not.unreachable")
    answer = site.explain("A1")
    assert "connection refused" in answer["sentence"]
    assert steps_of(answer)["sent"]["passed"] is False


def test_other_side_that_is_halted_until_a_person_acts(site: Premises) -> None:
    site.receiver.script.append(fails(Misconfigured("SA-5002", "the log-in was refused")))
    site.holds(A1)
    site.run()
    site.wait(lambda: site.explain("A1")["said"] == "not.target_halted")
    assert site.explain("A1")["command"] == "syncagent resume --target shop"


def test_record_of_which_nobody_knows_whether_it_arrived(tmp_path: Path) -> None:
    config = CONFIG.replace('receiver: "{name}"', 'receiver: "{name}", doubt: hold')
    with premises(tmp_path, config) as site:
        site.receiver.script.append(loses_answer(Unavailable("SA-5001", "the answer was lost")))
        site.holds(A1)
        site.sync()
        answer = site.explain("A1")
        assert answer["said"] == "not.in_doubt"
        assert answer["command"] == "syncagent orders confirm A1 --document NUMBER"
        assert (answer["code"], answer["remedy"]) == ("SA-5010", CATALOGUE["en"]["SA-5010"].remedy)


def test_source_that_cannot_be_asked_for_a_single_key(tmp_path: Path) -> None:
    calls = "{{kind: webhook, port: 8443, path: /items, token: env:NO_TOKEN, id_path: id}}"
    config = CONFIG.replace("erp: {{kind: memory}}", f"erp: {calls}")
    read = 'table: "{name}", key: [sku]'
    config = config.replace(read, "key: [sku], columns: [name, weight, STATO]")
    with premises(tmp_path, config, running=False) as site:
        answer = site.explain("A1")
        assert answer["said"] == "not.never_seen"
        assert "the last full one was never" in answer["sentence"]
        assert steps_of(answer)["seen"]["said"] == "seen.unreadable"


def test_flow_that_is_halted(site: Premises) -> None:
    site.holds(A1)
    site.sync()
    site.agent.store.flows.update("products", halted="SA-4001 the columns changed")
    assert site.explain("A1")["said"] == "is.there"
    site.holds(("A1", "Vite M4", "1.5", "A"))
    answer = site.explain("A1")
    assert answer["said"] == "not.flow_halted"
    assert "SA-4001 the columns changed" in answer["sentence"]
    assert answer["command"] == "syncagent resume products"


def test_message_that_waits_while_no_agent_runs(tmp_path: Path) -> None:
    with premises(tmp_path, running=False) as site:
        site.holds(A1, A2)
        job = site.ask("request", flow="products")["job"]
        site.agent.runner.run(
            site.agent.store.jobs.get(job), site.agent.plans["products"], site.agent.intake
        )
        answer = site.explain("A2")
        assert (answer["said"], answer["command"]) == ("not.nobody_sends", "syncagent run")
        assert "messages before it: about 1" in steps_of(answer)["queued"]["text"]


def test_source_that_does_not_answer(site: Premises) -> None:
    site.table.rows = []
    site.table.columns = ("other",)
    site.holds(("A1",))  # type: ignore[arg-type]  # a table of another shape
    answer = site.explain("A1")
    assert answer["said"] == "not.source_failed"


def test_flow_that_does_not_exist(site: Premises) -> None:
    with pytest.raises(Rejected, match="no active flow"):
        site.ask("explain", flow="nothing", key="A1")


def test_key_as_a_shell_takes_it(site: Premises) -> None:
    site.holds(("A 1", "", "1", "A"))
    assert site.explain("A 1")["command"] == "syncagent resync products --key 'A 1'"


def test_site_says_which_language_is_spoken(tmp_path: Path) -> None:
    config = CONFIG.replace("Europe/Rome}}", "Europe/Rome, language: it}}")
    with premises(tmp_path, config, running=False) as site:
        assert site.explain("A1")["language"] == "it"
        assert site.explain("A1", language="en")["language"] == "en"
