"""What people did, by the name of the operation."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "doer_somebody": Text("Somebody", "Qualcuno"),
    "doer_command line": Text("The command line", "La riga di comando"),
    "fact_flow": Text("flow", "flusso"),
    "fact_target": Text("system", "sistema"),
    "fact_scope": Text("how much", "quanto"),
    "fact_keys": Text("codes", "codici"),
    "fact_key": Text("code", "codice"),
    "fact_run": Text("run", "esecuzione"),
    "fact_job": Text("job", "attività"),
    "fact_message": Text("message", "messaggio"),
    "fact_messages": Text("messages", "messaggi"),
    "fact_code": Text("error code", "codice d'errore"),
    "fact_reason": Text("reason", "motivo"),
    "fact_reference": Text("number there", "numero di là"),
    "fact_document": Text("number in the ERP", "numero nell'ERP"),
    "fact_until": Text("until", "fino a"),
    "fact_lasts": Text("for", "per"),
    "fact_since": Text("since", "dal"),
    "fact_alert": Text("alert", "avviso"),
    "fact_name": Text("name", "nome"),
    "fact_role": Text("role", "ruolo"),
    "fact_address": Text("address", "indirizzo"),
    "did_request": Text("asked for a run", "ha richiesto un'esecuzione"),
    "did_retry": Text("tried records again", "ha ritentato dei record"),
    "did_edit": Text("corrected a record", "ha corretto un record"),
    "did_confirm": Text("confirmed a record as there", "ha confermato che un record c'è"),
    "did_accept": Text("accepted a record as it is", "ha accettato un record così com'è"),
    "did_decide": Text("decided a conflict", "ha deciso un conflitto"),
    "did_ignore": Text("set records aside", "ha accantonato dei record"),
    "did_approve": Text("approved a held run", "ha approvato un'esecuzione trattenuta"),
    "did_drop": Text("dropped a held run", "ha scartato un'esecuzione trattenuta"),
    "did_pause": Text("paused a flow", "ha messo in pausa un flusso"),
    "did_resume": Text("let a flow go on", "ha fatto ripartire un flusso"),
    "did_cancel": Text("cancelled a job", "ha annullato un'attività"),
    "did_repair": Text("put right what was not in step", "ha sistemato ciò che non era allineato"),
    "did_replay": Text("sent again what was delivered", "ha reinviato ciò che era consegnato"),
    "did_acknowledge": Text("takes care of an alert", "si occupa di un avviso"),
    "did_test_alerts": Text("tried whether alerts arrive", "ha provato se gli avvisi arrivano"),
    "did_admit": Text("logged in", "è entrato"),
    "did_add_user": Text("added a user", "ha aggiunto un utente"),
    "did_support_bundle": Text("made a support bundle", "ha creato un pacchetto di assistenza"),
    "did_set_role": Text("changed a role", "ha cambiato un ruolo"),
    "did_set_password": Text("set a password", "ha impostato una password"),
    "did_change_password": Text("changed a password", "ha cambiato una password"),
    "did_remove_user": Text("removed a user", "ha rimosso un utente"),
    "did_log-in refused": Text("was refused at the log-in", "non è stato fatto entrare"),
    "did_password refused": Text(
        "gave a wrong old password", "ha dato una vecchia password errata"
    ),
}
