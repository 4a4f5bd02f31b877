"""SA-2021 to SA-2053 in Italian: text and record files in a drop folder, beside CSV."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2021": Explanation(
        "Un record o una riga a larghezza fissa finisce troppo presto",
        "È più corto dei campi che dovrebbe contenere: il file è stato troncato, `record_length` "
        "è sbagliato, oppure il programma che l'ha scritto toglie gli spazi alla fine della riga.",
        "Guarda il file e il punto indicati. Se gli spazi vengono tolti, imposta `pad_lines: "
        "yes`; altrimenti correggi `record_length` o l'esportazione.",
    ),
    "SA-2022": Explanation(
        "Un campo a larghezza fissa non contiene ciò che dice il suo tipo",
        "I byte in quel punto non sono un numero packed, zoned o stampato, oppure un testo "
        "contiene byte a zero. Se sono rifiutati tutti i record, le posizioni o i tipi dichiarati "
        "sono sbagliati; se è uno solo, il programma che l'ha scritto ha lasciato il campo "
        "com'era.",
        "Confronta `start`, `length`, `type` e `encoding` con il tracciato del record. Se un "
        "numero può non essere mai stato compilato, imposta `blank_is_empty: yes`.",
    ),
    "SA-2023": Explanation(
        "Un record a larghezza fissa non è seguito da un fine riga",
        "`line_ends` dice che dopo ogni record c'è lo stesso fine riga, e qui non c'è: tutti i "
        "record successivi verrebbero letti nel punto sbagliato, quindi il file non viene usato.",
        "Calcola `record_length` senza il fine riga. Se le righe hanno lunghezze diverse, togli "
        "`record_length`.",
    ),
    "SA-2024": Explanation(
        "Quello che dovrebbe essere JSON non lo è",
        "Il documento, la riga o il record viola le regole di JSON, non è un oggetto, oppure "
        "contiene un numero smisurato. Il messaggio indica il byte, contato in UTF-8.",
        "Correggi l'esportazione. JSON non ammette commenti, NaN né virgole dopo l'ultimo "
        "elemento.",
    ),
    "SA-2025": Explanation(
        "I record non sono dove dovrebbero",
        "`records` dice in quale punto di un documento JSON o XML stanno i record, e in questo "
        "file quel punto non c'è. Anche una tabella vuota ha quel punto.",
        "Confronta `records` (e `namespaces`) con il file in quarantena, correggi il flusso o "
        "l'esportazione e deposita di nuovo il file.",
    ),
    "SA-2026": Explanation(
        "Una colonna non ha valori in nessun record",
        "È arrivata una tabella intera in cui nessuno dei record esaminati ha un valore per una "
        "colonna che il flusso legge: l'esportazione l'ha rinominata o tolta, oppure nel flusso è "
        "scritta male. Prendendola in carico si svuoterebbe il campo nel negozio.",
        "Correggi `columns` o l'esportazione. Se la colonna può essere vuota in un file intero, "
        "indicala sotto `optional`.",
    ),
    "SA-2027": Explanation(
        "Una parte di un record non è come il flusso si aspetta",
        "Una colonna entra in un valore che non è un oggetto, le righe figlie non sono un elenco, "
        "oppure una parte letta come un solo valore compare più volte.",
        "Dichiara le parti ripetute sotto `children`; altrimenti correggi il percorso o il record.",
    ),
    "SA-2028": Explanation(
        "Un documento o un record è troppo grande",
        "Un documento JSON si tiene in memoria per intero, un documento XML un record alla volta; "
        "i limiti sono `max_document` e `max_record` del flusso.",
        "Fai scrivere le esportazioni grandi come righe JSON (JSON lines); aumenta il limite se "
        "la memoria basta.",
    ),
    "SA-2029": Explanation(
        "Quello che dovrebbe essere XML non lo è",
        "Il documento viola le regole di XML: un tag non chiuso, un carattere non ammesso, "
        "un'entità che nessuno ha dichiarato, una fine a metà. Il messaggio indica riga e "
        "colonna.",
        "Correggi l'esportazione; il file è nella quarantena.",
    ),
    "SA-2030": Explanation(
        "Un documento XML dichiara entità o tipi",
        "Le dichiarazioni dentro un DOCTYPE possono far crescere un file piccolo fino a gigabyte "
        "o andare a prendere altri file, quindi un documento così non si legge mai. Un DOCTYPE "
        "che indica soltanto una DTD esterna viene saltato e non si scarica niente.",
        "Fai scrivere all'esportazione caratteri al posto di entità, e nessuna dichiarazione.",
    ),
    "SA-2051": Explanation(
        "Una tabella dBase non si può usare",
        "La sua intestazione non è di una tabella dBase III, dBase IV, Clipper o FoxPro, descrive "
        "colonne che non corrispondono ai record o di un tipo che non si legge, oppure la tabella "
        "o il suo file memo è troncato.",
        "Controlla l'esportazione; la tabella è nella quarantena. Fai scrivere come dBase IV i "
        "formati più recenti (dBase 7) e le colonne di testo variabile (V, Q).",
    ),
    "SA-2052": Explanation(
        "Un record di una tabella dBase non si può leggere",
        "Una colonna contiene ciò che il suo tipo non ammette: lettere o asterischi in un numero, "
        "una data che non esiste, byte che la code page non conosce, un memo che non c'è.",
        "Correggi il record nel programma a cui appartiene la tabella. Se molti sono rifiutati "
        "per le lettere, dichiara `encoding`; se mancano i memo, fai depositare il file .fpt o "
        ".dbt insieme alla tabella.",
    ),
    "SA-2053": Explanation(
        "Una tabella dBase non dice la sua code page",
        "L'intestazione non ne indica una, o ne indica una sconosciuta, e nemmeno il flusso la "
        "dichiara. Le lettere accentate si potrebbero solo indovinare.",
        "Dichiara `encoding` nella sorgente del flusso: cp850 o cp437 per un programma DOS, "
        "cp1252 per uno di Windows. Poi riporta la tabella fuori dalla quarantena e riprendi il "
        "flusso.",
    ),
}
