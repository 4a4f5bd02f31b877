"""SA-26xx: other systems that call us."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2601": Explanation(
        "A caller did not show who it is",
        "The signature or the token of a request is missing or wrong, or the request was signed "
        "too long ago. The caller got 401 and no reason; the log has it.",
        "Give both sides the same secret, and both machines the right time. Where nothing of ours "
        "calls from that address, somebody is trying.",
    ),
    "SA-2603": Explanation(
        "An event is too large",
        "The body of a request has more bytes than largest_body of the connection. The caller got "
        "413.",
        "Have the other system send fewer records at a time, or raise largest_body.",
    ),
    "SA-2604": Explanation(
        "An event is not JSON",
        "The Content-Type of a request is not application/json. The caller got 415.",
        "Set the format of the other system's webhook to JSON.",
    ),
    "SA-2605": Explanation(
        "A caller calls too often",
        "One address made more requests than requests_per_minute of the connection. The caller "
        "got 429 and when to come again.",
        "Have the other system send changes in bundles, or raise requests_per_minute.",
    ),
    "SA-2606": Explanation(
        "An event cannot be used",
        "Its body is no JSON, or lacks what the options name: the id, a record, or a key. The "
        "caller got 422; a record found missing only when a flow read the event is parked.",
        "Compare what the other system sends with id_path, record_path and key_path.",
    ),
    "SA-2607": Explanation(
        "There is no room for more events",
        "Flows have not taken over most_waiting events yet, or the disk has less room than "
        "store.disk_low. The caller got 503 and when to come again; nothing was lost.",
        "See why the flows that read this connection do not run: syncagent status.",
    ),
    "SA-2608": Explanation(
        "Nobody can call us",
        "The host and port of a webhook connection cannot be listened at: another program does, "
        "or the address is none of this machine's. It is tried again every few seconds.",
        "Choose a free port, and an address of this machine.",
    ),
    "SA-2609": Explanation(
        "Two connections stand in each other's way",
        "They listen at one port with different certificates, or at the same path.",
        "Give them the same certificate and different paths, or different ports.",
    ),
    "SA-2610": Explanation(
        "A signal wakes nobody",
        "`wakes` of a webhook connection names a flow that is not there; or a flow reads a "
        "connection whose events wake another one, so that their bodies are not kept.",
        "Correct `wakes`; where events are to be read as well, make a second connection with "
        "another path.",
    ),
    "SA-2611": Explanation(
        "The certificate that callers shall see cannot be used",
        "`certificate` or `certificate_key` of a webhook connection is missing, not readable for "
        "the service's user, no PEM file, or the two do not belong together.",
        "Give PEM files of one certificate and its key; the key without a password.",
    ),
}
