"""SA-203x and SA-204x in Italian: Excel workbooks, Access databases."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2031": Explanation(
        "Una cartella di lavoro è protetta da password",
        "Il file è cifrato. L'agente non conosce password di cartelle di lavoro.",
        "Fallo salvare senza password di apertura, poi depositalo di nuovo.",
    ),
    "SA-2032": Explanation(
        "Un file non è una cartella di lavoro, oppure è danneggiato",
        "Il file non si apre come xlsx, xls, xlsb o ods: è troncato, è di un altro tipo sotto "
        "questo nome (una pagina web, un CSV), oppure le sue parti non stanno insieme.",
        "Aprilo con il programma che l'ha creato, oppure fallo esportare di nuovo. I file CSV con "
        "un nome da Excel si leggono con una connessione del tipo `csv`.",
    ),
    "SA-2033": Explanation(
        "Una cartella di lavoro è troppo grande per essere decompressa",
        "L'indice del file dice che le sue parti sarebbero più grandi di `max_unpacked`, più di "
        "10.000, oppure compresse più di 300 volte. Non è stato decompresso niente.",
        "Se il file è come deve essere, aumenta `max_unpacked`; spesso un foglio ha formati fino "
        "all'ultima riga, e una copia delle sole celle usate è piccola.",
    ),
    "SA-2034": Explanation(
        "La lettura di una cartella di lavoro richiede troppo",
        "Il processo che la legge ha esaurito `memory` o `patience`, oppure è stato chiuso da un "
        "errore provocato da un file danneggiato. Nient'altro ne ha risentito.",
        "Se il file è come deve essere, aumenta `memory` o `patience`. Una sola cella molto in "
        "basso e a destra rende enorme un foglio: elimina ciò che non si usa.",
    ),
    "SA-2035": Explanation(
        "Il foglio non c'è",
        "La cartella di lavoro non ha un foglio con quel nome o numero; il messaggio elenca i "
        "suoi fogli.",
        "Correggi `sheet`, oppure l'esportazione. Un numero conta da 1.",
    ),
    "SA-2036": Explanation(
        "Una cella contiene un errore",
        "Non è stato possibile calcolare una formula (#N/A, #DIV/0!, #REF! e altri). Il valore "
        "non è vuoto ma sconosciuto, quindi la riga non viene presa in carico.",
        "Correggi la formula. La riga resta ferma finché il file non arriva con un valore.",
    ),
    "SA-2041": Explanation(
        "Il database Access non è raggiungibile",
        "Il file non c'è, la sua condivisione di rete non risponde, oppure manca lo spazio per la "
        "copia da leggere.",
        "Controlla percorso e condivisione; l'esecuzione si ripete da sola. La copia occupa, "
        "nella cartella temporanea del sistema, lo stesso spazio del database.",
    ),
    "SA-2042": Explanation(
        "L'agente non può leggere il database Access",
        "L'utente del servizio non ha il permesso di leggere il file, o di entrare in una "
        "cartella che lo contiene.",
        "Concedi la lettura del file. Non serve alcun permesso di scrittura, nemmeno sulla "
        "cartella.",
    ),
    "SA-2043": Explanation(
        "Il database Access è cambiato durante la copia",
        "Intanto qualcuno ci ha scritto, quindi la copia può essere per metà vecchia e per metà "
        "nuova.",
        "Niente: l'esecuzione si ripete. Se non riesce mai, con un orario leggi il database "
        "quando si scrive meno.",
    ),
    "SA-2044": Explanation(
        "Manca il programma che legge i database Access",
        "Su Linux li leggono i programmi di mdbtools, su Windows il driver ODBC di Microsoft "
        "Access.",
        "Linux: installa il pacchetto `mdbtools`. Windows: installa Microsoft Access Database "
        "Engine, a 64 bit se Python è a 64 bit.",
    ),
    "SA-2045": Explanation(
        "Una copia non si può leggere come database Access",
        "Il database è cifrato o danneggiato, è di un altro tipo, qualcuno ci stava scrivendo, "
        "oppure non sono arrivate tutte le righe che la tabella dovrebbe avere. Per questo motivo "
        "non si cancella niente.",
        "Se il problema resta, apri il database in Access e riparalo (Strumenti database, "
        "Compatta e ripristina), oppure togli la password.",
    ),
    "SA-2046": Explanation(
        "La tabella non è nel database Access",
        "Non c'è una tabella con quel nome. Le tabelle collegate non stanno nel file, e le query "
        "si possono leggere solo su Windows.",
        "Correggi `table`: il messaggio elenca le tabelle che ci sono. Leggi una tabella "
        "collegata dove si trova davvero.",
    ),
    "SA-2048": Explanation(
        "Una riga di una tabella Access non si può leggere",
        "Un valore non è ciò che promette il suo tipo, per esempio una data precedente all'anno 1.",
        "Guarda la riga in Access. Resta ferma finché non si può leggere.",
    ),
}
