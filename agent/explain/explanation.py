"""The answer to `syncagent explain`, as JSON and in a person's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from agent.catalogue import remedy
from agent.clock import utc_text
from agent.explain.facts import Facts, Surroundings, gather
from agent.explain.sentences import said, title
from agent.explain.steps import Step, steps
from agent.explain.verdict import Verdict, verdict
from agent.language import Language


@dataclass(frozen=True, slots=True)
class Explanation:
    """What there is to say of a key: the steps of its way, and the sentence above them."""

    facts: Facts
    steps: tuple[Step, ...]
    verdict: Verdict

    def told(self, language: Language, time_zone: str) -> dict[str, Any]:
        """Everything as JSON values; texts in that language, times in them on that wall."""
        plan = self.facts.around.plan
        return {
            "flow": plan.name,
            "key": self.facts.key,
            "entity": plan.entity,
            "target": plan.target,
            "ledger": plan.ledger,
            "language": language,
            "time_zone": time_zone,
            "there": self.verdict.there,
            "said": self.verdict.said,
            "sentence": said(self.verdict.said, self.verdict.values, language, time_zone),
            "code": self.verdict.code,
            "remedy": remedy(language, self.verdict.code),
            "command": self.verdict.command,
            "steps": [_step(each, language, time_zone) for each in self.steps],
        }


def explain(around: Surroundings, key: str) -> Explanation:
    """Look at the source, the store and the other side; say what came of the key."""
    facts = gather(around, key)
    return Explanation(facts, tuple(steps(facts)), verdict(facts))


def _step(step: Step, language: Language, time_zone: str) -> dict[str, Any]:
    return {
        "step": step.name,
        "title": title(step.name, language),
        "passed": step.passed,
        "at": utc_text(step.at) if step.at else None,
        "said": step.said,
        "text": said(step.said, step.values, language, time_zone),
        "details": _json(step.details),
    }


def _json(value: Any) -> Any:
    """A value of a driver as JSON: what JSON has no word for becomes text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(name): _json(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_json(each) for each in value]
    if isinstance(value, bytes | bytearray):
        return bytes(value).hex()
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value)
