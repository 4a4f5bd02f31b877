"""Records that are read again and sent, after a look at what would be sent."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "resync": Text("Send records again", "Invia di nuovo dei record"),
    "resync_keys": Text("Which ones", "Quali"),
    "resync_keys_help": Text(
        "One code a line; a list can be pasted.", "Un codice per riga; si può incollare un elenco."
    ),
    "resync_range": Text("Or all between two codes", "O tutti tra due codici"),
    "resync_from": Text("From", "Da"),
    "resync_to": Text("To", "A"),
    "resync_look": Text("Look what would be sent", "Guarda che cosa si invierebbe"),
    "resync_would_send": Text("Found in the source: {count}", "Trovati nella sorgente: {count}"),
    "resync_missing": Text(
        "Not in the source; what was sent of it before is deleted there:",
        "Non sono nella sorgente; quanto inviato prima viene cancellato di là:",
    ),
    "resync_unknown_before": Text(
        "What was sent before is not kept any more.", "Quanto inviato prima non è più conservato."
    ),
    "resync_send": Text("Send now: {count}", "Invia ora: {count}"),
    "resync_too_many": Text(
        "Here it is {count} records at most. For more of them, on the command line:",
        "Qui sono al massimo {count} record. Per un numero maggiore, da riga di comando:",
    ),
    "resync_no_keys": Text(
        "Name at least one record, or a range in which some are known.",
        "Indica almeno un record, o un intervallo in cui ce ne sono di conosciuti.",
    ),
    "fate_new": Text("new there", "nuovo di là"),
    "fate_changed": Text("changed", "cambiato"),
    "fate_unchanged": Text("unchanged, sent all the same", "invariato, inviato comunque"),
    "fate_deleted": Text("is deleted there", "viene cancellato di là"),
    "fate_left_out": Text("left out by the flow", "escluso dal flusso"),
    "fate_refused": Text("refused", "rifiutato"),
}
