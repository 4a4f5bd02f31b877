"""Jobs: what is being done, what waits, what was done."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "jobs": Text("Jobs", "Attività"),
    "ask_for_job": Text("Ask for a job", "Richiedi un'attività"),
    "what_to_look_at": Text("How much", "Quanto"),
    "ask": Text("Start", "Avvia"),
    "scope": Text("What", "Che cosa"),
    "scope_differential": Text("what changed", "solo le modifiche"),
    "scope_full": Text("look at every row", "guarda tutte le righe"),
    "scope_verify": Text("compare both sides", "confronta le due parti"),
    "scope_resend": Text("send everything again", "reinvia tutto"),
    "scope_keys": Text("single records", "singoli record"),
    "scope_since": Text("since a moment", "da un certo momento"),
    "running_now": Text("Running", "In corso"),
    "nothing_running": Text("Nothing is being done.", "Nessuna attività in corso."),
    "so_far": Text("So far", "Finora"),
    "rows_so_far": Text("{rows} rows, {changes} changes", "{rows} righe, {changes} modifiche"),
    "rows_of": Text(
        "{rows} of about {expected} rows, {changes} changes",
        "{rows} di circa {expected} righe, {changes} modifiche",
    ),
    "time_left": Text("about {seconds} s left", "ancora circa {seconds} s"),
    "ends_soon": Text(
        "cancelled by {name}, ends with its batch",
        "annullata da {name}, finisce con questo blocco",
    ),
    "cancel_job": Text("Cancel", "Annulla"),
    "cancel_of": Text("Cancel {flow}", "Annulla {flow}"),
    "waiting_jobs": Text("Waiting", "In attesa"),
    "nothing_waiting": Text("Nothing waits.", "Niente in attesa."),
    "priority": Text("Priority", "Priorità"),
    "requested_at": Text("Asked for", "Richiesta"),
    "obstacle_": Text("its turn comes next", "tocca a lei fra poco"),
    "obstacle_paused": Text("its flow is paused", "il suo flusso è in pausa"),
    "obstacle_failing": Text(
        "the last try failed; tried again", "l'ultimo tentativo è fallito; si riprova"
    ),
    "obstacle_early": Text("its time has not come", "non è ancora il suo momento"),
    "obstacle_crowded": Text(
        "other flows read its system", "altri flussi stanno leggendo il suo sistema"
    ),
    "obstacle_busy": Text("its flow is busy", "il suo flusso è occupato"),
    "not_before": Text("from {time}", "dalle {time}"),
    "scheduled_jobs": Text("Will begin by themselves", "Cominceranno da sole"),
    "nothing_scheduled": Text("No flow has a schedule.", "Nessun flusso ha un orario."),
    "runs_at": Text("When", "Quando"),
    "tried_again": Text("Tried again and set aside", "Ritentati e accantonati"),
    "next_attempt": Text("Next attempt", "Prossimo tentativo"),
    "done_jobs": Text("Done", "Concluse"),
    "changes": Text("Changes", "Modifiche"),
    "refused": Text("Refused", "Scartate"),
    "started_at": Text("Began", "Iniziata"),
    "counts": Text("Counts", "Conteggi"),
    "count_rows": Text("rows read", "righe lette"),
    "count_inserts": Text("new", "nuovi"),
    "count_updates": Text("changed", "modificati"),
    "count_deletes": Text("gone", "eliminati"),
    "count_refused": Text("refused", "scartati"),
    "count_records": Text("compared", "confrontati"),
    "count_in_step": Text("in step", "allineati"),
    "count_missing": Text("missing there", "mancanti di là"),
    "count_extra": Text("too many there", "in più di là"),
    "count_different": Text("different", "diversi"),
    "count_under_way": Text("under way", "in viaggio"),
    "count_unchecked": Text("not comparable", "non confrontabili"),
    "done_cancelled": Text("Cancelled; nothing is lost.", "Annullata; non si perde niente."),
}
