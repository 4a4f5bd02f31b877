"""What alerts say of the site itself."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-7460": (
        Text(
            "as of {minutes} minutes ago, {most} are allowed",
            "dati di {minutes} minuti fa, ne sono ammessi {most}",
        ),
    ),
    "SA-7463": (Text("put back by hand", "rimesso a mano"),),
    "SA-7464": (Text("{free} MB free in {folder}", "{free} MB liberi in {folder}"),),
    "SA-7465": (
        Text(
            "both sides changed the same field", "entrambe le parti hanno cambiato lo stesso campo"
        ),
    ),
    "SA-7467": (
        Text(
            "paused by {person} on {moment}, until {until}: {words}",
            "in pausa per volere di {person} dal {moment}, fino al {until}: {words}",
        ),
        Text(
            "paused by {person} on {moment}, until {until}",
            "in pausa per volere di {person} dal {moment}, fino al {until}",
        ),
        Text(
            "paused by {person} on {moment}: {words}",
            "in pausa per volere di {person} dal {moment}: {words}",
        ),
        Text("paused by {person} on {moment}", "in pausa per volere di {person} dal {moment}"),
    ),
    "SA-7468": (
        Text(
            "the newest copy in {folder} is older than it should be, or there is none",
            "la copia più recente in {folder} è troppo vecchia, oppure non c'è",
        ),
    ),
    "SA-7469": (
        Text(
            "{count} refused log-ins within an hour",
            "{count} accessi rifiutati in un'ora",
        ),
    ),
}
