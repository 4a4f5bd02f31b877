"""Why a message is not there, in the words of the engine and of what all connectors share."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-5001": (
        Text("the target gave no answer for it", "la destinazione non ha risposto per questo"),
    ),
    "SA-5002": (
        Text(
            "the target refused it without a reason",
            "la destinazione l'ha rifiutato senza dire perché",
        ),
    ),
    "SA-5003": (
        Text(
            "the connector failed unexpectedly: {fault}",
            "il connettore ha avuto un guasto imprevisto: {fault}",
        ),
        Text(
            "the connector cannot be built: {fault}",
            "il connettore non si può avviare: {fault}",
        ),
    ),
    "SA-5004": (
        Text(
            "the connector fails on this message: {fault}",
            "il connettore si guasta su questo messaggio: {fault}",
        ),
    ),
    "SA-5005": (
        Text("sending was interrupted", "l'invio è stato interrotto"),
        Text("the target is halted: {reason}", "la destinazione è ferma: {reason}"),
        Text(
            "the agent stops, or its configuration changed",
            "l'agente si ferma, oppure la sua configurazione è cambiata",
        ),
    ),
    "SA-5006": (
        Text(
            "waits for the other record of order {key}, which is not there yet",
            "aspetta l'altro record dell'ordine {key}, che là non c'è ancora",
        ),
        Text(
            "waits for {entity} {key}, which is not there yet",
            "aspetta {entity} {key}, che là non c'è ancora",
        ),
        Text(
            "waits for {entity} {key}, which has no number there yet",
            "aspetta {entity} {key}, che là non ha ancora un numero",
        ),
    ),
    "SA-5007": (
        Text("`each` gives no list", "`each` non dà un elenco"),
        Text("the template {rule}", "il modello di scrittura {rule}"),
    ),
    "SA-5008": (
        Text(
            'the flow "{flow}" is not configured any more',
            'il flusso "{flow}" non è più configurato',
        ),
    ),
    "SA-5010": (
        Text(
            "it may have been written already",
            "l'invio precedente è rimasto senza una risposta certa",
        ),
        Text(
            "in doubt: the ledger of {folder} is gone",
            "in dubbio: il registro di {folder} non c'è più",
        ),
        Text(
            "in doubt: the ledger has forgotten its time",
            "in dubbio: il registro non ricorda più quel periodo",
        ),
        Text(
            "in doubt: the machine was restarted just when {name} was being handed over, and it "
            "may have been taken before the power went",
            "in dubbio: la macchina è stata riavviata proprio durante la consegna di {name}, che "
            "può essere stato preso prima che mancasse la corrente",
        ),
        Text("in doubt: {refusal}", "in dubbio: {refusal}"),
    ),
    "SA-5101": (
        Text(
            "delivery stopped unexpectedly: {fault}",
            "la consegna si è interrotta per un imprevisto: {fault}",
        ),
    ),
}

PLACES: Mapping[str, tuple[Text, ...]] = {
    "entity": (
        Text("product", "l'articolo"),
        Text("category", "la categoria"),
        Text("price", "il prezzo"),
        Text("stock", "la giacenza"),
        Text("customer", "il cliente"),
        Text("contact", "il contatto"),
        Text("order", "l'ordine"),
        Text("order_status", "lo stato dell'ordine"),
        Text("return", "il reso"),
        Text("media", "il file"),
        Text("document", "il documento"),
        Text("event", "l'evento"),
    ),
}
