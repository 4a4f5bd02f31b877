"""Why a web service does not give or take a record: REST, OData, SOAP, a shop's own protocol."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

_FAULTS = (
    Text(
        "{server} answers the fault without a code: {said}",
        "{server} risponde con un fault senza codice: {said}",
    ),
    Text(
        "{server} answers the fault {code}: {said}",
        "{server} risponde con il fault {code}: {said}",
    ),
)
_NOT_UPDATED = Text(
    "it is there as {reference}, and this flow updates nothing",
    "c'è già come {reference}, e questo flusso non aggiorna niente",
)

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-2402": (
        Text(
            "{server} sends us on to another server: {address}",
            "{server} ci rimanda a un altro server: {address}",
        ),
    ),
    "SA-2408": (
        Text("the record {flaw}", "il record {flaw}"),
        Text("an entry of the delta is no object", "una voce del delta non è un oggetto"),
        Text(
            "an entry of the delta has no key: {address}",
            "una voce del delta è senza chiave: {address}",
        ),
    ),
    "SA-2409": (
        Text(
            "{path} has no address for a single record",
            "{path} non ha un indirizzo per un singolo record",
        ),
        Text("{operation} gives no single records", "{operation} non dà singoli record"),
    ),
    "SA-2413": (
        Text(
            "the key {value} cannot stand in an address",
            "la chiave {value} non può stare in un indirizzo",
        ),
    ),
    **dict.fromkeys(("SA-2504", "SA-2505", "SA-2506"), _FAULTS),
    "SA-2606": (
        Text("the body is no JSON: {json_fault}", "il corpo non è JSON: {json_fault}"),
        Text("the body has no record at 'its top'", "il corpo non è un record"),
        Text("the body has no record at {path}", "il corpo non ha un record in {path}"),
        Text("an id has 1 to {most} characters", "un id ha da 1 a {most} caratteri"),
        Text(
            "the body has no text or number at {path}",
            "il corpo non ha un testo o un numero in {path}",
        ),
        Text("the body has an empty text at {path}", "il corpo ha un testo vuoto in {path}"),
    ),
    "SA-2803": (Text("the item cannot be read: {flaw}", "l'elemento non si può leggere: {flaw}"),),
    "SA-5331": (
        _NOT_UPDATED,
        Text("this flow deletes nothing", "questo flusso non elimina niente"),
    ),
    "SA-5332": (
        Text(
            "{server} has {count} records that match: {ids}",
            "{server} ha {count} record che corrispondono: {ids}",
        ),
    ),
    "SA-5333": (
        Text("waits: there is no such {kept} there yet", "aspetta: là non c'è ancora"),
        Text(
            "waits: the other side has no {name} for {item} yet",
            "aspetta: di là {name} non c'è ancora per {item}",
        ),
        Text("waits: the other side has no {name} yet", "aspetta: di là {name} non c'è ancora"),
    ),
    "SA-5334": (Text("{value} is no id of a record", "{value} non è l'id di un record"),),
    "SA-5336": (
        Text("the other side has no {name} for {item}", "di là {name} non c'è per {item}"),
        Text("the other side has no {name}", "di là {name} non c'è"),
    ),
    "SA-5337": (
        Text(
            "{value} is no single value, as an address or form has it",
            "{value} non è un solo valore, come lo vuole un indirizzo o un modulo",
        ),
        Text("a form is a mapping of names and values", "un modulo è fatto di nomi con un valore"),
        Text(
            "the header {name} cannot carry {value}",
            "l'intestazione {name} non può contenere {value}",
        ),
        Text(
            "the value {value} cannot stand in an address",
            "il valore {value} non può stare in un indirizzo",
        ),
    ),
    "SA-5340": (
        *_FAULTS,
        Text(
            "{server} refuses it: the answer {content}",
            "{server} lo rifiuta: la risposta è {content}",
        ),
        Text("{server} refuses it: {said}", "{server} lo rifiuta: {said}"),
    ),
    "SA-5341": (
        Text(
            "{operation} cannot be asked like this: {fault} (it takes {parameters}",
            "{operation} non si può chiamare così: {fault} (prende {parameters}",
        ),
    ),
    "SA-5342": (_NOT_UPDATED,),
    "SA-5343": (
        Text(
            "deletes are not written: say delete under target",
            "le cancellazioni non vengono scritte: nella destinazione manca delete",
        ),
    ),
    "SA-5345": (
        Text(
            "the service says that it is there, and look_up finds nothing",
            "il servizio dice che c'è già, ma look_up non trova niente",
        ),
        Text(
            "{operation} finds {count} records: {content}",
            "{operation} trova {count} record: {content}",
        ),
    ),
    "SA-5506": (
        Text(
            "the shop does not know its command {command}",
            "il negozio non conosce il suo comando {command}",
        ),
    ),
}
"""Behind some of these stands what the other side itself said, and that stays."""

PLACES: Mapping[str, tuple[Text, ...]] = {
    "said": (
        Text("no reason", "nessun motivo"),
        Text("no reason given", "nessun motivo"),
    ),
    "flaw": (
        Text("is no object but {found}", "non è un oggetto ma {found}"),
        Text('has no field "{name}"', 'non ha il campo "{name}"'),
        Text("its data is no JSON: {json_fault}", "i suoi dati non sono JSON: {json_fault}"),
        Text("its data is no object", "i suoi dati non sono un oggetto"),
        Text("a text is no valid Unicode", "contiene un testo che non è Unicode valido"),
        Text(
            '"{name}" stands more than once in one object',
            'contiene più volte "{name}" in un solo oggetto',
        ),
        Text("{value} is no number of any trade", "contiene {value}, un numero senza significato"),
    ),
}
