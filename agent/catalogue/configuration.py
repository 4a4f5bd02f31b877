"""SA-1xxx: configuration, secrets."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
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
}
