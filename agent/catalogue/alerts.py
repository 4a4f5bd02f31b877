"""SA-745x to SA-747x: alerts, what they find by themselves, and what hinders them."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-7450": Explanation(
        "The mail server does not answer",
        "The SMTP server named under `alerts.mail` cannot be reached, or broke off. The alerts "
        "wait and are sent as soon as it answers.",
        "Check host, port and `security` under `alerts.mail`, and the firewall; then try "
        "`syncagent alerts test`.",
    ),
    "SA-7451": Explanation(
        "The mail server refuses the log-in",
        "User or password under `alerts.mail` is wrong, or the server wants another way of "
        "logging in. It is not tried again by itself.",
        "Store the right password under the reference that the configuration names, then "
        "`syncagent resume`. Providers with two factors want a password for applications.",
    ),
    "SA-7452": Explanation(
        "The mail server refuses a mail for good",
        "It does not know the address, or does not let us send in this name.",
        "Correct the address or `from`; then `syncagent outbox list` shows the alert that was not "
        "told, and `syncagent outbox retry` sends it.",
    ),
    "SA-7453": Explanation(
        "The mail server refuses a mail for now",
        "Servers do so to unknown senders for some minutes, and when a mailbox is full. It is "
        "tried again by itself.",
        "Nothing, unless it lasts: then ask whoever runs the mail server.",
    ),
    "SA-7454": Explanation(
        "The mail server offers no encryption",
        "`security: starttls` is set (it is so by default), and the server does not offer it.",
        "Set `security: tls` where the server listens on port 465. `none` is for a server on the "
        "same machine or in the same room, and without a password.",
    ),
    "SA-7455": Explanation(
        "Apprise is not installed",
        "`services` of recipients are reached through the library Apprise, which is an extra. "
        "Mails do without it.",
        "`pip install 'syncagent[alerts]'` into the agent's environment, then `syncagent resume`.",
    ),
    "SA-7456": Explanation(
        "A reference holds no URL of a service",
        "What is stored under the reference is not a URL that Apprise understands, such as "
        "`tgram://TOKEN/CHAT`.",
        "Compare it with the service's page in Apprise's documentation, store it anew, then "
        "`syncagent resume`.",
    ),
    "SA-7457": Explanation(
        "A service did not take a notification",
        "It cannot be reached, or refuses us: a token that was withdrawn, a channel that is gone, "
        "too many messages. It is tried again by itself.",
        "`syncagent alerts test` tries it now. Where others get through, store a new URL under "
        "the reference.",
    ),
    "SA-7458": Explanation(
        "There is no such open alert",
        "Only what is open can be acknowledged; it may be over by now.",
        "`syncagent alerts list` shows what is open.",
    ),
    "SA-7459": Explanation(
        "Nobody is named who could be told",
        "The configuration names no recipients under `alerts`.",
        "Name `recipients` and `tell` under `alerts`.",
    ),
    "SA-7460": Explanation(
        "A flow is behind its freshness target",
        "What the target has is older than `freshness` of the flow allows, though perhaps nothing "
        "fails: the flow does not run, reads for too long, or its messages wait behind others.",
        "`syncagent status` and `syncagent runs` show when it last ran; `syncagent sync FLOW` runs "
        "it now.",
    ),
    "SA-7461": Explanation(
        "A certificate, a token or an API version ends soon",
        "The other side told until when it is valid, the token says so itself, or the "
        "configuration does with `expires`. After that day calls will be refused.",
        "Renew the certificate or the token, and correct `expires`; update SyncAgent where an API "
        "version ends. Then `syncagent check` shows the new day.",
    ),
    "SA-7462": Explanation(
        "A check warns",
        "The other side answers, and something there will make trouble later or is only half "
        "there: a missing right, a version without support.",
        "`syncagent check` shows the warning with its system.",
    ),
    "SA-7463": Explanation(
        "The store was restored from an older copy",
        "The store was damaged or missing, or somebody put an older copy in its place. Everything "
        "is compared and sent again; nothing is lost, and what was decided since the copy was made "
        "may be asked again.",
        "Look at `syncagent status` and at orders in doubt (`syncagent orders`), find out what "
        "happened to the disk, and acknowledge the alert.",
    ),
    "SA-7464": Explanation(
        "The disk is nearly full",
        "There is less room than `store.disk_low` on the disk of the store: reading waits, "
        "delivery goes on.",
        "Make room on that disk, or move the store to a larger one.",
    ),
    "SA-7465": Explanation(
        "Both sides changed the same record",
        "The flow's `conflicts` rule leaves the decision to a person, and until then the record "
        "stays as it is on both sides.",
        "`syncagent conflicts list`, then `syncagent conflicts keep RECORD --from FLOW`.",
    ),
    "SA-7466": Explanation(
        "The dead man's switch cannot be reached",
        "The URL under `alerts.ping` does not answer. The service behind it will think that the "
        "agent is down.",
        "Open the URL from this machine. Where a proxy is needed, set HTTPS_PROXY for the service.",
    ),
    "SA-7467": Explanation(
        "A flow has been paused for long",
        "Somebody paused it, and it has not gone on since. What changes in its source meanwhile "
        "is read when it goes on.",
        "`syncagent resume FLOW`, or the button on the dashboard's page of the flow. Where it is "
        "to rest, acknowledge the alert.",
    ),
    "SA-7468": Explanation(
        "There is no fresh copy of the store",
        "No copy was made for twice the time of `store.backup.every`: the folder cannot be "
        "written, its disk is full, or it lies on a share that is gone.",
        "Look into `syncagent logs --level error`, mend the folder named under `store.backup`, or "
        "name another one.",
    ),
    "SA-7469": Explanation(
        "Somebody tries passwords",
        "Ten or more log-ins to the dashboard were refused within an hour. A name waits for a "
        "quarter of an hour after five wrong passwords, so whoever tries does not get far.",
        'The page "Who did what" shows the names that were tried. Where nobody of yours forgot '
        "a password, find out who reaches the dashboard's port.",
    ),
}
