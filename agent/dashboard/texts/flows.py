"""Flows, their runs and what a person decides about them."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "run_now": Text("Sync now", "Sincronizza ora"),
    "resume": Text("Go on", "Riprendi"),
    "verify_now": Text("Compare both sides", "Confronta le due parti"),
    "pause": Text("Pause", "Pausa"),
    "pause_it": Text("Pause it", "Metti in pausa"),
    "pause_30m": Text("for 30 minutes", "per 30 minuti"),
    "pause_2h": Text("for 2 hours", "per 2 ore"),
    "pause_tomorrow": Text("until tomorrow 8:00", "fino a domani alle 8:00"),
    "pause_open": Text("until somebody resumes it", "finché qualcuno non lo riprende"),
    "pause_means": Text(
        "In a pause nothing new is read; what was read before is still delivered.",
        "In pausa non si legge niente di nuovo; ciò che era già stato letto parte lo stesso.",
    ),
    "paused": Text("paused", "in pausa"),
    "paused_until": Text("Paused by {name} until", "In pausa, per volere di {name}, fino a"),
    "paused_open": Text(
        "Paused by {name} until somebody resumes it",
        "In pausa, per volere di {name}, finché qualcuno non lo riprende",
    ),
    "there": Text("On the other side", "Dall'altra parte"),
    "in_step_of": Text("{in_step} of {records} in step", "{in_step} di {records} allineati"),
    "never_compared": Text("never compared", "mai confrontati"),
    "not_in_step": Text("Not in step", "Non allineati"),
    "fields_that_differ": Text("Fields that differ: ours → theirs", "Campi diversi: nostro → loro"),
    "and_more": Text("and {count} more", "e altri {count}"),
    "delete_extra": Text(
        "Also delete there what is too many", "Elimina anche ciò che di là è in più"
    ),
    "repair": Text("Put right: send again", "Sistema: reinvia"),
    "mapping": Text("Mapping", "Mappatura"),
    "comes_from": Text("Comes from", "Viene da"),
    "rules": Text("Rules", "Regole"),
    "origin_column": Text("column", "colonna"),
    "origin_constant": Text("always", "sempre"),
    "origin_expression": Text("computed", "calcolato"),
    "origin_rows": Text("rows of", "righe di"),
    "origin_fields": Text("its own fields", "i suoi campi"),
    "settings": Text("Settings", "Impostazioni"),
    "from_source": Text("Reads from", "Legge da"),
    "from_target": Text("Delivers to", "Consegna a"),
    "looks_up": Text("Looks up", "Consulta"),
    "schedule": Text("Schedule", "Orario"),
    "no_schedule": Text("on events and on request only", "solo su evento o su richiesta"),
    "rhythm_every": Text("every", "ogni"),
    "rhythm_cron": Text("at", "alle ore"),
    "rhythm_full": Text("all rows", "tutte le righe"),
    "rhythm_verify": Text("comparison", "confronto"),
    "wakes": Text("Woken by events", "Risvegliato da eventi"),
    "guarded": Text("Unusual changes wait for you", "Le modifiche insolite attendono te"),
    "freshness": Text("Freshness", "Freschezza"),
    "at_most": Text("at most {time}", "al massimo {time}"),
    "last_runs": Text("Last runs", "Ultime esecuzioni"),
    "done_paused": Text("The flow is paused.", "Il flusso è in pausa."),
    "done_repaired": Text("Put right: {count}.", "Sistemati: {count}."),
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
