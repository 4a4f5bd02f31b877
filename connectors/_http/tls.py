"""TLS with the operating system's roots, and its failures in words that help."""

from __future__ import annotations

import ssl

import truststore

from agent.errors import Misconfigured, SyncError, Unavailable
from connectors._http.options import HttpOptions

# X509_V_ERR_* of OpenSSL
_EXPIRED = 10
_NOT_YET_VALID = 9
_WRONG_HOST = {62, 64}
_CLIENT_CERTIFICATE_ALERTS = (
    "CERTIFICATE_REQUIRED",
    "ALERT_BAD_CERTIFICATE",
    "ALERT_CERTIFICATE_UNKNOWN",
    "ALERT_CERTIFICATE_EXPIRED",
    "ALERT_CERTIFICATE_REVOKED",
    "ALERT_UNKNOWN_CA",
    "ALERT_UNSUPPORTED_CERTIFICATE",
    "ALERT_HANDSHAKE_FAILURE",
    "ALERT_ACCESS_DENIED",
)


def tls_context(options: HttpOptions) -> ssl.SSLContext:
    """Verifies against the operating system's roots and `ca_file`; nothing switches that off."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if options.ca_file:
        try:
            context.load_verify_locations(options.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise _unusable("ca_file", options.ca_file, error) from error
    if options.client_certificate:
        secret = options.client_key_password
        try:
            context.load_cert_chain(
                options.client_certificate,
                options.client_key,
                # Without a password OpenSSL would ask on the terminal, and a service would hang.
                secret.reveal() if secret else "",
            )
        except (OSError, ssl.SSLError) as error:
            raise _unusable("client_certificate", options.client_certificate, error) from error
    return context


def _unusable(option: str, path: object, error: OSError) -> Misconfigured:
    return Misconfigured(
        "SA-5227",
        f"{option} {path} cannot be used: {error.strerror or error}",
        hint="it must be a PEM file that the service's user may read, with its key and password",
    )


def tls_failure(error: ssl.SSLError, host: str) -> SyncError:
    """What a failed handshake means: most of the time a person must act."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _verification_failure(error, host)
    reason = str(error.reason or error)
    if any(alert in reason for alert in _CLIENT_CERTIFICATE_ALERTS):
        return Misconfigured(
            "SA-5234",
            f"{host} refused our client certificate or misses one ({reason})",
            hint="set client_certificate and client_key to what the server's operator issued",
        )
    if reason in {"WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION"}:
        return Misconfigured(
            "SA-5235",
            f"{host} does not speak TLS 1.2 or newer there ({reason})",
            hint="check scheme and port of the address",
        )
    return Unavailable("SA-5204", f"the encrypted connection to {host} broke ({reason})")


def _verification_failure(error: ssl.SSLCertVerificationError, host: str) -> Misconfigured:
    if error.verify_code in {_EXPIRED, _NOT_YET_VALID}:
        return Misconfigured(
            "SA-5232",
            f"the certificate of {host} is not valid today ({error.verify_message})",
            hint="the server's operator must renew it; check this machine's clock as well",
        )
    if error.verify_code in _WRONG_HOST:
        return Misconfigured(
            "SA-5233",
            f"the certificate shown is not one for {host} ({error.verify_message})",
            hint="check the address; a proxy or portal may be answering in the server's place",
        )
    return Misconfigured(
        "SA-5231",
        f"the certificate of {host} comes from an authority that is not trusted here "
        f"({error.verify_message or error.reason})",
        hint="if the company inspects TLS, put its authority's certificate into ca_file",
    )
