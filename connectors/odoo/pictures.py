"""Pictures: fetched by the agent, for Odoo takes bytes; the first one is the product's own.

Further ones are records of the website's shop, with their file's name. Which addresses were sent,
and the ids of those records, are remembered in the reference of the product.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from agent.model import Json
from connectors._platform.pictures import mark, read_marks, stem, written_marks
from connectors.odoo.writing import Writing

TEMPLATE, IMAGE = "product.template", "product.image"
MAIN, GALLERY = "image_1920", "product_template_image_ids"
OWN = "0"
"""In place of an id: the picture that is the product's own."""
Wanted = Mapping[str, str]
"""Mark → address, in the order in which they are shown."""


def wanted_by(work: Writing, record: Mapping[str, Json]) -> Wanted | None:
    """What the record wants to be shown; None where it says nothing, or pictures are not written.

    Without a shop on the website a product has one picture.
    """
    if work.pictures is None or "images" not in record:
        return None
    most = None if GALLERY in work.fields(TEMPLATE) else 1
    return {mark(each): each for each in work.pictures.addresses(record)[:most]}


def of_new(work: Writing, wanted: Wanted) -> dict[str, Json]:
    """Fields of a new product."""
    return _changes(work, wanted, {}, {})


def renew(work: Writing, template: int, wanted: Wanted, kept: str, *, doubtful: bool) -> str:
    """Have a product that is there show these; what is to be remembered.

    A product that has a picture, and none from here, keeps to it.
    """
    known = read_marks(kept)
    if list(known) == list(wanted) and not doubtful:
        return kept
    if not known and not doubtful and _is_pictured(work, template):
        return kept
    gallery = _gallery(work, template)
    known = {name: id_ for name, id_ in known.items() if id_ == OWN or int(id_) in gallery}
    if doubtful:
        known = _named(wanted, known, gallery) | known
    if values := _changes(work, wanted, known, gallery):
        work.write(TEMPLATE, [template], values)
    return remembered(work, template, wanted, known)


def remembered(
    work: Writing, template: int, wanted: Wanted, known: Mapping[str, str] | None = None
) -> str:
    """Which of these are where, once they are written."""
    names = list(wanted)
    known = {name: id_ for name, id_ in (known or {}).items() if name in names[1:] and id_ != OWN}
    if len(known) < len(names[1:]):
        known = _named(wanted, known, _gallery(work, template)) | known
    return written_marks(
        [(n, OWN) for n in names[:1]] + [(n, known[n]) for n in names[1:] if n in known]
    )


def _changes(
    work: Writing,
    wanted: Wanted,
    known: Mapping[str, str],
    gallery: Mapping[int, Mapping[str, Any]],
) -> dict[str, Json]:
    """The fields of the product that make it so, all in one transaction."""
    first = next(iter(wanted), "")
    values: dict[str, Json] = {}
    if first and known.get(first) != OWN:
        values[MAIN] = _content(work, wanted[first])
    elif not first and OWN in known.values():
        values[MAIN] = False
    rest = [name for name in wanted if name != first]
    commands: list[Json] = []
    for place, name in enumerate(rest, 1):
        id_ = known.get(name, OWN)
        if id_ == OWN:
            new = {"name": stem(wanted[name]), "sequence": place}
            commands.append([0, 0, {**new, MAIN: _content(work, wanted[name])}])
        elif gallery[int(id_)]["sequence"] != place:
            commands.append([1, int(id_), {"sequence": place}])
    gone = (id_ for name, id_ in known.items() if name not in rest and id_ != OWN)
    commands += [[2, int(id_), 0] for id_ in gone]
    return values | ({GALLERY: commands} if commands else {})


def _content(work: Writing, address: str) -> str:
    assert work.pictures is not None  # noqa: S101 - nothing is wanted without
    return b64encode(work.pictures.fetch(address).body).decode()


def _is_pictured(work: Writing, template: int) -> bool:
    place = [["id", "=", template], [MAIN, "!=", False]]
    return bool(work.search(TEMPLATE, place, ["id"]))


def _gallery(work: Writing, template: int) -> dict[int, Mapping[str, Any]]:
    """The further pictures of a product, the oldest first."""
    if GALLERY not in work.fields(TEMPLATE):
        return {}
    found = work.search(IMAGE, [["product_tmpl_id", "=", template]], ["name", "sequence"])
    return {each["id"]: each for each in found}


def _named(
    wanted: Wanted, known: Mapping[str, str], gallery: Mapping[int, Mapping[str, Any]]
) -> dict[str, str]:
    """Mark → id of those that nobody remembers, by the name of their file, in their order."""
    taken = set(known.values())
    free = [(str(id_), each["name"]) for id_, each in gallery.items() if str(id_) not in taken]
    found: dict[str, str] = {}
    for name, address in list(wanted.items())[1:]:
        if name not in known and (id_ := _first(free, stem(address))):
            found[name] = id_
    return found


def _first(free: list[tuple[str, str]], name: str) -> str:
    """The first one of this name, which is free no longer; "" for none."""
    for place, (id_, given) in enumerate(free):
        if given == name:
            del free[place]
            return id_
    return ""
