"""The only door to HTTP: time-outs that hold, verified TLS, no redirects, the three errors.

A connector builds one `client.Client` and asks it; what comes back is an `Answer` whose status,
content type and shape have been checked, or one of `Unavailable`, `Rejected`, `Misconfigured`.
`client` is imported where one is built: it draws in httpx, 100 ms that checking a configuration,
or a run that finds nothing, need not spend.
"""

from __future__ import annotations

from connectors._http.authorization import (
    Anonymous,
    Authorization,
    Bearer,
    ClientCredentials,
    OAuth2Options,
    Request,
    shared,
)
from connectors._http.options import HttpOptions, is_loopback
from connectors._http.signature import sign, signing_key

__all__ = [
    "Anonymous",
    "Authorization",
    "Bearer",
    "ClientCredentials",
    "HttpOptions",
    "OAuth2Options",
    "Request",
    "is_loopback",
    "shared",
    "sign",
    "signing_key",
]
