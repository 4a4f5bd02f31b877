"""What to press, for each sentence in which an explanation says why a record is not there."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

_WAIT = Text("Nothing: it goes by itself.", "Nulla: parte da solo.")
_RESYNC = Text(
    "Press “Read and send again” on this page.",
    "Premi «Rileggi e invia di nuovo» in questa pagina.",
)

TEXTS: Mapping[str, Text] = {
    "todo_not_deleted_yet": _WAIT,
    "todo_not_in_source": Text(
        "Look whether the code is written as in the source.",
        "Controlla se il codice è scritto come nella sorgente.",
    ),
    "todo_not_source_failed": Text(
        "Ask whether the source system is running, then look here again.",
        "Chiedi se il sistema di origine è in funzione, poi guarda di nuovo qui.",
    ),
    "todo_not_never_seen": Text(
        "Look whether the code is written as in the source; if it is, press “Sync now” on the "
        "page of flows.",
        "Controlla se il codice è scritto come nella sorgente; se sì, premi «Sincronizza ora» "
        "nella pagina dei flussi.",
    ),
    "todo_not_selected": Text(
        "If it should be there, change the value in the source; it comes by itself then.",
        "Se deve esserci, cambia il valore nella sorgente; poi arriva da solo.",
    ),
    "todo_not_hooked": Text(
        "Ask whoever set up the flow why it is left out.",
        "Chiedi a chi ha configurato il flusso perché è escluso.",
    ),
    "todo_not_valid": Text(
        "Correct the value in the source; it comes by itself then.",
        "Correggi il valore nella sorgente; poi arriva da solo.",
    ),
    "todo_not_flow_halted": Text(
        "Mend the cause, then press “Go on” on the page of flows.",
        "Elimina la causa, poi premi «Riprendi» nella pagina dei flussi.",
    ),
    "todo_not_looked_at": Text(
        "Wait for the next run, or press “Read and send again” on this page.",
        "Attendi la prossima esecuzione, o premi «Rileggi e invia di nuovo» in questa pagina.",
    ),
    "todo_not_conflict": Text(
        "Choose on the page of conflicts which version counts.",
        "Scegli nella pagina dei conflitti quale versione vale.",
    ),
    "todo_not_held": Text(
        "Approve or drop the run on the page of flows.",
        "Approva o scarta l'esecuzione nella pagina dei flussi.",
    ),
    "todo_not_in_doubt": Text(
        "Look for it on the other side, then say below whether it is there.",
        "Cercalo dall'altra parte, poi di' qui sotto se c'è.",
    ),
    "todo_not_refused": Text(
        "Mend the reason and press “Send again”, or correct the record below.",
        "Elimina il motivo e premi «Invia di nuovo», o correggi il record qui sotto.",
    ),
    "todo_not_checked": Text(
        "Compare it with the order in the shop: correct it below, or accept it as it is.",
        "Confrontalo con l'ordine nel negozio: correggilo qui sotto, o accettalo così com'è.",
    ),
    "todo_not_ignored": Text(
        "If it should go after all, press “Read and send again” on this page.",
        "Se invece deve andare, premi «Rileggi e invia di nuovo» in questa pagina.",
    ),
    "todo_not_aside": Text(
        "If it should go after all, press “Read and send again” on this page.",
        "Se invece deve andare, premi «Rileggi e invia di nuovo» in questa pagina.",
    ),
    "todo_not_sending": _WAIT,
    "todo_not_target_halted": Text(
        "Mend the cause, then press “Go on” on the page of flows.",
        "Elimina la causa, poi premi «Riprendi» nella pagina dei flussi.",
    ),
    "todo_not_unreachable": Text(
        "Ask whether the other system is running. The record goes by itself.",
        "Chiedi se l'altro sistema è in funzione. Il record parte da solo.",
    ),
    "todo_not_again_later": _WAIT,
    "todo_not_behind": Text(
        "Look at the state of this record below that waits for a person.",
        "Guarda qui sotto lo stato di questo record che attende una persona.",
    ),
    "todo_not_nobody_sends": Text("Start the agent.", "Avvia l'agente."),
    "todo_not_queued": _WAIT,
    "todo_not_lost_there": _RESYNC,
    "todo_not_changed_there": Text(
        "If the other side is wrong, press “Read and send again” on this page.",
        "Se è sbagliato dall'altra parte, premi «Rileggi e invia di nuovo» in questa pagina.",
    ),
}
