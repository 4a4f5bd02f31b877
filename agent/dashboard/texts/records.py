"""Messages and records, and where they are found."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "record": Text("Record", "Record"),
    "state_held": Text("held", "trattenuto"),
    "state_pending": Text("waiting", "in attesa"),
    "state_parked": Text("refused", "rifiutato"),
    "state_delivered": Text("delivered", "consegnato"),
    "state_superseded": Text("replaced by a newer one", "sostituito da uno più recente"),
    "state_ignored": Text("set aside", "messo da parte"),
    "in_doubt": Text("in doubt", "in dubbio"),
    "op_upsert": Text("create or change", "crea o modifica"),
    "op_delete": Text("delete", "elimina"),
    "operation": Text("What for", "Operazione"),
    "attempts": Text("Attempts", "Tentativi"),
    "created_at": Text("Taken over", "Preso in carico"),
    "due_at": Text("Next attempt", "Prossimo tentativo"),
    "done_at": Text("Over since", "Concluso"),
    "reference": Text("Number there", "Numero di là"),
    "decided_by": Text("Decided by", "Deciso da"),
    "content": Text("What is sent", "Contenuto inviato"),
    "message": Text("Message", "Messaggio"),
    "search_for": Text("Article, customer or order number", "Articolo, cliente o numero d'ordine"),
    "nothing_found": Text(
        "No message about “{key}” is kept. It was never taken over, or that is long ago.",
        "Nessun messaggio su “{key}”. Non è mai stato preso in carico, o è passato molto tempo.",
    ),
}
