"""SA-534x: records written by calling operations of a SOAP service."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5340": Explanation(
        "The service refuses the record",
        "It answered a fault of the sender (Client, Sender), one that `refused_faults` names, or "
        "an answer that `accepted` or `error` takes for a refusal. Nothing was written.",
        "Read the service's words, correct the record at its source or the template, then retry. "
        "Where the code really means `try later`, name it in `busy_faults`.",
    ),
    "SA-5341": Explanation(
        "The record does not fit the operation",
        "A parameter is not one of the operation's, is nested differently, a needed one has no "
        "value, or a text holds what no XML can hold. Nothing was sent.",
        "Compare `parameters` with what syncagent check shows, then retry the record.",
    ),
    "SA-5342": Explanation(
        "A record changed that this flow does not update",
        "It was written before, and the flow does not say which operation changes one.",
        "Change it in the other system by hand, or say `update: {operation: …}` and retry.",
    ),
    "SA-5343": Explanation(
        "Deletes are not written",
        "The record was deleted, and the flow does not say which operation takes one away.",
        "Say `delete: {operation: …}` under target, or let the flow ignore deletes.",
    ),
    "SA-5344": Explanation(
        "The answer to a write cannot be understood",
        "The record was sent, and its answer holds no id where `reference` looks for one, or "
        "nothing from which `accepted` can tell whether it was written.",
        "Correct `reference` or `accepted`, then resume. `look_up` finds what was written; without "
        "it the record is in doubt.",
    ),
    "SA-5345": Explanation(
        "The service's own list contradicts it",
        "`look_up` finds several records of one reference, or none where the service says that it "
        "is there already.",
        "Look in the other system which one counts. Make `look_up` ask by what is unique there.",
    ),
}
