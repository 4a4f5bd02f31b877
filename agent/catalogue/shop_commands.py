"""SA-55xx: what a shop asks of the agent, and how its server is checked."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5501": Explanation(
        "The shop paused a flow",
        "The shop sent the command `pause`. The flow reads nothing until it is resumed; what it "
        "took over before is still delivered.",
        "Let the shop send `resume`, or lift it yourself: syncagent resume FLOW.",
    ),
    "SA-5502": Explanation(
        "A command names a flow that is not the shop's affair",
        "A shop may command the flows that read from it or deliver to it, and no others. The "
        "command was answered `refused`; nothing was done.",
        "Correct the name of the flow in the shop: `status` lists those that it may command.",
    ),
    "SA-5503": Explanation(
        "A command names too many keys",
        "One `resync` may name 1,000 keys. The command was answered `refused`; nothing was done.",
        "Send several commands, or resync the whole flow.",
    ),
    "SA-5504": Explanation(
        "A command would lift a halt that waits for a person",
        "The shop sent `resume` for a flow that was halted for another reason than its own "
        "`pause`. The command was answered `refused`; the flow stays halted.",
        "Mend the cause in the company, then: syncagent resume FLOW.",
    ),
    "SA-5505": Explanation(
        "The shop has no commands",
        "`commands: true` is set for a connection, and the shop does not name the feature "
        "`commands` in GET /v1/, or answers with 404.",
        "Have the shop updated, or take `commands` out of the connection.",
    ),
    "SA-5506": Explanation(
        "The shop does not know its own command",
        "A result was to be told, and the shop answers 404 for the command: it was restored from "
        "a backup, or forgot what it asked. The result is not told again.",
        "Nothing, unless it happens often: then the shop loses its commands.",
    ),
    "SA-5511": Explanation(
        "The server to be checked gives no answer",
        "`syncagent shop-conformance` could not connect, or the very first answer broke off.",
        "Check the address, --ca-file and whether the server runs.",
    ),
}
