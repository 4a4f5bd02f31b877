"""Pictures: fetched by the agent and uploaded, for the web service takes bytes alone.

The shop tells nothing by which a picture could be known again: neither name nor address, and its
bytes are another file's. So the ids of those that we uploaded are remembered in the reference of
the product. What other people uploaded is left alone.
"""

from __future__ import annotations

from agent.errors import Rejected
from agent.model import Message
from connectors._canonical import Data
from connectors._platform.pictures import PictureServer, mark, read_marks, written_marks
from connectors.prestashop.entities import Entity
from connectors.prestashop.writing import Writing


def renew(work: Writing, product: Entity, data: Data, kept: str, message: Message) -> str:
    """Have the product show these pictures, the first one as its cover; what is to be remembered.

    A product that has pictures, and none from here, keeps to them.
    """
    server = work.pictures
    if server is None or "images" not in data:
        return kept
    wanted = {mark(each): each for each in server.addresses(data)}
    there = _ids(product)
    known = {name: id_ for name, id_ in read_marks(kept).items() if id_ in there}
    if message.doubtful:
        known |= _uploaded_before(list(wanted), known, there)
    elif there and not known:
        return kept
    missing = {name: address for name, address in wanted.items() if name not in known}
    known |= _upload(work, server, product, missing)
    for name in known.keys() - wanted.keys():
        work.service.delete(_place(product), known.pop(name))
    ours = [(name, known[name]) for name in wanted]
    if ours and product.get("id_default_image") != ours[0][1]:
        _make_cover(work, product, ours[0][1])
    return written_marks(ours)


def _uploaded_before(wanted: list[str], known: dict[str, str], there: list[str]) -> dict[str, str]:
    """What an earlier attempt whose answer got lost must have uploaded: it went in this order."""
    missing = [name for name in wanted if name not in known]
    unaccounted = [id_ for id_ in there if id_ not in known.values()]
    return dict(zip(missing, unaccounted, strict=False))


def _upload(
    work: Writing, server: PictureServer, product: Entity, missing: dict[str, str]
) -> dict[str, str]:
    """Mark → id of what was uploaded: all, or where the shop refuses one of them, none."""
    pictures = [server.fetch(address) for address in missing.values()]
    if not pictures:
        return {}
    try:
        for picture in pictures:
            work.service.upload(_place(product), picture)
    except Rejected:
        for id_ in _new(work, product):
            work.service.delete(_place(product), id_)
        raise
    return dict(zip(missing, _new(work, product), strict=True))


def _new(work: Writing, product: Entity) -> list[str]:
    """Ids of the pictures that were not there before, in the order in which they were uploaded."""
    now = work.service.get("products", product["id"])
    before = _ids(product)
    found = [id_ for id_ in _ids(now or {}) if id_ not in before]
    product["id_default_image"] = (now or {}).get("id_default_image", "")
    return found


def _make_cover(work: Writing, product: Entity, id_: str) -> None:
    """Asked for anew: where the whole goes back, it has to be what was just written."""
    current = work.service.get("products", product["id"])
    if current is not None:
        work.change("products", current, {"id_default_image": id_})


def _ids(product: Entity) -> list[str]:
    """Ids only grow."""
    listed = product.get("associations", {}).get("images", [])
    return sorted((each["id"] for each in listed), key=int)


def _place(product: Entity) -> str:
    return f"images/products/{product['id']}"
