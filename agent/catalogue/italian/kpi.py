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
}
