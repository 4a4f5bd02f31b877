"""SA-5xxx: delivery and targets."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5001": Explanation(
        "The target gave no answer for a message",
        "A batch was answered, but this message was not mentioned, or there was no answer at all. "
        "Whether it was taken over is not known.",
        "Nothing: it is sent again by itself, with the same id, so that it takes effect once. "
        "Where it stays so, the target does not answer per message as its protocol asks.",
    ),
    "SA-5002": Explanation(
        "The target refused a message without a reason",
        "The answer marks the message as refused and says nothing more.",
        "Look into the target's own log at that time. After the cause is removed: "
        "`syncagent outbox retry`.",
    ),
    "SA-5003": Explanation(
        "A connector failed unexpectedly",
        "The connector met something that its author did not foresee. This counts as an outage: "
        "the messages are sent again later.",
        "Look for the traceback in the log and report it. Where a single message is the cause, it "
        "is found by itself and parked with SA-5004.",
    ),
    "SA-5004": Explanation(
        "A connector fails on this message",
        "Sent alone the message made the connector fail, while others went through. It is parked "
        "so that it does not hold them up.",
        "Look at the record with `syncagent outbox show` for unusual values, and report the "
        "traceback in the log. After the cause is removed: `syncagent outbox retry`.",
    ),
    "SA-5005": Explanation(
        "Sending was interrupted",
        "The agent was stopped, or the target halted or paused, while a batch was being sent in "
        "parts.",
        "Nothing: the rest of the batch is sent as soon as the target may be reached again.",
    ),
    "SA-5101": Explanation(
        "Delivery stopped unexpectedly",
        "The agent itself failed while it delivered to a target. Nothing is lost: what was not "
        "settled stays in the outbox.",
        "Look for the traceback in the log and report it. Resuming the target or restarting the "
        "agent tries again.",
    ),
}
