"""SA-7401 to SA-7449 in Italian: comparing both sides, sending again."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-7401": Explanation(
        "L'altro lato non si può confrontare",
        "Non conserva impronte dei nostri record, e i suoi record non si possono rileggere.",
        "Per database e API web di' nella destinazione del flusso come si legge un record "
        "(`read`). Altrimenti fai il confronto lì, a mano o con i suoi report.",
    ),
    "SA-7402": Explanation(
        "L'altro lato non ha ciò che dovrebbe",
        "Un confronto ha trovato record mancanti, di troppo o diversi: lì qualcuno li ha "
        "modificati o rimossi, oppure è stato ripristinato un backup.",
        "`syncagent verify FLOW` li elenca; con `--repair` vengono inviati di nuovo.",
    ),
    "SA-7403": Explanation(
        "Non c'è un confronto su cui basarsi",
        "Questo flusso non è mai stato confrontato con la sua destinazione, quindi non c'è niente "
        "da correggere.",
        "`syncagent verify FLOW` fa il confronto; `schedule: {verify: …}` lo fa da solo.",
    ),
    "SA-7404": Explanation(
        "Ciò che è stato consegnato da allora non si conserva più",
        "I messaggi consegnati si conservano per un certo numero di giorni e fino a una certa "
        "quantità (`store: keep_days, keep_rows`). Il momento indicato è precedente.",
        "`syncagent verify FLOW --repair` scopre che cosa manca di là; oppure invia tutto: "
        "`syncagent resync FLOW --all`.",
    ),
    "SA-7405": Explanation(
        "I record modificati da entrambi i lati non si inviano di nuovo dalla cronologia",
        "Uno stato più vecchio di un record verrebbe scritto sopra ciò che nel frattempo l'altro "
        "lato ha modificato.",
        "`syncagent verify FLOW --repair` prima confronta e tiene conto di entrambi i lati.",
    ),
}
