"""Why a system does not answer, or refuses a whole request."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

_ANSWERED = (Text("{host} answered {said}", "{host} ha risposto {said}"),)

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-5201": (
        Text("{host} cannot be reached ({fault})", "{host} non è raggiungibile ({fault})"),
        Text(
            "the proxy cannot reach the server ({fault})",
            "il proxy non raggiunge il server ({fault})",
        ),
    ),
    "SA-5202": (Text("the name {host} cannot be resolved", "il nome {host} non si trova nel DNS"),),
    "SA-5203": (
        Text(
            "{host} did not take the connection in time",
            "{host} non ha accettato il collegamento in tempo",
        ),
        Text(
            "{host} did not answer in time ({fault})", "{host} non ha risposto in tempo ({fault})"
        ),
        Text("{host} did not answer in time ()", "{host} non ha risposto in tempo"),
    ),
    "SA-5204": (
        Text(
            "the connection to {host} broke before the answer was whole ({fault})",
            "il collegamento a {host} è caduto prima della fine della risposta ({fault})",
        ),
        Text(
            "the encrypted connection to {host} broke ({fault})",
            "il collegamento cifrato a {host} è caduto ({fault})",
        ),
        Text(
            "the packed answer of {host} ends in its middle",
            "la risposta compressa di {host} finisce a metà",
        ),
    ),
    "SA-5211": _ANSWERED,
    "SA-5212": _ANSWERED,
    "SA-5213": (
        Text("{answer} (still at work on it)", "{answer} (ci sta ancora lavorando)"),
        *_ANSWERED,
    ),
    "SA-5214": (
        Text(
            "the server ended our access token early; a new one is fetched",
            "il server ha chiuso prima il nostro token di accesso; se ne prende uno nuovo",
        ),
        Text("{host} ends every log-in at once", "{host} chiude subito ogni accesso"),
    ),
    "SA-5220": (
        Text("the server wants to know who we are", "il server vuole sapere chi siamo"),
        Text(
            "the server refuses our {what} {name}", "il server rifiuta le nostre credenziali {name}"
        ),
    ),
    "SA-5241": (Text("{answer} (too large)", "{answer} (troppo grande)"),),
    "SA-5242": _ANSWERED,
    "SA-5330": _ANSWERED,
}

PLACES: Mapping[str, tuple[Text, ...]] = {"answer": _ANSWERED}
