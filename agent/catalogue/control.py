"""SA-7xxx: daemon, jobs, local API and CLI."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-7002": Explanation(
        "There is no such run, message or code",
        "A command names a number or an id that the store does not hold, or no longer: delivered "
        "messages and old runs are removed after their time.",
        "`syncagent runs` and `syncagent outbox list` show what there is.",
    ),
    "SA-7003": Explanation(
        "A request is incomplete or not understood",
        "A field of a form was left empty. Or a program other than this version of `syncagent` "
        "asked the local API, or the daemon still runs an older version than the command.",
        "Fill in the field that the reason names. After an update restart the daemon. For a "
        "program of your own: the reason names the operation and the field.",
    ),
    "SA-7004": Explanation(
        "That cannot be done to this run or message",
        "Only held runs are approved or dropped, and only parked messages are retried or ignored. "
        "Somebody else may have been faster.",
        "Look at its state: `syncagent outbox show`, `syncagent hold list`.",
    ),
    "SA-7005": Explanation(
        "No such conflict",
        "Nothing of this record waits for a decision: somebody decided already, or both sides say "
        "the same by now.",
        "`syncagent conflicts list` shows what waits.",
    ),
    "SA-7006": Explanation(
        "The edited record cannot be sent like this",
        "A field that was filled in by hand breaks a rule of its kind of record, or the order "
        "still does not add up. Nothing was changed.",
        "The reason names each field and its rule: decimals with a point (`12.50`), dates as "
        "`2026-11-22`, lists and nested values as JSON. docs/reference/entities.md has every "
        "field.",
    ),
    "SA-7007": Explanation(
        "The command line is wrong",
        "An option or an argument is unknown, missing or has a value that it cannot have.",
        "`syncagent COMMAND --help` lists what the command takes.",
    ),
    "SA-7008": Explanation(
        "A secret of that kind cannot be stored from here",
        "`secret set` writes into the machine's keyring or into a file. `env:` and `credential:` "
        "belong to whoever starts the service.",
        "Use `keyring:NAME` or `file:/path`; for systemd: `systemd-creds encrypt`.",
    ),
    "SA-7009": Explanation(
        "There is no such kind of system",
        "`syncagent connectors show` was asked for a kind that this version does not have.",
        "`syncagent connectors list` shows all kinds.",
    ),
    "SA-7101": Explanation(
        "A run ended before its end",
        "The agent was asked to stop, or the outbox was full and had no room for more.",
        "Nothing: the run starts over by itself and loses nothing.",
    ),
    "SA-7102": Explanation(
        "A run failed for a reason nobody foresaw",
        "Something inside the agent, a connector or a driver went wrong in a way it should not. "
        "What the run had found is looked at again by the next one; other flows go on.",
        "The log holds the details under the same time. Report it with them.",
    ),
    "SA-7104": Explanation(
        "There is no such flow or system",
        "A command names a flow that the configuration in force does not have, one that is "
        "switched off, or a system to which nothing is delivered.",
        "`syncagent status` lists them. After a change of the configuration look there "
        "whether the daemon has taken it over.",
    ),
    "SA-7105": Explanation(
        "There is no such job",
        "The job is over, or never was.",
        "`syncagent runs` shows what was done.",
    ),
    "SA-7106": Explanation(
        "The run does not wait for approval",
        "Only held runs are approved or dropped. Somebody else may have been faster.",
        "`syncagent hold list` shows the runs that wait, `syncagent runs` what became of others.",
    ),
    "SA-7107": Explanation(
        "A job was cancelled",
        "A person ended it (`syncagent jobs cancel`). What it had taken over stands; what it had "
        "held for the guard is looked at again.",
        "Nothing. The flow's next run carries on; or ask for it: `syncagent jobs run`.",
    ),
    "SA-7108": Explanation(
        "The flow is paused",
        "A person paused it (`syncagent pause`): until the end of the pause, or until it is "
        "resumed, nothing is read. What was read before is still delivered, and the flow can be "
        "compared with its target.",
        "Ask who paused it and why: the flow's page and `syncagent status` say so. To end the "
        "pause: `syncagent resume FLOW`.",
    ),
    "SA-7201": Explanation(
        "No daemon is running",
        "The command asks the running agent, and for this configuration none runs (or it was "
        "killed a moment ago).",
        "Start it: `syncagent run`, or as a service `systemctl start syncagent`. `sync`, "
        "`preview`, `resync` and `check` work without one.",
    ),
    "SA-7202": Explanation(
        "The daemon does not answer",
        "Something listens at the daemon's address, but no proper answer came in time.",
        "Look at the daemon's log. If it hangs, restart it: nothing is lost.",
    ),
    "SA-7301": Explanation(
        "You may not speak to the daemon",
        "The local API is for the daemon's own user and for root; its socket and its token are "
        "readable for nobody else.",
        "Run the command as that user: `sudo -u syncagent syncagent status`.",
    ),
    "SA-7302": Explanation(
        "The token of the local API is missing or wrong",
        "Where there are no Unix sockets, a request carries the token that stands in `api.json` in "
        "the state folder. It is made anew at each start of the daemon.",
        "Read it again. The command line does so by itself.",
    ),
    "SA-7303": Explanation(
        "A request came from elsewhere",
        "The request's Host is not this machine, or a page in a browser made it. Both are refused "
        "so that no web page can reach the agent.",
        "Speak to the API from this machine, by 127.0.0.1 or the socket.",
    ),
    "SA-7304": Explanation(
        "A request is too large",
        "A request to the local API holds at most 1 MiB.",
        "Name fewer keys at a time.",
    ),
    "SA-7305": Explanation(
        "The local API cannot listen",
        "Its socket or port cannot be had: the file system does not allow sockets, or is full.",
        "The reason names the path. Put the state folder on a local disk.",
    ),
    "SA-7901": Explanation(
        "An error inside SyncAgent",
        "A case that the program does not expect. Nothing is lost: what was not committed is done "
        "again.",
        "Report it with the lines of the log that the message points to.",
    ),
}
