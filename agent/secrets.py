"""References to secrets, and secrets that never print themselves.

A configuration names a secret, it never holds one: `env:NAME`, `file:/path`, `keyring:NAME`,
`credential:NAME` (systemd). What `reveal()` returns must go straight to where it is used.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from agent.errors import Misconfigured

SCHEMES = ("env", "file", "keyring", "credential")
RULE = "must be a reference: env:NAME, file:/path, keyring:NAME or credential:NAME"
KEYRING_SERVICE = "syncagent"


def is_reference(text: str) -> bool:
    """Whether a text names a secret instead of being one."""
    scheme, _, name = text.partition(":")
    return scheme in SCHEMES and bool(name.strip()) and name.isprintable()


class Secret:
    """A reference such as `env:ERP_PASSWORD`; its value is looked up at each `reveal()`."""

    __slots__ = ("reference",)

    def __init__(self, reference: str) -> None:
        if not is_reference(reference):
            raise ValueError(RULE)  # without the text itself: it may be the password
        self.reference = reference

    def __repr__(self) -> str:
        """The reference, never the value."""
        return f"Secret({self.reference!r})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        """Two secrets are equal when they name the same place."""
        return isinstance(other, Secret) and other.reference == self.reference

    def __hash__(self) -> int:
        """Hash of the reference."""
        return hash(self.reference)

    def reveal(self) -> str:
        """The value. Raises `Misconfigured` (SA-16xx, exit code 77) where it cannot be had."""
        scheme, _, name = self.reference.partition(":")
        value = _READERS[scheme](name)
        if not value:
            raise Misconfigured(
                "SA-1602",
                f"the secret {self.reference} is empty",
                hint=f"syncagent secret test {self.reference}",
            )
        return value

    def check(self) -> None:
        """Prove that the value can be had, without handing it out; raises as `reveal()` does."""
        self.reveal()

    def relative_to(self, folder: Path) -> Secret:
        """The same reference with a relative `file:` path taken from `folder`."""
        scheme, _, name = self.reference.partition(":")
        return Secret(f"file:{folder / name}") if scheme == "file" else self

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """A text that is a reference; anything else is an error of the type `plain_secret`."""
        return core_schema.no_info_plain_validator_function(
            _validated,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: value.reference
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The same rule for JSON Schema."""
        return {"type": "string", "pattern": f"^({'|'.join(SCHEMES)}):.+"}


def _validated(value: object) -> Secret:
    if isinstance(value, Secret):
        return value
    try:
        return Secret(value if isinstance(value, str) else "")
    except ValueError as error:
        raise PydanticCustomError("plain_secret", "{rule}", {"rule": str(error)}) from None


def _missing(reference: str, why: str, hint: str) -> Misconfigured:
    return Misconfigured("SA-1601", f"the secret {reference} cannot be had: {why}", hint=hint)


def _from_environment(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise _missing(
            f"env:{name}", "the variable is not set", "set it for the service, or use credential:"
        ) from None


def _from_file(name: str) -> str:
    path = Path(name)
    try:
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise _missing(f"file:{name}", "other users may read it", f"chmod 600 {name}")
        return _text_of(path)
    except OSError as error:
        raise _missing(
            f"file:{name}", error.strerror or str(error), "check path and owner"
        ) from error
    except UnicodeDecodeError:  # it carries the bytes that it could not read: not to be chained
        raise _missing(f"file:{name}", "it is not UTF-8 text", "store it as UTF-8") from None


def _text_of(path: Path) -> str:
    """The file's text without the line end that editors add."""
    return path.read_text(encoding="utf-8").rstrip("\r\n")


def _from_credential(name: str) -> str:
    directory = os.environ.get("CREDENTIALS_DIRECTORY")
    if not directory:
        raise _missing(
            f"credential:{name}",
            "systemd passed no credentials",
            f"add LoadCredentialEncrypted={name}:/path to the service's unit",
        )
    try:
        return _text_of(Path(directory) / Path(name).name)
    except OSError as error:
        raise _missing(
            f"credential:{name}", error.strerror or str(error), "check the unit's credentials"
        ) from error
    except UnicodeDecodeError:  # as above
        raise _missing(f"credential:{name}", "it is not UTF-8 text", "store it as UTF-8") from None


def _from_keyring(name: str) -> str:
    import keyring  # noqa: PLC0415 - 130 ms that most commands need not spend

    require_safe_keyring()
    try:
        value = keyring.get_password(KEYRING_SERVICE, name)
    except Exception as error:  # backends raise what they like
        raise _missing(f"keyring:{name}", str(error), "unlock the keyring or use file:") from error
    if value is None:
        raise _missing(f"keyring:{name}", "no such entry", f"syncagent secret set {name}")
    return value


def keep_in_keyring(name: str, value: str) -> Secret:
    """Write a value into this user's keyring; the reference under which it is found."""
    import keyring  # noqa: PLC0415 - see above

    secret = Secret(f"keyring:{name}")
    require_safe_keyring()
    try:
        keyring.set_password(KEYRING_SERVICE, name, value)
    except Exception:  # noqa: BLE001 - backends raise anything, and may quote the value
        raise Misconfigured(
            "SA-1605",
            f"the keyring did not take {secret.reference}",
            hint="unlock the keyring of the user that runs the service, or use file:",
        ) from None
    return secret


def require_safe_keyring() -> None:
    """Refuse a keyring that does not exist or keeps passwords as plain text."""
    import keyring  # noqa: PLC0415 - see above

    backend = keyring.get_keyring()
    backends = [backend, *getattr(backend, "backends", ())]
    names = {f"{type(each).__module__}.{type(each).__qualname__}" for each in backends}
    if any("Plaintext" in name for name in names):
        raise Misconfigured(
            "SA-1603",
            "the keyring of this machine keeps passwords as plain text",
            hint="uninstall keyrings.alt, or use credential: or file:",
        )
    if all(".fail." in name or ".null." in name for name in names):
        raise Misconfigured(
            "SA-1604",
            "this machine has no keyring",
            hint="for a service use credential: (systemd) or file: with mode 600",
        )


_READERS = {
    "env": _from_environment,
    "file": _from_file,
    "keyring": _from_keyring,
    "credential": _from_credential,
}
