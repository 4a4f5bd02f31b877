"""Why a picture or a document does not go through: its folder, its bytes, its address."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

_ASTRAY = (
    Text("{path} is no path below a folder", "{path} non è un percorso sotto una cartella"),
    Text("{path} leads through a link", "{path} passa per un collegamento"),
    Text("{path} is no file", "{path} non è un file"),
)

HINTED: Mapping[str, tuple[Text, ...]] = {
    "SA-5405": (
        Text(
            "the picture {address} is no address from which the shop could fetch it",
            "l'immagine {address} non è un indirizzo da cui il negozio può scaricarla",
        ),
    ),
    "SA-5464": (
        Text(
            "the picture {address} does not lie below images_from",
            "l'immagine {address} non si trova sotto images_from",
        ),
        Text(
            "the picture {address} has more than {limit} bytes",
            "l'immagine {address} ha più di {limit} byte",
        ),
        Text(
            "there is no picture at {address} ({status})",
            "all'indirizzo {address} l'immagine non c'è ({status})",
        ),
        Text("{address} is of no named type", "{address} non dice di che tipo è"),
        Text("{address} is {media_type}", "{address} è di tipo {media_type}"),
    ),
}
"""Behind many of these stands a hint, in English only."""

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-2704": (
        Text(
            "the folder {folder} cannot be read: {fault}",
            "la cartella {folder} non si può leggere: {fault}",
        ),
    ),
    "SA-2705": (
        Text(
            "it is a link; links are not followed",
            "è un collegamento; i collegamenti non vengono seguiti",
        ),
        Text(
            "{path} is a link to a folder; links are not followed",
            "{path} è un collegamento a una cartella; i collegamenti non vengono seguiti",
        ),
        *_ASTRAY,
    ),
    "SA-2706": (Text("the name {name} is not valid text", "il nome {name} non è un testo valido"),),
    "SA-2707": (
        Text("the file cannot be read: {fault}", "il file non si può leggere: {fault}"),
        Text(
            "the file changed while the folder was read",
            "il file è cambiato durante la lettura della cartella",
        ),
        Text(
            "the file went while the folder was read",
            "il file è sparito durante la lettura della cartella",
        ),
    ),
    "SA-2708": (
        Text("the file is empty", "il file è vuoto"),
        Text(
            "the file has {size} bytes, {largest} are allowed",
            "il file ha {size} byte, ne sono ammessi {largest}",
        ),
    ),
    "SA-2709": (
        Text(
            "its content is of no known type, not one of {types}",
            "il contenuto è di un tipo sconosciuto, non uno di {types}",
        ),
        Text(
            "its content is {media_type}, not one of {types}",
            "il contenuto è {media_type}, non uno di {types}",
        ),
    ),
    "SA-5251": (
        Text(
            "the shop does not hold the content of this record, and {gap}",
            "il negozio non ha il contenuto di questo record, e {gap}",
        ),
    ),
    "SA-5252": (
        Text(
            "{path} changed since its folder was read: {change}",
            "{path} è cambiato dopo la lettura della sua cartella: {change}",
        ),
    ),
    "SA-5253": (
        Text("{path} is not there any more", "{path} non c'è più"),
        Text("{path} is locked", "{path} è bloccato"),
    ),
    "SA-5254": (
        Text(
            "the shop refuses this content: it answered {status}",
            "il negozio rifiuta questo contenuto: ha risposto {status}",
        ),
        Text(
            "the shop refuses this content: {said}", "il negozio rifiuta questo contenuto: {said}"
        ),
    ),
    "SA-5255": (Text("not sent: {astray}", "non inviato: {astray}"),),
}

PLACES: Mapping[str, tuple[Text, ...]] = {
    "astray": _ASTRAY,
    "gap": (
        Text(
            "no folder is listed under `contents`", "nessuna cartella è elencata sotto `contents`"
        ),
        Text("it has no path", "il suo percorso manca"),
    ),
    "change": (
        Text("it is shorter than it was", "è più corto di prima"),
        Text("it is longer than it was", "è più lungo di prima"),
        Text("it holds other bytes than it did", "contiene byte diversi da prima"),
    ),
}
