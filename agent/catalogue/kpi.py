"""SA-748x: KPIs, metrics and logs."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-7480": Explanation(
        "A time or month cannot be read",
        "KPIs and logs are asked for since a time, a report for a month; the reason shows what was "
        "given instead.",
        "Write `30d`, `12h` or `2026-10-01` for a time, `2026-10` for a month.",
    ),
    "SA-7481": Explanation(
        "The token for metrics is missing or wrong",
        "`/metrics` is opened by `api: metrics_token`, or by the token that opens everything.",
        "Give Prometheus the same secret, in `authorization: {credentials_file: …}`.",
    ),
    "SA-7482": Explanation(
        "There is no log file",
        "The daemon writes into the journal of systemd, or `log: file: off` stands in the "
        "configuration, or it has not run yet.",
        "Under systemd ask the journal: `journalctl -u syncagent -o cat`, and for one flow "
        "`journalctl -u syncagent SYNCAGENT_FLOW=prices`. Or name a file under `log: file:`.",
    ),
    "SA-7483": Explanation(
        "The log file cannot be written",
        "Its folder cannot be made, or the user of the service may not write there.",
        "Give the user the right, or name another file under `log: file:`. The service under "
        "systemd writes into the journal and needs none.",
    ),
}
