"""The verdict, and how flows and systems do."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "verdict_well": Text("All is well.", "Tutto funziona."),
    "verdict_halted": Text("{name} is halted: {reason}", "{name} è fermo: {reason}"),
    "verdict_held": Text(
        "{flows}: a run waits for your approval.", "{flows}: un'esecuzione attende approvazione."
    ),
    "verdict_configuration": Text(
        "The changed configuration was refused; the last good one is in force.",
        "La configurazione modificata è stata rifiutata; resta valida l'ultima corretta.",
    ),
    "verdict_door": Text(
        "Other systems cannot call us: {reason}", "Altri sistemi non possono chiamarci: {reason}"
    ),
    "verdict_unreachable": Text(
        "{name} does not answer; waiting: {count}. They go by themselves.",
        "{name} non risponde; in attesa: {count}. Partiranno da soli.",
    ),
    "verdict_disk": Text(
        "The agent's disk is almost full: nothing new is read until there is room.",
        "Il disco dell'agente è quasi pieno: finché non c'è spazio non si legge niente di nuovo.",
    ),
    "verdict_parked": Text(
        "Records that did not go through: {count}.", "Dati che non sono passati: {count}."
    ),
    "verdict_failed": Text(
        "The last run failed and is tried again: {flows}.",
        "L'ultima esecuzione è fallita e sarà ripetuta: {flows}.",
    ),
    "verdict_alerts": Text("Alerts are open: {count}.", "Avvisi aperti: {count}."),
    "verdict_paused": Text(
        "All is well; paused by a person: {flows}.",
        "Tutto funziona; in pausa per scelta: {flows}.",
    ),
    "show_me": Text("Show me", "Mostra"),
    "flow": Text("Flow", "Flusso"),
    "last_success": Text("Last success", "Ultimo successo"),
    "last_delivery": Text("Last delivery", "Ultima consegna"),
    "none_since_start": Text("none since the start", "nessuna dall'avvio"),
    "next_run": Text("Next run", "Prossima esecuzione"),
    "pending": Text("Waiting", "In attesa"),
    "parked": Text("Errors", "Errori"),
    "held": Text("Held", "Trattenuti"),
    "known": Text("Records", "Record"),
    "state": Text("State", "Stato"),
    "targets": Text("Where it goes", "Destinazioni"),
    "target": Text("System", "Sistema"),
    "last_syncs": Text("The last completed syncs", "Le ultime sincronizzazioni completate"),
    "no_syncs": Text("No run has ended yet.", "Nessuna esecuzione è ancora terminata."),
    "ended": Text("Ended", "Terminata"),
    "outcome": Text("Outcome", "Esito"),
    "rows": Text("Rows read", "Righe lette"),
    "asked_by": Text("Asked by", "Richiesta da"),
    "why": Text("Why", "Motivo"),
    "asked_by_schedule": Text("schedule", "orario"),
    "asked_by_event": Text("event", "evento"),
    "asked_by_person": Text("person", "persona"),
    "asked_by_shop": Text("shop", "negozio"),
    "off": Text("switched off", "disattivato"),
    "halted": Text("halted", "fermo"),
    "alerts_open": Text("Open alerts: {count}", "Avvisi aperti: {count}"),
    "late": Text("too old", "troppo vecchio"),
    "last_day": Text("Last 24 hours", "Ultime 24 ore"),
    "day_in_words": Text(
        "Delivered: {good}, refused: {bad}; most from {hour}: {most}",
        "Consegnati: {good}, rifiutati: {bad}; il massimo dalle {hour}: {most}",
    ),
    "nothing_that_day": Text("nothing", "niente"),
    "with_errors": Text("with errors", "con errori"),
    "runs": Text("in order", "regolare"),
    "outcome_running": Text("running", "in corso"),
    "outcome_ok": Text("done", "riuscita"),
    "outcome_partial": Text("done, some refused", "riuscita, con scarti"),
    "outcome_held": Text("waits for approval", "attende approvazione"),
    "outcome_failed": Text("failed", "fallita"),
    "outcome_halted": Text("halted", "fermata"),
    "outcome_approved": Text("approved", "approvata"),
    "outcome_dropped": Text("dropped", "scartata"),
    "outcome_interrupted": Text("cut off", "interrotta"),
    "target_idle": Text("in order", "regolare"),
    "target_sending": Text("sending", "in invio"),
    "target_waiting": Text("in order", "regolare"),
    "target_open": Text("does not answer", "non risponde"),
    "target_stopped": Text("stopped", "spento"),
    "target_halted": Text("halted", "fermo"),
}
