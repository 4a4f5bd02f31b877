"""SA-7401 to 7449: comparing both sides, sending again."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-7401": Explanation(
        "The other side cannot be compared",
        "It keeps no digests of our records, and its records cannot be read back.",
        "For databases and web APIs say in the flow's target how a record is read (`read`). Else "
        "compare there, by hand or by its own reports.",
    ),
    "SA-7402": Explanation(
        "The other side does not hold what it should",
        "A comparison found records that are missing there, too many, or different: somebody "
        "changed or removed them there, or it was restored from a backup.",
        "`syncagent verify FLOW` names them; with `--repair` they are sent again.",
    ),
    "SA-7403": Explanation(
        "There is no comparison to go by",
        "This flow was never compared with its target, so there is nothing to put right.",
        "`syncagent verify FLOW` compares; `schedule: {verify: …}` does so by itself.",
    ),
    "SA-7404": Explanation(
        "What was delivered since then is not kept any more",
        "Delivered messages are kept for a number of days and up to a number of them "
        "(`store: keep_days, keep_rows`). The moment lies before that.",
        "`syncagent verify FLOW --repair` finds out what is missing there; or send everything: "
        "`syncagent resync FLOW --all`.",
    ),
    "SA-7405": Explanation(
        "Records that both sides change are not replayed",
        "An older state of a record would be written over what the other side has changed since.",
        "`syncagent verify FLOW --repair` compares first and takes both sides into account.",
    ),
}
