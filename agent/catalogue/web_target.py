"""SA-533x: what is written behind an address by templates."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5330": Explanation(
        "The other side refused a record",
        "It answered with a status, or with words, that the flow's tables of answers take for a "
        "refusal of this very record. Its own words stand in the reason.",
        "Correct the record at its source, or the template. What was refused goes again with "
        "`syncagent outbox retry`.",
    ),
    "SA-5331": Explanation(
        "The flow does not say how such a change is written",
        "The record is there already and the flow has no `update`, or it is to go and the flow has "
        "no `delete`.",
        "Do on the other side by hand what has to be done, then `syncagent outbox ignore`; or say "
        "`update` or `delete` under the flow's target.",
    ),
    "SA-5332": Explanation(
        "Several records of the other side match",
        "A question under `look_up` or `find` found more than one. Which of them is meant a person "
        "must say; the reason names their ids.",
        "Leave one of them there, or make the question narrower with `where`, then "
        "`syncagent outbox retry`.",
    ),
    "SA-5333": Explanation(
        "A record waits for another one",
        "The flow only changes records that are there, or needs another record (`find` with "
        "`missing: wait`), and it is not there yet. Nothing was written.",
        "Nothing, where the other record is on its way: this one comes again by itself. Otherwise "
        "look for it among the parked ones: `syncagent outbox list`.",
    ),
    "SA-5334": Explanation(
        "An answer holds no id where one is expected",
        "A record was made, and the answer has nothing at `reference`; or what stands there is no "
        "text and no whole number. Without the id the next change would make a second record.",
        "Correct `reference`: it is a place in the answer, such as `product.id`, or a template. "
        "Then resume the target: where the flow has `look_up`, what was made is found again.",
    ),
    "SA-5335": Explanation(
        "The flow does not say how a record is read back",
        "Comparing both sides needs `read` under the flow's target.",
        "Say `read`, with the path of one record and its fields in the words of the entity.",
    ),
    "SA-5336": Explanation(
        "Something that the record names is not on the other side",
        "A question under `find` found nothing: an article of an order that the ERP does not know, "
        "for example.",
        "Create it there, or correct the code in the record, then `syncagent outbox retry`. Where "
        "it comes by itself, say `missing: wait`.",
    ),
    "SA-5337": Explanation(
        "A value cannot stand where the template puts it",
        "A part of an address is empty, `.` or `..`; a header holds a line break or letters beyond "
        "ASCII; a form holds an object.",
        "Correct the template, or the mapping that leaves the value empty.",
    ),
    "SA-5338": Explanation(
        "The flow's table of answers says: not now, or a person must act",
        "The other side gave an answer that `status` or `errors` calls `unavailable` or "
        "`misconfigured`.",
        "For `unavailable` nothing: it is tried again. Otherwise remove the cause that the answer "
        "names, then resume the target.",
    ),
    "SA-5339": Explanation(
        "A question does not find what it should",
        "There is nothing at `item`; or `look_up` did not find the very record that had just been "
        "made, which was tried on the first one as long as nothing was at stake. As long as nobody "
        "can tell whether a record is there, nothing is written.",
        "Compare `item`, `where` and the parameters with an answer of the server; the hint names "
        "the fields that it has. Many servers pass over parameters that they do not know and show "
        "everything. Then resume the target.",
    ),
}
