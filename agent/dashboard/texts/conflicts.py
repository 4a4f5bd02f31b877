"""Records that both sides changed."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "conflicts": Text("Conflicts", "Conflitti"),
    "no_conflicts": Text(
        "No record was changed on both sides at once.",
        "Nessun record è stato cambiato da entrambe le parti.",
    ),
    "conflicts_help": Text(
        "Both sides changed these records. Nothing of them is written until you say which version "
        "counts; it is then written on the other side. Marked fields differ.",
        "Questi record sono stati cambiati da entrambe le parti. Non se ne scrive nulla finché non "
        "dici quale versione vale; poi si scrive dall'altra parte. I campi segnati sono diversi.",
    ),
    "differs": Text("differs", "diverso"),
    "keep_this": Text("Keep the one of {system}", "Tieni quella di {system}"),
    "done_conflict_decided": Text(
        "Decided; the other side gets this version.",
        "Deciso: l'altra parte riceve questa versione.",
    ),
}
