"""What does not add up in an order."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

_TOTALS = (
    Text(
        "{sum} is {stated}, lines give {due}: {off} too {way}",
        "{sum}: c'è scritto {stated}, le righe danno {due}: {off} {way}",
    ),
    Text(
        "{sum} is {stated}, total_net and VAT give {due}: {off} too {way}",
        "{sum}: c'è scritto {stated}, imponibile più IVA danno {due}: {off} {way}",
    ),
    Text(
        "{sum} is {stated}, {quantity} x {price} less {discount} % gives {due}: {off} too {way}",
        "{sum}: c'è scritto {stated}, {quantity} x {price} meno il {discount} % dà {due}: {off} "
        "{way}",
    ),
    Text(
        "{sum} is {stated}, {quantity} x {price} gives {due}: {off} too {way}",
        "{sum}: c'è scritto {stated}, {quantity} x {price} dà {due}: {off} {way}",
    ),
    Text(
        "{sum} has neither price nor total: nothing to add up",
        "{sum}: senza prezzo né totale, niente da sommare",
    ),
    Text(
        'attribute "{name}" is not a number: {value}',
        'l\'attributo "{name}" non è un numero: {value}',
    ),
    Text(
        "it has no total that its lines could be compared with",
        "non ha un totale con cui confrontare le righe",
    ),
)

REASONS: Mapping[str, tuple[Text, ...]] = dict.fromkeys(
    ("SA-3401", "SA-3402", "SA-3403", "SA-3404", "SA-3405"), _TOTALS
)
"""One order may have several of them, told behind the code of the first."""

PLACES: Mapping[str, tuple[Text, ...]] = {
    "sum": (
        Text("total", "totale"),
        Text("total_net", "totale senza IVA"),
        Text("total_vat", "IVA"),
        Text("line {line}: total", "riga {line}: totale"),
        Text("line {line}", "riga {line}"),
    ),
    "objection": _TOTALS,
    "way": (Text("much", "di troppo"), Text("little", "di meno")),
}
