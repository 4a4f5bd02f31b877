"""Flows, their runs and what a person decides about them."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "run_now": Text("Sync now", "Sincronizza ora"),
    "resume": Text("Go on", "Riprendi"),
    "halted_because": Text("Halted: {reason}", "Fermo: {reason}"),
    "held_runs": Text("Runs that wait for you", "Esecuzioni che attendono te"),
    "approve": Text("Approve: send it", "Approva: invia"),
    "drop": Text("Drop: do not send it", "Scarta: non inviare"),
    "run": Text("Run", "Esecuzione"),
    "job": Text("The sync that you asked for", "La sincronizzazione richiesta"),
    "job_waiting": Text("It waits for its turn.", "Attende il suo turno."),
    "job_running": Text(
        "Running: {rows} rows read, {changes} changes.",
        "In corso: {rows} righe lette, {changes} modifiche.",
    ),
    "job_done": Text(
        "Ended: {rows} rows read, {changes} changes, {pending} on their way.",
        "Terminata: {rows} righe lette, {changes} modifiche, {pending} in viaggio.",
    ),
    "job_unknown": Text("This job is over.", "Questa attività è conclusa."),
    "refresh": Text("Refresh", "Aggiorna"),
    "done_resumed": Text("It goes on.", "È ripartito."),
    "done_approved": Text("Approved; on their way: {count}.", "Approvata; in viaggio: {count}."),
    "done_dropped": Text("Dropped: {count}.", "Scartati: {count}."),
}
