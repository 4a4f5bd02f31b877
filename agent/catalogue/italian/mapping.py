"""SA-3xxx in Italian: mapping and validation of rows."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-3001": Explanation(
        "La mappatura indica un campo che l'entità non ha",
        "Quasi sempre è un errore di battitura. I campi di un'entità sono fissi, così un refuso "
        "non diventa un campo nuovo che il negozio ignora.",
        "Prendi il nome dalla pagina di riferimento delle entità, oppure metti il campo sotto "
        "`attributes`, dove va bene qualsiasi nome.",
    ),
    "SA-3002": Explanation(
        "Un campo obbligatorio non è mappato",
        "L'entità non può fare a meno di questo campo, e non c'è un hook che possa compilarlo.",
        "Ricavalo da una colonna, da un'espressione o da una costante (`value:`).",
    ),
    "SA-3003": Explanation(
        "Un'opzione di un campo non si può usare",
        "L'opzione non è adatta al tipo del campo, ne contraddice un'altra, oppure il suo valore "
        "non ha la forma giusta.",
        "Il messaggio indica l'opzione. Toglila oppure cambia `type`.",
    ),
    "SA-3004": Explanation(
        "Un modello di testo non è un'espressione regolare",
        "`pattern` è un'espressione regolare, scritta come la legge il modulo `re` di Python.",
        "Correggila; in YAML mettila tra virgolette singole, così le barre rovesciate restano.",
    ),
    "SA-3005": Explanation(
        "Un'espressione non si può leggere",
        "Il testo non è un'espressione Jinja2, usa un filtro che qui non esiste, oppure indica "
        "qualcosa di diverso da `row` e `value`.",
        "Scrivi le colonne come `row.COLUMN`. docs/mapping.md elenca i filtri. Ciò che non ci sta "
        "va in un hook.",
    ),
    "SA-3006": Explanation(
        "Il tipo di un campo contraddice l'entità",
        "È l'entità a dire di che tipo è il campo quando va al negozio.",
        "Togli `type`: si usa allora il tipo dell'entità.",
    ),
    "SA-3007": Explanation(
        "Alla sorgente manca una colonna che la mappatura legge",
        "La colonna è stata rinominata o eliminata, oppure il suo nome si scrive in un altro "
        "modo: maiuscole e minuscole contano.",
        "`syncagent preview` mostra le colonne della sorgente.",
    ),
    "SA-3008": Explanation(
        "Una tabella di valori non si può leggere",
        "Il file di `values_file` manca, ha una codifica o un separatore diverso da quello "
        "dichiarato, ha una riga che non è di due colonne, oppure dà due significati allo stesso "
        "valore.",
        "Il messaggio indica la riga. Dichiara `encoding` e `delimiter` come sono nel file.",
    ),
    "SA-3009": Explanation(
        "Impossibile caricare un hook",
        "Il file manca, non è Python, va in errore al caricamento, oppure non ha la funzione "
        "`map_row`.",
        "Definisci `def map_row(row: dict, record: dict) -> dict | None` al primo livello del "
        "file.",
    ),
    "SA-3010": Explanation(
        "Un'entità non esiste",
        "Un flusso porta una delle entità che il negozio conosce.",
        "Scegli una di quelle elencate nel messaggio.",
    ),
    "SA-3011": Explanation(
        "Un formato di data non si può usare",
        "Il formato ha una direttiva che qui non si conosce, ne ripete una, oppure non produce "
        "una data intera.",
        "Usa %d %m %Y %y %H %M %S %f, oppure uno tra CYYMMDD, YYYYMMDD, YYMMDD, HHMMSS, HHMM.",
    ),
    "SA-3101": Explanation(
        "Un valore obbligatorio è vuoto",
        "La colonna è NULL, vuota, oppure contiene un valore dichiarato come vuoto.",
        "Compilalo all'origine, oppure dichiara un `default`.",
    ),
    "SA-3102": Explanation(
        "Un valore non è un numero",
        "Il testo non è scritto con i separatori dichiarati, il numero non è finito, ha troppe "
        "cifre, oppure ha decimali dove si vuole un intero. I separatori non si indovinano mai: "
        "1.234 può essere mille o uno virgola due.",
        "Dichiara `decimal_mark` e `group_mark` come li scrive la sorgente, oppure correggi il "
        "valore.",
    ),
    "SA-3103": Explanation(
        "Un numero decimale ha troppe cifre dopo la virgola",
        "Togliere cifre cambierebbe il valore.",
        "Aumenta `scale`, oppure ammetti l'arrotondamento con `round: true`.",
    ),
    "SA-3104": Explanation(
        "Un valore non è né vero né falso",
        "Solo le parole dichiarate significano vero o falso; se non ne dichiari, `true`, `1`, "
        "`false`, `0`.",
        "Dichiara le parole della sorgente sotto `true` e `false`.",
    ),
    "SA-3105": Explanation(
        "Un valore non è una data o un'ora",
        "Non è scritto in un formato dichiarato (ISO 8601, se non ce n'è uno), oppure il giorno "
        "non esiste.",
        "Dichiara `format`. Se 0 o 9999999 significano nessuna data: `null_values: "
        "SENTINEL_DATES`.",
    ),
    "SA-3106": Explanation(
        "Un valore non è un testo",
        "La colonna contiene byte grezzi, byte di una code page diversa da quella dichiarata, "
        "oppure mezzo carattere.",
        "Dichiara la code page della colonna con `encoding`.",
    ),
    "SA-3107": Explanation(
        "Un valore non è nella tabella dei valori",
        "`values` o `values_file` non ha una voce per questo valore.",
        "Aggiungi la voce, oppure di' con `values_default` che cosa diventano i valori "
        "sconosciuti.",
    ),
    "SA-3108": Explanation(
        "Un valore è troppo piccolo, troppo grande, troppo presto o troppo tardi",
        "`min` o `max` del campo lo esclude.",
        "Correggi il valore all'origine, oppure sposta il limite.",
    ),
    "SA-3109": Explanation(
        "Un testo è troppo corto o troppo lungo",
        "`min_length` o `max_length` del campo lo esclude. Senza `max_length` un testo può avere "
        "1.048.576 caratteri.",
        "Correggi il testo all'origine, oppure sposta il limite.",
    ),
    "SA-3110": Explanation(
        "Un testo non corrisponde al suo modello",
        "`pattern` del campo deve corrispondere al testo intero.",
        "Correggi il testo all'origine, oppure il modello.",
    ),
    "SA-3111": Explanation(
        "Un valore è troppo grande",
        "Un solo valore può avere 1.048.576 caratteri. Se ne ha di più, quasi sempre è un file "
        "che ha perso i fine riga, oppure un'immagine in una colonna di testo.",
        "Correggi la sorgente, oppure togli la colonna dalla mappatura.",
    ),
    "SA-3112": Explanation(
        "Un valore non è JSON",
        "Un campo di tipo json o object contiene un testo che non è JSON, o che non può "
        "diventarlo.",
        "Correggi il valore all'origine.",
    ),
    "SA-3113": Explanation(
        "Un valore non ha la struttura giusta",
        "Ci si aspettava un elenco, un oggetto o righe figlie; oppure un elemento contiene un "
        "campo che l'entità non ha.",
        "Il messaggio indica il punto. Le righe figlie si dichiarano nella sorgente.",
    ),
    "SA-3114": Explanation(
        "Un valore non è ciò che dice `check`",
        "Non ha la forma di una partita IVA, di un codice fiscale, di un indirizzo e-mail, di un "
        "GTIN o di un IBAN: mancano caratteri, ce ne sono troppi, oppure non sono del tipo "
        "giusto.",
        "Correggi il valore all'origine. Se la colonna contiene anche altre cose, togli `check`.",
    ),
    "SA-3115": Explanation(
        "Una cifra di controllo non torna",
        "Le cifre di controllo di una partita IVA, di un codice fiscale, di un GTIN o di un IBAN "
        "dicono che uno dei caratteri è sbagliato. Quale, non si può sapere: quello indicato nel "
        "messaggio è l'ultimo.",
        "Chiedi a chi l'ha inserito e correggi il valore all'origine.",
    ),
    "SA-3201": Explanation(
        "Un'espressione non funziona su una riga",
        "Un'operazione non è adatta ai valori della riga: un testo con un numero, NULL con "
        "qualsiasi cosa, una divisione per zero. Oppure una condizione non dà né vero né falso.",
        "Trasforma i testi in numeri con `| decimal`; riempi i NULL con `| default(0, true)`.",
    ),
    "SA-3202": Explanation(
        "Un'espressione va oltre ciò che le è permesso",
        "Le espressioni girano in un ambiente protetto: nessun attributo tranne le colonne e "
        "pochi metodi del testo, nessun testo oltre 1 MiB, nessuna potenza oltre 4.096 bit.",
        "Ciò che richiede di più va in un hook.",
    ),
    "SA-3401": Explanation(
        "Una riga di un ordine non è la quantità per il prezzo",
        "Il totale della riga si scosta da quantità, prezzo e sconto più della tolleranza di "
        "`totals`. L'ordine è stato preso in carico e viene trattenuto.",
        "Correggilo nel negozio: l'ordine corretto prende il suo posto. Se va bene così com'è: "
        "`syncagent orders accept ORDER --reason TEXT`. Se sono sbagliati tutti gli ordini, la "
        "mappatura dei prezzi o `vat_included` non corrisponde al negozio.",
    ),
    "SA-3402": Explanation(
        "Le righe di un ordine non danno il suo totale",
        "Quasi sempre sono le spese di spedizione, un costo o uno sconto che non è una riga: "
        "indica sotto `totals`, come `plus` o `minus`, l'attributo che lo contiene. Oppure manca "
        "una riga, o un prezzo è stato cambiato.",
        "Come per SA-3401: correggilo nel negozio, oppure `syncagent orders accept`.",
    ),
    "SA-3403": Explanation(
        "L'IVA di un ordine non è quella delle sue righe",
        "Ricalcolata riga per riga e aliquota per aliquota, si scosta più della tolleranza: "
        "un'aliquota sbagliata in una riga, oppure IVA addebitata a un cliente che non la paga.",
        "Come per SA-3401: correggilo nel negozio, oppure `syncagent orders accept`.",
    ),
    "SA-3404": Explanation(
        "Il totale di un ordine non è l'imponibile più l'IVA",
        "I totali dell'ordine si contraddicono oltre la tolleranza.",
        "Come per SA-3401: correggilo nel negozio, oppure `syncagent orders accept`.",
    ),
    "SA-3405": Explanation(
        "Un ordine non si può sommare",
        "`totals` è attivo, e una riga non ha né prezzo né totale, un attributo sotto `plus` o "
        "`minus` non è un numero, oppure l'ordine non ha un totale con cui fare il confronto.",
        "Mappa i campi mancanti, oppure togli `totals`. Un singolo ordine si invia così com'è con "
        "`syncagent orders accept`.",
    ),
    "SA-3301": Explanation(
        "Un hook non funziona su una riga",
        "`map_row` ha sollevato un errore; il messaggio indica file e riga.",
        "Correggi lo hook. Le righe che ha rifiutato vengono mappate di nuovo appena il file "
        "cambia.",
    ),
    "SA-3302": Explanation(
        "Un hook restituisce qualcosa che non è un record",
        "`map_row` restituisce i dati del record con i campi dell'entità, oppure None per "
        "escludere la riga.",
        "Restituisci il `record` ricevuto, con le modifiche che servono.",
    ),
}
