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
    "customer": Text("Customer", "Cliente"),
    "total": Text("Total", "Totale"),
    "placed": Text("Placed", "Inserito"),
    "order_state_held": Text("waits for approval", "attende approvazione"),
    "order_state_pending": Text("on its way", "in viaggio"),
    "order_state_parked": Text("refused", "rifiutato"),
    "order_state_kept_back": Text("kept back by a check", "trattenuto da un controllo"),
    "order_state_in_doubt": Text("in doubt", "in dubbio"),
    "order_state_delivered": Text("in the ERP", "nell'ERP"),
    "order_state_superseded": Text("replaced by a newer one", "sostituito da uno più recente"),
    "order_state_ignored": Text("set aside", "messo da parte"),
    "kept_back_help": Text(
        "Kept back: the order does not add up. Compare it with the shop; correct it, or accept it "
        "as it is and say why.",
        "Trattenuto: i conti dell'ordine non tornano. Confrontalo con il negozio; correggilo, o "
        "accettalo così com'è e scrivi perché.",
    ),
    "doubt_help": Text(
        "In doubt: nobody knows whether the ERP has this order. Look for it in the ERP. "
        "If it is there, type its number; if it is not, send it again.",
        "In dubbio: non si sa se l'ERP ha quest'ordine. Cercalo nell'ERP. "
        "Se c'è, scrivi il suo numero; se non c'è, invialo di nuovo.",
    ),
    "find_order": Text(
        "Find an order by its number in the shop or in the ERP",
        "Trova un ordine dal numero del negozio o dell'ERP",
    ),
    "find": Text("Find", "Trova"),
    "only_newest": Text(
        "Only the newest are shown; find others by their number.",
        "Sono mostrati solo i più recenti; cerca gli altri per numero.",
    ),
    "done_order_confirmed": Text("The order counts as written.", "L'ordine risulta scritto."),
    "done_order_sent_again": Text("The order is sent again.", "L'ordine viene inviato di nuovo."),
    "done_order_set_aside": Text("The order is set aside.", "L'ordine è messo da parte."),
    "done_order_accepted": Text(
        "The order is accepted as it is.", "L'ordine è accettato così com'è."
    ),
}
