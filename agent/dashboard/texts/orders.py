"""Orders, and what a person decides about them."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "orders_open": Text("Not in the ERP yet", "Non ancora nell'ERP"),
    "orders_all": Text("All", "Tutti"),
    "no_orders_open": Text("Every order is in the ERP.", "Tutti gli ordini sono nell'ERP."),
    "no_orders": Text("No such order.", "Nessun ordine trovato."),
    "shop_number": Text("Number in the shop", "Numero nel negozio"),
    "erp_number": Text("Number in the ERP", "Numero nell'ERP"),
    "settle": Text("Decide", "Decidi"),
    "doubt_help": Text(
        "In doubt: nobody knows whether the ERP has this order. Look for it in the ERP. "
        "If it is there, type its number; if it is not, write it again.",
        "In dubbio: non si sa se l'ERP ha quest'ordine. Cercalo nell'ERP. "
        "Se c'è, scrivi il suo numero; se non c'è, scrivilo di nuovo.",
    ),
    "order_is_there": Text("It is there", "C'è già"),
    "order_write_again": Text("Write it again", "Scrivi di nuovo"),
    "order_write_again_doubt": Text("It is not there: write it again", "Non c'è: scrivi di nuovo"),
    "order_accept": Text("Accept it as it is", "Accetta così com'è"),
    "find_order": Text("Find an order by its number", "Trova un ordine dal numero"),
    "find": Text("Find", "Trova"),
    "only_newest": Text(
        "Only the newest are shown; find others by their number.",
        "Sono mostrati solo i più recenti; cerca gli altri per numero.",
    ),
    "done_order_confirmed": Text("The order counts as written.", "L'ordine risulta scritto."),
    "done_order_retried": Text("The order is written again.", "L'ordine viene scritto di nuovo."),
    "done_order_accepted": Text(
        "The order is accepted as it is.", "L'ordine è accettato così com'è."
    ),
}
