"""Alerts."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "alerts": Text("Alerts", "Avvisi"),
    "no_alerts": Text("No alert is open.", "Nessun avviso aperto."),
    "nobody_told": Text(
        "Nobody is told: the configuration names no recipients under alerts.",
        "Nessuno riceve gli avvisi: nella configurazione mancano i destinatari, sotto alerts.",
    ),
    "no_ping": Text(
        "The dead man's switch hears nothing: {reason}",
        "Il servizio di sorveglianza non sente nulla: {reason}",
    ),
    "alert_since": Text("Since", "Dal"),
    "alert_until": Text("Until", "Al"),
    "alert_what": Text("What", "Che cosa"),
    "told_to": Text("Told to", "Comunicato a"),
    "last_told": Text("last", "l'ultima volta"),
    "not_told": Text("nobody so far", "nessuno finora"),
    "taken_by": Text("Taken care of by", "Se ne occupa"),
    "nobody": Text("nobody yet", "ancora nessuno"),
    "take_care": Text("I take care of it", "Me ne occupo io"),
    "done_acknowledged": Text(
        "You take care of it: no more reminders.", "Te ne occupi tu: niente più solleciti."
    ),
    "which_records": Text("Which", "Quali"),
    "escalated": Text("escalated", "segnalato ai responsabili"),
    "alerts_over": Text("What is over", "Avvisi chiusi"),
    "none_over": Text("Nothing is over yet.", "Nessun avviso chiuso, per ora."),
    "test_alerts": Text("Send a test to everybody", "Invia una prova a tutti"),
    "alert_test": Text("Test of the alerts", "Prova degli avvisi"),
    "address": Text("Address", "Indirizzo"),
    "result": Text("Result", "Esito"),
    "test_taken": Text("taken", "accettato"),
    "test_failed": Text("not taken", "non accettato"),
    "to_alerts": Text("To the alerts", "Agli avvisi"),
}
