"""Everything that the pages say, in each language. Values stand in braces, the same in both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias, get_args

Language: TypeAlias = Literal["en", "it"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Text(NamedTuple):
    """One text in every language."""

    en: str
    it: str


TEXTS: Mapping[str, Text] = {
    # The frame of every page
    "skip": Text("Skip to the content", "Vai al contenuto"),
    "menu": Text("Pages", "Pagine"),
    "overview": Text("Overview", "Panoramica"),
    "orders": Text("Orders", "Ordini"),
    "errors": Text("Errors", "Errori"),
    "flows": Text("Flows", "Flussi"),
    "search": Text("Search", "Cerca"),
    "audit": Text("Who did what", "Chi ha fatto cosa"),
    "language": Text("Language", "Lingua"),
    "language_en": Text("English", "English"),
    "language_it": Text("Italiano", "Italiano"),
    "log_out": Text("Log out", "Esci"),
    "never": Text("never", "mai"),
    "seconds_ago": Text("{count} s ago", "{count} s fa"),
    "minutes_ago": Text("{count} min ago", "{count} min fa"),
    "hours_ago": Text("{count} h ago", "{count} h fa"),
    "days_ago": Text("{count} d ago", "{count} g fa"),
    "as_of": Text("As of", "Situazione alle"),
    "what_to_do": Text("What to do", "Che cosa fare"),
    "older": Text("Older ones", "Meno recenti"),
    # Log-in
    "log_in": Text("Log in", "Accedi"),
    "name": Text("Name", "Nome"),
    "password": Text("Password", "Password"),
    "refused_SA-7510": Text(
        "Name or password are wrong. Try again.", "Nome o password non validi. Riprova."
    ),
    "refused_SA-7513": Text(
        "Too many attempts. Wait a quarter of an hour, then try again.",
        "Troppi tentativi. Attendi un quarto d'ora, poi riprova.",
    ),
    "nobody_yet": Text(
        "Nobody may log in yet. On the machine of the agent: syncagent users add NAME --role admin",
        "Nessuno può ancora accedere. Sulla macchina dell'agente: "
        "syncagent users add NOME --role admin",
    ),
    # The verdict
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
        "{name} does not answer; {count} messages wait and go by themselves.",
        "{name} non risponde; {count} messaggi attendono e partiranno da soli.",
    ),
    "verdict_parked": Text(
        "Records that did not go through: {count}.", "Dati che non sono passati: {count}."
    ),
    "verdict_failed": Text(
        "The last run failed and is tried again: {flows}.",
        "L'ultima esecuzione è fallita e sarà ripetuta: {flows}.",
    ),
    "show_me": Text("Show me", "Mostra"),
    # Overview
    "flow": Text("Flow", "Flusso"),
    "from_to": Text("From → to", "Da → a"),
    "last_success": Text("Last success", "Ultimo successo"),
    "last_delivery": Text("Last delivery", "Ultima consegna"),
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
    # Messages and records
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
    # Orders
    "orders_open": Text("Not in the ERP yet", "Non ancora nell'ERP"),
    "orders_all": Text("All", "Tutti"),
    "no_orders_open": Text("Every order is in the ERP.", "Tutti gli ordini sono nell'ERP."),
    "no_orders": Text("No such order.", "Nessun ordine trovato."),
    "shop_number": Text("Number in the shop", "Numero nel negozio"),
    "erp_number": Text("Number in the ERP", "Numero nell'ERP"),
    "settle": Text("Decide", "Decidi"),
    "doubt_help": Text(
        "In doubt: nobody knows whether the ERP has this order. Look for it in the ERP. "
        "If it is there, type its number; if it is not, write it again.",
        "In dubbio: non si sa se l'ERP ha quest'ordine. Cercalo nell'ERP. "
        "Se c'è, scrivi il suo numero; se non c'è, scrivilo di nuovo.",
    ),
    "order_is_there": Text("It is there", "C'è già"),
    "order_write_again": Text("Write it again", "Scrivi di nuovo"),
    "order_write_again_doubt": Text("It is not there: write it again", "Non c'è: scrivi di nuovo"),
    "order_accept": Text("Accept it as it is", "Accetta così com'è"),
    "find_order": Text("Find an order by its number", "Trova un ordine dal numero"),
    "find": Text("Find", "Trova"),
    "only_newest": Text(
        "Only the newest are shown; find others by their number.",
        "Sono mostrati solo i più recenti; cerca gli altri per numero.",
    ),
    # Errors
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
    "choose": Text("Choose", "Seleziona"),
    "choose_record": Text("Choose {key}", "Seleziona {key}"),
    "see_records": Text("See the records", "Vedi i record"),
    "group_empty": Text(
        "Nothing is left here: all of them went on.", "Qui non resta nulla: sono tutti ripartiti."
    ),
    # Flows
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
    # Search
    "search_for": Text("Article, customer or order number", "Articolo, cliente o numero d'ordine"),
    "nothing_found": Text(
        "No message about “{key}” is kept. It was never taken over, or that is long ago.",
        "Nessun messaggio su “{key}”. Non è mai stato preso in carico, o è passato molto tempo.",
    ),
    # Audit
    "when": Text("When", "Quando"),
    "who": Text("Who", "Chi"),
    "what": Text("What", "Che cosa"),
    "about": Text("About", "Dettagli"),
    "users": Text("Who may log in", "Chi può accedere"),
    "role": Text("Role", "Ruolo"),
    "role_viewer": Text("viewer: looks", "viewer: guarda"),
    "role_operator": Text("operator: decides", "operator: decide"),
    "role_admin": Text("admin: sees who did what", "admin: vede chi ha fatto cosa"),
    "no_deeds": Text("Nobody did anything yet.", "Nessuno ha ancora fatto nulla."),
    # What was done
    "done_order_confirmed": Text("The order counts as written.", "L'ordine risulta scritto."),
    "done_order_retried": Text("The order is written again.", "L'ordine viene scritto di nuovo."),
    "done_order_accepted": Text(
        "The order is accepted as it is.", "L'ordine è accettato così com'è."
    ),
    "done_retried": Text("Tried again: {count}.", "Nuovo tentativo per: {count}."),
    "done_ignored": Text("Set aside: {count}.", "Messi da parte: {count}."),
    "done_resumed": Text("It goes on.", "È ripartito."),
    "done_approved": Text("Approved; on their way: {count}.", "Approvata; in viaggio: {count}."),
    "done_dropped": Text("Dropped: {count}.", "Scartati: {count}."),
    # Trouble
    "trouble": Text("That did not work", "Non ha funzionato"),
    "back": Text("To the overview", "Alla panoramica"),
}
"""Name → text. Reasons that another system gave stand in pages as they were given."""
