"""Why the mapping refuses a value. Each reads on after the value: `"4,5" is not an integer`."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

RULES: Mapping[str, tuple[Text, ...]] = {
    "SA-3101": (
        Text("is empty, a value is required", "è vuoto, serve un valore"),
        Text("has no elements, one is required", "è senza righe, ne serve almeno una"),
    ),
    "SA-3102": (
        Text("is not a decimal number ({marks})", "non è un numero ({marks})"),
        Text("is not an integer", "non è un numero intero"),
        Text("has more than {digits} digits", "ha più di {digits} cifre"),
        Text("does not fit into 64 bits", "è un numero troppo grande"),
        Text("is not a number but a {type}", "non è un numero ma {type}"),
        Text("is not a finite number", "non è un numero finito"),
    ),
    "SA-3103": (
        Text("has more than {scale} digits after the decimal mark", "ha più di {scale} decimali"),
    ),
    "SA-3104": (
        Text(
            "is neither true ({true}) nor false ({false})",
            "non vuol dire né sì ({true}) né no ({false})",
        ),
    ),
    "SA-3105": (
        Text("is not a {kind} but a {type}", "non è {kind} ma {type}"),
        Text("is not a {kind} ({written})", "non è {kind} ({written})"),
        Text("is not a {kind}: {error}", "non è {kind}: {error}"),
        Text("is not a {kind}", "non è {kind}"),
    ),
    "SA-3106": (
        Text("is binary, not text", "sono dati binari, non un testo"),
        Text("is not a text but a {type}", "non è un testo ma {type}"),
        Text("is not valid Unicode", "non è Unicode valido"),
        Text("is not {encoding} text: {error}", "non è un testo {encoding}: {error}"),
    ),
    "SA-3107": (Text("is not in the table of values", "non è nella tabella dei valori"),),
    "SA-3108": (
        Text(
            "has a UTC offset, min and max have none, or not both",
            "ha uno scarto da UTC che il minimo e il massimo non hanno, o viceversa",
        ),
        Text("is before the minimum {limit}", "viene prima del minimo {limit}"),
        Text("is after the maximum {limit}", "viene dopo il massimo {limit}"),
        Text("is less than the minimum {limit}", "è meno del minimo {limit}"),
        Text("is more than the maximum {limit}", "è più del massimo {limit}"),
    ),
    "SA-3109": (
        Text(
            "has {length} characters, at least {least} are needed",
            "ha {length} caratteri, ne servono almeno {least}",
        ),
        Text(
            "has {length} characters, at most {most} are allowed",
            "ha {length} caratteri, ne sono ammessi al massimo {most}",
        ),
    ),
    "SA-3110": (
        Text("does not match the pattern {pattern}", "non corrisponde al modello {pattern}"),
        Text("is not JSON: {error}", "non è JSON: {error}"),
    ),
    "SA-3111": (
        Text("has {length} characters, more than {most}", "ha {length} caratteri, più di {most}"),
    ),
    "SA-3112": (
        Text("is not a JSON object", "non è un oggetto JSON"),
        Text("is not JSON: {error}", "non è JSON: {error}"),
        Text("is nested too deeply", "è annidato troppo in profondità"),
        Text("has a key that is not a text", "ha una chiave che non è un testo"),
    ),
    "SA-3113": (
        Text("is not an object but a {type}", "non è un oggetto ma {type}"),
        Text("is not a list but a {type}", "non è un elenco ma {type}"),
        Text('holds the unknown field "{name}"', 'contiene il campo sconosciuto "{name}"'),
        Text("does not hold child rows", "non contiene righe figlie"),
        Text('has no column "{name}"', 'non ha la colonna "{name}"'),
        Text("{entity} has no such field", "{entity} non ha questo campo"),
    ),
    "SA-3114": (
        Text("is not one e-mail address", "non è un indirizzo e-mail"),
        Text(
            "is no GTIN: 8, 12, 13 or 14 digits are needed",
            "non è un codice EAN: servono 8, 12, 13 o 14 cifre",
        ),
        Text("does not have the form of an IBAN", "non ha la forma di un IBAN"),
        Text(
            "does not have the form of a VAT number of {country}",
            "non ha la forma di una partita IVA di {country}",
        ),
        Text("does not have the form of a codice fiscale", "non ha la forma di un codice fiscale"),
        Text("is no {number}: 11 digits are needed", "non è {number}: servono 11 cifre"),
        Text(
            "does not begin with a country whose VAT numbers are known here",
            "non inizia con un paese di cui si conosca la partita IVA",
        ),
    ),
    "SA-3115": (
        Text(
            "is no {number}: its last digit would have to be {expected}",
            "non è {number}: l'ultima cifra dovrebbe essere {expected}",
        ),
        Text(
            "is no {number}: its last character would have to be {expected}",
            "non è {number}: l'ultimo carattere dovrebbe essere {expected}",
        ),
        Text(
            "is no IBAN: its check digits do not fit",
            "non è un IBAN: le cifre di controllo non tornano",
        ),
    ),
    "SA-3201": (
        Text("cannot be evaluated: a value {rule}", "non si può calcolare: un valore {rule}"),
        Text("cannot be evaluated: {error}", "non si può calcolare: {error}"),
        Text("gives {result}, not true or false", "dà {result}, né vero né falso"),
    ),
    "SA-3202": (Text("goes beyond what it may do: {error}", "va oltre il consentito: {error}"),),
}

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-3301": (Text("hook {fault}", "programma {fault}"),),
    "SA-3302": (
        Text(
            "hook {file}: what map_row returned {rule}",
            "programma {file}: ciò che map_row restituisce {rule}",
        ),
    ),
}

PLACES: Mapping[str, tuple[Text, ...]] = {
    "subject": (
        Text('field "{field}": null', 'campo "{field}":'),
        Text('field "{field}": ""', 'campo "{field}":'),
        Text('field "{field}": {value}', 'campo "{field}": {value}'),
        Text('{field}: ""', "{field}:"),
        Text("{field}: {value}", "{field}: {value}"),
    ),
    "marks": (
        Text('decimal mark "{mark}"', 'separatore dei decimali "{mark}"'),
        Text('group mark "{mark}"', 'separatore delle migliaia "{mark}"'),
    ),
    "kind": (
        Text("date", "una data"),
        Text("datetime", "una data con ora"),
        Text("time", "un'ora"),
    ),
    "number": (
        Text("partita IVA", "una partita IVA"),
        Text("codice fiscale", "un codice fiscale"),
        Text("GTIN", "un codice EAN"),
    ),
    "type": (
        Text("str", "un testo"),
        Text("int", "un numero"),
        Text("float", "un numero"),
        Text("Decimal", "un numero"),
        Text("bool", "un sì o no"),
        Text("list", "un elenco"),
        Text("dict", "un oggetto"),
        Text("bytes", "dati binari"),
        Text("date", "una data"),
        Text("datetime", "una data con ora"),
        Text("time", "un'ora"),
        Text("NoneType", "niente"),
    ),
    "error": (
        Text("day is out of range for month", "quel mese non ha quel giorno"),
        Text("month must be in {span}", "il mese deve essere in {span}"),
        Text("hour must be in {span}", "l'ora deve essere in {span}"),
        Text("minute must be in {span}", "i minuti devono essere in {span}"),
        Text("second must be in {span}", "i secondi devono essere in {span}"),
    ),
    "where": (
        Text("line {number}", "riga {number}"),
        Text("row {number}", "riga {number}"),
        Text("sheet {sheet} row {number}", "foglio {sheet} riga {number}"),
        Text("{file} line {number}", "{file} riga {number}"),
        Text("{file} sheet {sheet} row {number}", "{file} foglio {sheet} riga {number}"),
        Text("{table} row {number}", "{table} riga {number}"),
        Text("{key} version {version}", "{key} versione {version}"),
        Text("{place} page {page} record {number}", "{place} pagina {page} record {number}"),
        Text("{place} at byte {byte}", "{place} al byte {byte}"),
    ),
}
"""What stands in a place, where it is a word of ours and no value."""
