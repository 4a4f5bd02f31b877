"""Why a system does not answer, and why a line of a file is no row."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

_ANSWERED = (Text("{host} answered {said}", "{host} ha risposto {said}"),)

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-2006": (Text("the file is empty", "il file è vuoto"),),
    "SA-2011": (
        Text(
            "the row has {cells} cells, {width} are expected",
            "la riga ha {cells} celle, ne sono attese {width}",
        ),
    ),
    "SA-2012": (
        Text(
            "byte {byte} at position {position} of the row is not {encoding}",
            "il byte {byte} alla posizione {position} della riga non è {encoding}",
        ),
    ),
    "SA-2013": (
        Text(
            "cell {cell} has {length} characters, {most} are allowed",
            "la cella {cell} ha {length} caratteri, ne sono ammessi {most}",
        ),
    ),
    "SA-2014": (
        Text(
            "NUL byte at position {position} of the row",
            "byte NUL alla posizione {position} della riga",
        ),
    ),
    "SA-2015": (Text("the row is not well-formed: {fault}", "la riga non è ben formata: {fault}"),),
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
    "SA-5213": _ANSWERED,
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
    "SA-5242": _ANSWERED,
}
