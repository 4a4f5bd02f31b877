"""SA-2xxx in Italian: sources and what they hold."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2001": Explanation(
        "La cartella di scambio non c'è",
        "La cartella di una connessione a file non esiste, oppure la condivisione di rete su cui "
        "si trova non è montata.",
        "Crea la cartella o ripristina la condivisione; la prossima esecuzione riprende da sola.",
    ),
    "SA-2002": Explanation(
        "L'agente non può lavorare nella cartella di scambio",
        "I file vengono presi in carico, archiviati e messi in quarantena rinominandoli: serve il "
        "permesso di leggere, scrivere ed eliminare nella cartella e nelle sue sottocartelle.",
        "Concedi questi permessi sulla cartella all'utente del servizio e fai una prova con "
        "quell'utente.",
    ),
    "SA-2003": Explanation(
        "Adesso la cartella di scambio non si può leggere",
        "Il sistema operativo ha segnalato un errore di input/output: spesso è una condivisione "
        "di rete che è venuta a mancare.",
        "Controlla la condivisione o il disco; l'esecuzione si ripete da sola.",
    ),
    "SA-2004": Explanation(
        "La lettera di un'unità di rete non si può usare",
        "Le lettere delle unità di rete appartengono alla sessione di una persona che ha fatto "
        "l'accesso; un servizio non le vede.",
        r"Nella configurazione scrivi la condivisione come \\server\share\folder.",
    ),
    "SA-2005": Explanation(
        "Una sottocartella della cartella di scambio non è come dovrebbe",
        "L'archivio, la quarantena o .syncagent è un collegamento, un file, oppure si trova su un "
        "altro file system. Spostare lì i file potrebbe portarli fuori dalla cartella di scambio "
        "o diventare una copia.",
        "Sostituiscila con una cartella normale, oppure eliminala: l'agente la crea di nuovo.",
    ),
    "SA-2006": Explanation(
        "Un file è vuoto",
        "Il file non contiene nemmeno un byte: un'esportazione fallita o interrotta. Anche una "
        "tabella vuota ha la riga di intestazione.",
        "Controlla l'esportazione; il file è nella quarantena. Per questo motivo non è stato "
        "cancellato niente.",
    ),
    "SA-2007": Explanation(
        "Un file è cambiato durante la lettura",
        "Qualcuno ha continuato a scrivere in un file che sembrava finito per tutto il tempo di "
        "attesa.",
        "Aumenta `settle` della connessione, oppure fai scrivere all'esportazione un file segnale "
        "(`ready_suffix`) quando ha finito. Il file viene riletto alla prossima esecuzione.",
    ),
    "SA-2008": Explanation(
        "La riga di intestazione non si può usare",
        "Manca, ripete una colonna, ha troppe colonne oppure non è nella codifica dichiarata.",
        "Confronta le prime righe del file in quarantena con `encoding`, `delimiter` e "
        "`skip_lines`.",
    ),
    "SA-2009": Explanation(
        "Un file non è nella codifica dichiarata",
        "Ci sono byte che la codifica dichiarata non conosce; in una codifica con più byte per "
        "carattere, da lì in poi non ci si può fidare di niente.",
        "Dichiara la codifica che l'esportazione usa davvero, poi riporta il file fuori dalla "
        "quarantena.",
    ),
    "SA-2010": Explanation(
        "Una riga non ha fine",
        "Una riga, o una cella tra virgolette, supera di oltre 16 volte la cella più grande "
        "ammessa: virgolette mai chiuse, oppure un file che non è un CSV.",
        "Guarda la riga indicata; se in questo file le virgolette non hanno significato, imposta "
        "`quote: none`.",
    ),
    "SA-2011": Explanation(
        "Una riga ha un numero di celle sbagliato",
        "La riga ha più o meno celle dell'intestazione: spesso è un separatore dentro un testo "
        "senza virgolette.",
        "Correggi la riga all'origine. Resta ferma finché il file non arriva con la riga giusta.",
    ),
    "SA-2012": Explanation(
        "Una riga non è nella codifica dichiarata",
        "La riga contiene un byte che la codifica dichiarata non conosce.",
        "Se le righe rifiutate sono molte, la codifica dichiarata è sbagliata; se è una sola, "
        "correggila all'origine.",
    ),
    "SA-2013": Explanation(
        "Una cella è troppo grande",
        "Una cella è più lunga di quanto ammette `max_cell` del flusso.",
        "Correggi la riga all'origine, oppure aumenta `max_cell`.",
    ),
    "SA-2014": Explanation(
        "Una riga contiene un byte NUL",
        "Un testo non ha byte NUL: il file è rovinato, oppure è in UTF-16 ed è dichiarato in "
        "un'altra codifica.",
        "Controlla la codifica dichiarata; altrimenti correggi la riga all'origine.",
    ),
    "SA-2015": Explanation(
        "Una riga non è scritta correttamente",
        "Una cella tra virgolette non è chiusa, continua dopo le virgolette di chiusura, oppure "
        "c'è un a capo in una cella senza virgolette.",
        "Correggi la riga all'origine, oppure imposta `quote: none` se le virgolette non hanno "
        "significato.",
    ),
    "SA-2016": Explanation(
        "Un file già letto non si può mettere via",
        "Le sue righe sono state prese in carico, ma non è stato possibile spostarlo "
        "nell'archivio o nella quarantena. Lasciato dov'è, verrebbe riletto più tardi e "
        "sovrascriverebbe valori più recenti: per questo il flusso si ferma.",
        "Chiudi i programmi che tengono aperto il file, controlla i permessi sulla cartella, poi "
        "riprendi il flusso.",
    ),
    "SA-2017": Explanation(
        "Da questa cartella di scambio non si possono leggere singole chiavi",
        "Una cartella di scambio non conserva lo stato attuale. Le singole chiavi si leggono "
        "dall'ultima tabella intera archiviata, e qui non ce n'è: o non ne è ancora stata presa "
        "in carico una, o il flusso legge solo le variazioni.",
        "Deposita una tabella intera; per le variazioni, invia di nuovo ciò che è stato preso in "
        "carico per ultimo.",
    ),
    "SA-2091": Explanation(
        "In memoria non c'è una tabella o un ricevente con questo nome",
        "Un flusso del tipo `memory` indica qualcosa che nessun test ha messo lì.",
        "Riempi prima `connectors.memory.TABLES` o `RECEIVERS`.",
    ),
    "SA-2092": Explanation(
        "A una tabella in memoria manca una colonna",
        "La chiave o il cursore di un flusso del tipo `memory` indica una colonna che la tabella "
        "non ha.",
        "Correggi il flusso o la tabella.",
    ),
    "SA-2093": Explanation(
        "Un ricevente in memoria ha rifiutato un intero blocco",
        "Il blocco conteneva una chiave che il test aveva dichiarato velenosa.",
        "Niente: è ciò che il test ha chiesto.",
    ),
    "SA-2101": Explanation(
        "Il database ha rifiutato l'accesso",
        "Utente, password, database o regole di accesso del server non corrispondono. Non si fa "
        "un secondo tentativo: su alcuni sistemi bloccherebbe l'utente.",
        "Prova gli stessi valori con il client del database, correggi la connessione o il "
        "segreto, poi riprendi il flusso.",
    ),
    "SA-2102": Explanation(
        "Impossibile caricare il driver ODBC",
        "Nessun driver con quel nome è registrato, manca il suo file, oppure è compilato per "
        "un'architettura (bit) diversa da quella di Python.",
        "Installa il driver (Debian: odbc-postgresql, odbc-mariadb, libsqliteodbc) e confronta il "
        "nome con quelli elencati da `odbcinst -q -d`.",
    ),
    "SA-2103": Explanation(
        "unixODBC non è installato",
        "I driver ODBC si usano attraverso la libreria libodbc.so.2, che su questa macchina non "
        "c'è.",
        "Installa il pacchetto di sistema unixodbc (Debian, Ubuntu) o unixODBC (Fedora, RHEL).",
    ),
    "SA-2104": Explanation(
        "Il database non risponde",
        "Il server è spento, si sta riavviando, non è raggiungibile in rete oppure ha chiuso la "
        "connessione.",
        "Niente, se torna da solo: l'esecuzione si ripete. Altrimenti controlla server, porta e "
        "firewall.",
    ),
    "SA-2105": Explanation(
        "Il database ha impiegato troppo tempo",
        "Un'istruzione ha superato query_timeout, oppure ha aspettato troppo un blocco.",
        "Crea un indice sulla chiave (e sulle colonne del cursore), oppure aumenta query_timeout.",
    ),
    "SA-2106": Explanation(
        "Il driver altera i valori",
        "Alla connessione si esegue un'istruzione di cui si conosce la risposta: un numero "
        "decimale, lettere accentate, una data. La risposta è tornata diversa, quindi ogni riga "
        "potrebbe essere sbagliata.",
        "Usa la variante Unicode del driver e togli i parametri che cambiano numeri, date o "
        "codifica. L'errore dice che cosa è diventato che cosa.",
    ),
    "SA-2110": Explanation(
        "La tabella non c'è",
        "La tabella o la vista non esiste, oppure questo utente non la vede. Maiuscole e "
        "minuscole contano.",
        "Correggi `table` (con lo schema, se serve), oppure concedi SELECT sulla tabella.",
    ),
    "SA-2111": Explanation(
        "La colonna non c'è",
        "`key`, `columns`, `cursor` o `children` indica una colonna che la tabella o la query non "
        "ha, oppure che è stata rinominata mentre il flusso era in esecuzione.",
        "Correggi il nome; l'errore elenca le colonne e quella che forse intendevi.",
    ),
    "SA-2112": Explanation(
        "Il database ha rifiutato un'istruzione",
        "Quasi sempre è un errore in `query`: l'istruzione viene eseguita dentro un'altra, come "
        "se fosse una tabella.",
        "Esegui la query con il client del database; togli ORDER BY e il punto e virgola.",
    ),
    "SA-2113": Explanation(
        "L'utente non può leggere questi dati",
        "All'utente della connessione manca un permesso sulla tabella o sulla vista.",
        "Concedi SELECT a quell'utente. Non servono altri permessi.",
    ),
    "SA-2114": Explanation(
        "Il database ha segnalato un errore",
        "Un errore che né la connessione né la configurazione spiegano, per esempio un deadlock o "
        "il disco pieno sul server.",
        "L'esecuzione si ripete. Se il problema resta, il messaggio riporta le parole del "
        "database.",
    ),
    "SA-2115": Explanation(
        "Un valore non va bene per la colonna",
        "È stata chiesta una chiave che non può essere un valore della colonna chiave: lettere al "
        "posto di un numero, oppure una data che non esiste.",
        "Scrivi la chiave come la scrive la sorgente.",
    ),
    "SA-2116": Explanation(
        "Lettere accentate e una chiave lunga nella stessa istruzione",
        "Il driver ODBC di MariaDB, secondo come gli si parla, rovina i testi di oltre 127 "
        "caratteri oppure le lettere accentate nell'istruzione stessa (il nome di una colonna, un "
        "testo in `query`).",
        "Crea una vista con nomi di colonna senza accenti e leggi la vista come una tabella.",
    ),
    "SA-2117": Explanation(
        "Da questo cursore non si ricava una data",
        "È stato chiesto `resync --since` per un flusso le cui colonne del cursore sono numeri e "
        "non date.",
        "Usa `resync --key` per singole chiavi, oppure `resync --all`.",
    ),
    "SA-2118": Explanation(
        "Un oggetto di grandi dimensioni è troppo grande",
        "Una colonna senza limite (CLOB, blob, LONGTEXT, varchar(max), text di PostgreSQL) "
        "contiene un valore di oltre 16.777.216 caratteri o byte. Non viene letto per intero, per "
        "non riempire la memoria, e non viene mai tagliato.",
        "Escludi la colonna con `columns`, oppure accorciala in una query o in una vista.",
    ),
    "SA-2120": Explanation(
        "Il client del database non ha una licenza",
        "Il client ha rifiutato la connessione perché non trova una licenza per questo server "
        "(Db2: SQL1598N; IBM i Access: 5770-XW1).",
        "Installa il file di licenza del client, oppure usa un driver che non ne ha bisogno, poi "
        "riprendi il flusso.",
    ),
    "SA-2121": Explanation(
        "Alcune righe sono bloccate da un altro programma",
        "Si aspettano le righe che un altro programma sta modificando in una transazione, e "
        "l'attesa ha superato il limite del database (IBM i: WAITRCD del file, di norma un "
        "minuto).",
        "Niente: le righe vengono chieste di nuovo. Se succede spesso, trova il programma che "
        "lascia le sue modifiche senza commit.",
    ),
    "SA-2122": Explanation(
        "Il driver ripete il valore della riga precedente dove non ce n'è uno",
        "`libdb2.so` di IBM conta le lunghezze in quattro byte, unixODBC a 64 bit in otto. Un "
        "numero o una data mancante arriva allora con il valore della riga precedente.",
        "Come `driver` della connessione indica la libreria con lunghezze di otto byte, "
        "`libdb2o.so`.",
    ),
    "SA-2123": Explanation(
        "Una colonna chiave non ha una code page",
        "Il sistema conserva i byte della colonna senza dire quali caratteri siano (CCSID 65535). "
        "La mappatura può decodificare i campi, ma le chiavi devono essere testo già prima.",
        "Imposta `ccsid` della connessione (1144 italiano con euro, 280 italiano, 37, 500 ...), "
        "oppure `ccsids` del flusso per una sola colonna.",
    ),
    "SA-2124": Explanation(
        "Il journal non si può seguire",
        "Le modifiche del file non vanno nel journal indicato dal flusso, il file è una vista o "
        "una query, oppure l'utente non può leggere il journal e i suoi ricevitori.",
        "Confronta `journal` con DSPFD e concedi *USE sul journal e sui ricevitori; i comandi "
        "sono in docs/connectors/ibmi.md. Fino ad allora ogni esecuzione legge tutto.",
    ),
    "SA-2125": Explanation(
        "Il client di Mapepire non è installato",
        "Il tipo `mapepire` ha bisogno del pacchetto Python `mapepire-python`, che non fa parte "
        "dell'installazione di base dell'agente.",
        "Installalo dove gira l'agente: pip install syncagent[mapepire].",
    ),
    "SA-2131": Explanation(
        "SQL Server non elenca le modifiche della tabella",
        "Change Tracking è disattivato nel database o per la tabella, oppure all'utente manca il "
        "permesso VIEW CHANGE TRACKING: il server risponde allo stesso modo.",
        "Esegui le istruzioni del suggerimento come amministratore del database, poi riprendi il "
        "flusso. docs/connectors/sqlserver.md le riporta per intero.",
    ),
    "SA-2132": Explanation(
        "L'isolamento snapshot è disattivato",
        "L'elenco delle modifiche, la sua versione e le righe devono riferirsi allo stesso "
        "istante, altrimenti una modifica avvenuta nel frattempo andrebbe persa. Solo una "
        "transazione SNAPSHOT mostra un unico istante senza fermare chi scrive.",
        "ALTER DATABASE ... SET ALLOW_SNAPSHOT_ISOLATION ON, poi riprendi il flusso. Nessun "
        "programma se ne accorge; tempdb conserva le versioni delle righe modificate.",
    ),
    "SA-2133": Explanation(
        "La chiave del flusso non è la chiave primaria della tabella",
        "Change Tracking elenca chiavi primarie. Di una riga cancellata non resta altro, quindi "
        "un flusso con un'altra chiave non saprebbe quale record non c'è più.",
        "Usa la chiave primaria come `key`, oppure trova le modifiche con una colonna rowversion.",
    ),
    "SA-2134": Explanation(
        "Questo database non può dire quali modifiche sono confermate",
        "La connessione ha raggiunto una replica secondaria o un database in sola lettura, dove "
        "non si vede ciò che sul primario non è ancora confermato; oppure la tabella sta in un "
        "database diverso da quello della connessione, e ogni database conta per conto suo. Una "
        "modifica potrebbe andare persa.",
        "Togli `replica: true` e collegati al database della tabella, oppure usa come `cursor` "
        "una colonna con data e ora.",
    ),
    "SA-2201": Explanation(
        "Impossibile aprire il file SQLite",
        "Il file non c'è, oppure l'utente del servizio non può leggerlo. In modalità WAL SQLite "
        "deve anche poter scrivere nella cartella del file.",
        "Controlla il percorso e fai una prova con l'utente del servizio.",
    ),
    "SA-2202": Explanation(
        "Il file non è un database SQLite integro",
        "Il file è di un altro tipo, cifrato o danneggiato.",
        "Aprilo con il programma a cui appartiene, oppure ripristinalo da un backup.",
    ),
    "SA-2203": Explanation(
        "Il file SQLite è bloccato",
        "Un altro programma sta scrivendo da più tempo di quanto l'agente aspetti (5 secondi).",
        "Niente: l'esecuzione si ripete. A un programma che scrive per minuti conviene la "
        "modalità WAL (`PRAGMA journal_mode=WAL`).",
    ),
    "SA-2211": Explanation(
        "Il client di Firebird non è installato",
        "Firebird si usa con il pacchetto Python firebird-driver, che a sua volta ha bisogno "
        "della libreria client di Firebird (libfbclient, fbclient.dll).",
        "`pip install 'syncagent[firebird]'`; poi installa libfbclient2 (Debian, Ubuntu) o il "
        "client di Firebird con gli stessi bit di questa macchina, oppure indica il suo file in "
        "`client_library`.",
    ),
    "SA-2212": Explanation(
        "Firebird non riesce ad aprire il file del database",
        "Il server risponde, ma non per questo database: il percorso o l'alias è sbagliato dal "
        "punto di vista del server, oppure il suo utente non può aprire il file.",
        "Confronta `database` con gli alias in databases.conf del server.",
    ),
    "SA-2213": Explanation(
        "Un testo non dichiara il suo set di caratteri",
        "La colonna è stata creata con il set di caratteri NONE, come nei vecchi database, e "
        "contiene byte che non sono UTF-8.",
        "Imposta `none_charset` della connessione su quello che scrivono i programmi, quasi "
        "sempre WIN1252.",
    ),
    "SA-2221": Explanation(
        "Il driver di Oracle non è installato",
        "Oracle si usa con il pacchetto Python oracledb, che non ha bisogno di altro.",
        "`pip install 'syncagent[oracle]'`, poi riprendi il flusso.",
    ),
    "SA-2222": Explanation(
        "Questo server Oracle non si raggiunge senza il client di Oracle",
        "Il server è precedente alla 12.1, oppure conserva la password dell'utente solo nel "
        "formato della versione 10.",
        "Per la password: qualcuno la imposta di nuovo sul server. Per un server vecchio: "
        "installa il client di Oracle con il suo driver ODBC e usa il tipo `odbc` con `dialect: "
        "oracle`.",
    ),
    "SA-2223": Explanation(
        "Oracle non ha più le righe com'erano (ORA-01555)",
        "Una lettura vede tutto com'era in un unico istante. Ciò che altri programmi hanno "
        "modificato da allora si ricostruisce dal tablespace di undo, e una parte era già stata "
        "sovrascritta.",
        "Niente, se succede di rado: la lettura ricomincia. Altrimenti aumenta UNDO_RETENTION, "
        "dai un cursore al flusso oppure leggi in un'ora più tranquilla.",
    ),
    "SA-2140": Explanation(
        "Manca un pacchetto per LISTEN",
        "Un flusso ascolta un canale di PostgreSQL (`listen:`). ODBC non ha notifiche, quindi "
        "l'agente ha bisogno del pacchetto psycopg, che non è installato.",
        'Installalo accanto all\'agente: `pip install "syncagent[listen]"`. Oppure togli '
        "`listen`: le modifiche si cercano secondo l'orario del flusso.",
    ),
    "SA-2141": Explanation(
        "Solo PostgreSQL avvisa con NOTIFY",
        "`listen:` è scritto in un flusso il cui database è di un altro tipo.",
        "Togli `listen`. Le modifiche si cercano secondo l'orario del flusso; un controllo che "
        "non trova niente dura pochi millisecondi.",
    ),
}
