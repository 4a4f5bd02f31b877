"""SA-748x in Italian: KPIs, metrics and logs."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-7480": Explanation(
        "Una data o un mese non si può leggere",
        "KPI e log si chiedono a partire da una data, un rapporto si chiede per un mese; il "
        "motivo mostra che cosa è stato scritto.",
        "Scrivi `30d`, `12h` o `2026-10-01` per una data, `2026-10` per un mese.",
    ),
    "SA-7481": Explanation(
        "Il token delle metriche manca o è sbagliato",
        "`/metrics` si apre con `api: metrics_token`, oppure con il token che apre tutto.",
        "Dai a Prometheus lo stesso segreto, in `authorization: {credentials_file: …}`.",
    ),
    "SA-7482": Explanation(
        "Non c'è un file di log",
        "L'agente scrive nel journal di systemd, oppure nella configurazione c'è `log: file: "
        "off`, oppure non è ancora stato avviato.",
        "Con systemd chiedi al journal: `journalctl -u syncagent -o cat`, e per un solo flusso "
        "`journalctl -u syncagent SYNCAGENT_FLOW=prices`. Oppure indica un file sotto `log: "
        "file:`.",
    ),
    "SA-7483": Explanation(
        "Il file di log non si può scrivere",
        "Non si può creare la sua cartella, oppure l'utente del servizio non può scriverci.",
        "Dai il permesso all'utente, oppure indica un altro file sotto `log: file:`. Con systemd "
        "il servizio scrive nel journal e non ne ha bisogno.",
    ),
    "SA-7484": Explanation(
        "Il collettore non accetta la telemetria",
        "L'indirizzo sotto `telemetry: otlp:` non è raggiungibile, oppure risponde che è troppo "
        "occupato. I numeri partono al prossimo tentativo, le righe del log aspettano, fino a "
        "10.000. Il lavoro vero e proprio non ne risente.",
        "Controlla l'indirizzo e il ricevitore `otlp` del collettore con il protocollo `http` "
        "(porta 4318).",
    ),
    "SA-7485": Explanation(
        "OpenTelemetry non è installato",
        "`telemetry: otlp:` indica un collettore, e ciò che parla il suo protocollo è un extra.",
        "`pip install 'syncagent[opentelemetry]'` nell'ambiente dell'agente, poi riavvia.",
    ),
    "SA-7486": Explanation(
        "Il collettore rifiuta la telemetria",
        "Risponde che l'indirizzo, l'accesso o il messaggio è sbagliato. Ciò che ha rifiutato non "
        "viene più inviato.",
        "401 e 403: salva il valore giusto sotto `telemetry: headers:`. 404: l'indirizzo è quello "
        "del collettore, senza `/v1/metrics`. Poi riavvia.",
    ),
}
