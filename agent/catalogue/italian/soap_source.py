"""SA-25xx in Italian: web services that speak SOAP."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2501": Explanation(
        "Il WSDL non si può usare",
        "Il file manca, non è un WSDL, contiene un DOCTYPE, oppure importa un file che non gli "
        "sta accanto. Di un WSDL non si scarica niente dalla rete.",
        "Salvalo di nuovo con tutto ciò che importa: python -m connectors.soap.saving ADDRESS "
        "FOLDER.",
    ),
    "SA-2502": Explanation(
        "Il WSDL non ha un servizio, una porta o un'operazione con questo nome",
        "Un nome nella configurazione non è nel WSDL. Maiuscole e minuscole contano.",
        "Scegli un nome elencato nel suggerimento, oppure salva di nuovo il WSDL se il servizio è "
        "cambiato.",
    ),
    "SA-2503": Explanation(
        "I parametri non sono adatti all'operazione",
        "Un parametro non appartiene all'operazione, è annidato in modo diverso, oppure ne manca "
        "uno necessario.",
        "Confronta `parameters` e `login` con ciò che mostra il suggerimento, oppure con "
        "syncagent check.",
    ),
    "SA-2504": Explanation(
        "Il servizio rifiuta la richiesta",
        "Ha risposto con un fault il cui codice dice che l'errore è di chi chiama (Client, "
        "Sender).",
        "Leggi le parole del fault e correggi i parametri. Se il codice significa in realtà `try "
        "later`, indicalo in `busy_faults`; se significa accesso errato, in `login_faults`.",
    ),
    "SA-2505": Explanation(
        "Il servizio rifiuta il nostro accesso",
        "Ha risposto con un fault indicato in `login_faults`. Non si fa un secondo tentativo.",
        "Correggi utente e password, poi riprendi il flusso.",
    ),
    "SA-2506": Explanation(
        "Il servizio ha avuto un errore",
        "Ha risposto con un fault suo (Server, Receiver), con uno indicato in `busy_faults`, "
        "oppure con uno senza un codice conosciuto.",
        "Niente, se passa: l'esecuzione si ripete. Altrimenti mostra le parole del fault a chi "
        "gestisce il servizio.",
    ),
    "SA-2507": Explanation(
        "La risposta del servizio non è XML utilizzabile",
        "La risposta è troncata, non è SOAP della versione del WSDL, è annidata troppo in "
        "profondità, oppure contiene un DOCTYPE o entità, che vengono rifiutati. Al posto del "
        "servizio può rispondere un proxy o una pagina di manutenzione.",
        "Niente, se passa: l'esecuzione si ripete. Altrimenti guarda che cosa risponde "
        "l'indirizzo.",
    ),
    "SA-2508": Explanation(
        "La risposta non è quella descritta dal WSDL",
        "Il servizio è cambiato da quando il WSDL è stato salvato, oppure non l'ha mai rispettato.",
        "Salva di nuovo il WSDL; `strict: off` salta gli elementi che il WSDL non conosce.",
    ),
    "SA-2509": Explanation(
        "La libreria SOAP non è installata",
        "Il tipo `soap` ha bisogno di zeep, che si installa solo su richiesta.",
        "Installala: pip install 'syncagent[soap]'.",
    ),
}
