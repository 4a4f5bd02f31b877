"""SA-1xxx: configuration, secrets."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-1000": Explanation(
        "The configuration has several problems",
        "Each of them is listed with its own code, file, line and column.",
        "Go through the list from the top: a later problem may follow from an earlier one. "
        "`syncagent config check` shows what is left.",
    ),
    "SA-1001": Explanation(
        "The configuration file cannot be read",
        "The file does not exist, is no file, is larger than a configuration can be, or the "
        "service's user may not read it.",
        "Check path and owner, or name another file with `--config`.",
    ),
    "SA-1002": Explanation(
        "The file is not valid YAML",
        "Usually the indentation: a tab instead of spaces, a line that stands too far left or "
        "right, a missing space after a colon, or a value that holds `: ` or starts with a special "
        "character and is not quoted.",
        "Look at the line named and the one above it; put the value in quotes where it holds "
        "special characters.",
    ),
    "SA-1003": Explanation(
        "The file is not UTF-8 text",
        "An editor saved it in another encoding, such as Windows-1252 or UTF-16.",
        "Save it as UTF-8; the line and column show the first byte that is not.",
    ),
    "SA-1004": Explanation(
        "A key stands twice",
        "The same key occurs twice in one section. One of the two would silently win.",
        "Remove or rename one of them.",
    ),
    "SA-1005": Explanation(
        "YAML that a configuration does not use",
        "A tag (`!name`), a second document (`---`), an alias without an anchor, a key that is no "
        "text, or anchors that multiply beyond reason.",
        "Write it plainly; put a value in quotes where it starts with `*`, `&` or `!`.",
    ),
    "SA-1006": Explanation(
        "A key is missing",
        "The section named needs this key and has no default for it.",
        "Add the key; the configuration reference says what it means.",
    ),
    "SA-1007": Explanation(
        "A key is not known",
        "Most often a typing error, or a key that belongs one level higher or lower. Unknown keys "
        "are refused, because a setting that is silently ignored is worse than an error.",
        "Take the spelling suggested, or look the section up in the configuration reference. Keys "
        "of your own at the top level start with `x-`.",
    ),
    "SA-1008": Explanation(
        "A value does not fit",
        "The value has another type or lies outside the range that this key takes.",
        "The message says what is expected. Times are written like `30s`, `5m`, `1h`; sizes like "
        "`64MB`; shares like `10%`.",
    ),
    "SA-1009": Explanation(
        "A name cannot be used",
        "Names of connections and flows are used in commands, logs and file names.",
        "Use letters, digits, `-` and `_`, at most 64 of them, starting with a letter or digit.",
    ),
    "SA-1101": Explanation(
        "The kind of connection is not known",
        "`kind:` names a system for which this version has no connector.",
        "Take one of the kinds listed in the configuration reference.",
    ),
    "SA-1102": Explanation(
        "A kind of connection cannot be loaded",
        "The connector needs a package or a system library that this machine does not have, such "
        "as `unixodbc` for the kind `odbc`.",
        "Install what the message names; on Debian and Ubuntu `apt install unixodbc` for ODBC.",
    ),
    "SA-1103": Explanation(
        "A flow names a connection that does not exist",
        "`connection:` in a flow's source or target must be one of the names under `connections:`.",
        "Correct the name or add the connection.",
    ),
    "SA-1104": Explanation(
        "This kind cannot be used on that side",
        "Some kinds can only be read from, others only be delivered to.",
        "Use a connection of another kind for this side of the flow.",
    ),
    "SA-1105": Explanation(
        "Unknown preset",
        "A flow says `preset:` with a name that the kind of its source does not have.",
        "Correct the name, or say source options, entity and mapping in the flow itself. "
        "`syncagent connectors show KIND` lists the presets of a kind.",
    ),
    "SA-1106": Explanation(
        "A flow cannot join that one",
        "`joins` names a flow whose records this one brings too. It must exist, stand for itself, "
        "and deliver the same entity to the same target with the same options.",
        "Name such a flow, or take `joins` out.",
    ),
    "SA-1107": Explanation(
        "Two flows are no pair",
        "`two_way` names the flow of the other direction. Both must carry the same entity between "
        "the same two connections, one there and one back.",
        "Correct what the message names.",
    ),
    "SA-1108": Explanation(
        "Totals are checked where there are none",
        "`totals` recomputes the lines and totals of orders. Other entities have none, and a "
        "record that both sides change cannot wait for a person on one of them.",
        "Leave `totals` out of this flow.",
    ),
    "SA-1109": Explanation(
        "Orders cannot be looked up so",
        "A lookup that names `orders` sums up what the orders of another flow take from the stock. "
        "That flow has to be one of orders, the flow under `until` one of order_status; all who "
        "look up the same orders name the same statuses; and with a second column in `by` it has "
        "to be said from which `warehouse` lines are taken that name none.",
        "The message names what is wrong; docs/orders.md shows a whole flow.",
    ),
    "SA-1201": Explanation(
        "The entity is not known",
        "`entity:` says what the records are: one of the entities of a B2B shop.",
        "Take one of the entities listed in the message.",
    ),
    "SA-1601": Explanation(
        "A secret cannot be had",
        "The configuration names a secret (env:, file:, keyring:, credential:) that is not there, "
        "or that other users of the machine may read.",
        "Run `syncagent secret test` with the reference; it says what is missing. For a file: "
        "mode 600, owned by the service's user.",
    ),
    "SA-1602": Explanation(
        "A secret is empty",
        "The place that the reference names exists but holds no text.",
        "Store the value again, for a keyring with `syncagent secret set`.",
    ),
    "SA-1603": Explanation(
        "The keyring keeps passwords as plain text",
        "The package keyrings.alt is installed; its default backend writes passwords unencrypted.",
        "Uninstall keyrings.alt, or use `credential:` (systemd) or `file:` with mode 600.",
    ),
    "SA-1604": Explanation(
        "This machine has no keyring",
        "A server without a desktop session has no keyring that a service could open.",
        "Use `credential:` with LoadCredentialEncrypted in the systemd unit, or `file:` with mode "
        "600.",
    ),
    "SA-1605": Explanation(
        "The keyring did not take a secret",
        "It is locked, belongs to another user, or does not answer.",
        "Unlock the keyring of the user that runs the service, or use `file:` with mode 600.",
    ),
    "SA-1301": Explanation(
        "A password in plain text",
        "A key that takes a secret holds something else than a reference. The configuration is "
        "copied, mailed and backed up, so it never holds a password. The value is not repeated in "
        "the message.",
        "Store the value with `syncagent secret set NAME` and write `keyring:NAME`, or use "
        "`env:NAME`, `file:/path` (mode 600) or `credential:NAME` (systemd). Treat the old "
        "password as known to others.",
    ),
    "SA-1302": Explanation(
        "A password inside a URL or a connection string",
        "A text such as `https://user:password@host`, `PWD=…;` or `?token=…` holds a secret.",
        "Take it out of the text and put it into the connection's own key for it, as a reference. "
        "Treat the old password as known to others.",
    ),
}
