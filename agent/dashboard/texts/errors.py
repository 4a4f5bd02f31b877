"""What did not go through."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "tab_open": Text("Open", "Aperti"),
    "tab_resolved": Text("Resolved", "Risolti"),
    "no_errors": Text("Nothing is waiting for you.", "Non c'è nulla da sistemare."),
    "none_resolved": Text("Nothing was resolved lately.", "Niente di risolto di recente."),
    "cause": Text("Cause", "Causa"),
    "count": Text("How many", "Quanti"),
    "examples": Text("For example", "Per esempio"),
    "retry_all": Text("Try all again", "Riprova tutti"),
    "retry_group": Text("Try these again", "Riprova questi"),
    "retry_chosen": Text("Try the chosen ones again", "Riprova i selezionati"),
    "ignore_chosen": Text("Set the chosen ones aside", "Metti da parte i selezionati"),
    "reason": Text("Reason", "Motivo"),
    "reason_for": Text("Why they need not arrive", "Perché non devono arrivare"),
    "aside_until": Text("Until", "Fino al"),
    "aside_until_help": Text(
        "Then it is back among the errors. Empty: for good.",
        "Poi torna tra gli errori. Vuoto: per sempre.",
    ),
    "aside_till": Text("until", "fino al"),
    "choose": Text("Choose", "Seleziona"),
    "choose_record": Text("Choose {key}", "Seleziona {key}"),
    "see_records": Text("See the records", "Vedi i record"),
    "group_empty": Text(
        "Nothing is left here: all of them went on.", "Qui non resta nulla: sono tutti ripartiti."
    ),
    "done_retried": Text("Tried again: {count}.", "Nuovo tentativo per: {count}."),
    "done_ignored": Text("Set aside: {count}.", "Messi da parte: {count}."),
}
