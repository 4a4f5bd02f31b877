"""SA-6xxx in Italian: the store and this machine."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-6001": Explanation(
        "L'archivio è in uso",
        "Un altro processo, indicato nel messaggio, lavora su questo archivio: il servizio, "
        "oppure un comando che esegue un flusso da sé.",
        "Parla con l'agente in funzione (`syncagent status`), aspetta che finisca l'altro "
        "comando, oppure ferma prima il servizio.",
    ),
    "SA-6002": Explanation(
        "L'archivio è danneggiato",
        "SQLite ha trovato pagine del file che si contraddicono, oppure il file non è un "
        "database. Cause frequenti: un disco che si guasta, una cartella di rete o sincronizzata "
        "nel cloud, un file in uso copiato senza il suo file -wal.",
        "Al prossimo avvio l'agente mette da parte il file e ripristina il suo backup integro più "
        "recente. Se non ce n'è, non parte: ripristina un tuo backup, oppure ricomincia da zero "
        "di proposito con `syncagent run --recreate`; ogni record viene allora letto e inviato di "
        "nuovo.",
    ),
    "SA-6003": Explanation(
        "L'archivio è più recente del programma",
        "Su questo archivio ha lavorato una versione più recente dell'agente, che ne ha cambiato "
        "le tabelle.",
        "Installa di nuovo la versione più recente, oppure ripristina un backup fatto prima "
        "dell'aggiornamento.",
    ),
    "SA-6004": Explanation(
        "Il disco è pieno",
        "Per una scrittura nell'archivio non c'era spazio. La transazione è stata annullata, non "
        "c'è niente di scritto a metà.",
        "Libera spazio sul disco che contiene l'archivio. Intanto la lettura si ferma e la "
        "consegna prosegue per quanto può.",
    ),
    "SA-6005": Explanation(
        "Errore nel leggere o scrivere l'archivio",
        "Il sistema operativo ha segnalato un errore di input/output. Dopo una scrittura fallita "
        "non si sa che cosa sia arrivato al disco, quindi l'agente si ferma invece di tirare a "
        "indovinare.",
        "Controlla se il disco è pieno, se c'è un limite alla dimensione dei file o una quota, o "
        "se il disco si guasta (`dmesg`), poi avvia l'agente: controlla tutto l'archivio prima di "
        "lavorare.",
    ),
    "SA-6006": Explanation(
        "L'archivio non si può aprire",
        "Manca la cartella dell'archivio, oppure l'utente con cui gira l'agente non può scriverci.",
        "Crea la cartella e assegnala a quell'utente; il messaggio indica il file.",
    ),
    "SA-6007": Explanation(
        "SQLite è troppo vecchio",
        "Le versioni di SQLite precedenti alla 3.51.3 possono rovinare un database quando due "
        "connessioni scrivono o fanno un checkpoint nello stesso momento.",
        "Installa apsw da PyPI: porta con sé il suo SQLite.",
    ),
    "SA-6008": Explanation(
        "Un altro programma tiene bloccato l'archivio",
        "Un programma che non è un agente tiene un blocco sul file del database.",
        "Chiudi i programmi per sfogliare SQLite, e tieni lontani dal file i programmi di backup "
        "e gli antivirus: usa invece i backup dell'agente.",
    ),
    "SA-6009": Explanation(
        "Il file appartiene a un altro programma",
        "Il file configurato è un database SQLite, ma non l'ha creato l'agente.",
        "Indica un altro file nella configurazione.",
    ),
    "SA-6010": Explanation(
        "Un backup è fallito",
        "La copia dell'archivio non si è potuta scrivere, oppure non ha superato il suo controllo.",
        "Libera spazio o indica un'altra cartella; i backup fatti prima sono intatti.",
    ),
    "SA-6020": Explanation(
        "Il disco è quasi pieno",
        "Sul disco che contiene l'archivio c'è meno spazio libero di `store.disk_low`. Non si "
        "legge altro, così ciò che è in coda si può ancora consegnare e registrare.",
        "Libera spazio sul disco; la lettura riprende da sola. A riempirlo è spesso un log o un "
        "archivio di file depositati.",
    ),
    "SA-6999": Explanation(
        "Il sistema operativo ha rifiutato",
        "Un file o una cartella non si è potuto leggere o scrivere; il messaggio lo indica e "
        "riporta le parole del sistema.",
        "Controlla che il percorso esista e che l'utente che esegue il comando possa usarlo.",
    ),
}
