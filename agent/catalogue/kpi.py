"""SA-748x: KPIs, metrics, logs and telemetry."""

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
    "SA-7484": Explanation(
        "The collector does not take our telemetry",
        "The address under `telemetry: otlp:` is not reached, or answers that it is too busy. "
        "Figures are sent with the next try, lines of the log wait, up to 10,000 of them. The "
        "work itself is not concerned.",
        "Check the address and the collector's receiver `otlp` with its protocol `http` (port "
        "4318).",
    ),
    "SA-7485": Explanation(
        "OpenTelemetry is not installed",
        "`telemetry: otlp:` names a collector, and what speaks its protocol is an extra.",
        "`pip install 'syncagent[opentelemetry]'` into the agent's environment, then restart.",
    ),
    "SA-7486": Explanation(
        "The collector refuses our telemetry",
        "It answers that address, log-in or message is wrong. What it refused is not sent again.",
        "401 and 403: store the right value under `telemetry: headers:`. 404: the address is that "
        "of the collector, without `/v1/metrics`. Then restart.",
    ),
}
