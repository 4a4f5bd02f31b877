"""SA-28xx: the feeds of a shop that speaks the shop protocol."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2801": Explanation(
        "The shop has no such feed",
        "A flow reads a feed (orders, customers, returns, registrations, events) that the shop "
        "does not name in GET /v1/, or answers with 404.",
        "Have the shop updated so that it offers the feed, or correct `feed` of the flow's source.",
    ),
    "SA-2802": Explanation(
        "A feed stands still",
        "The shop said that more is to come and gave the same cursor again. Reading on would give "
        "the same records for ever, so the run ended; what was taken over stays.",
        "Have the shop mended: with `more`, the cursor must stand behind the last item. "
        "syncagent shop-conformance URL shows it.",
    ),
    "SA-2803": Explanation(
        "An item of a feed cannot be read",
        "The data of an item is no JSON object, names a field twice, or holds a text or number "
        "that means nothing. The item is parked; the others of the feed go on.",
        "Have the shop mend the record. It is read again as soon as it changes.",
    ),
}
