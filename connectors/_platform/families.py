"""Variants and the products above them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from agent.errors import Rejected
from connectors._canonical import Data, text
from connectors._platform.places import Place


def parents_of(
    variants: Iterable[Data],
    made: Mapping[str, Place],
    find: Callable[[list[str]], dict[str, Place]],
) -> dict[str, Place]:
    """Code → product: as this delivery made it, else as it is found."""
    codes = dict.fromkeys(text(data, "parent") for data in variants)
    missing = [code for code in codes if code not in made]
    there = {code: made[code] for code in codes if code in made}
    return there | (find(missing) if missing else {})


def below(parent: Place, data: Data, bound: Place | None) -> Place | None:
    """Where the variant is already, None where it is to be made. Raises `Rejected`."""
    code = text(data, "parent")
    if parent.variant:
        raise Rejected("SA-5412", f"its product {code} is itself a variant there")
    if not data.get("options"):
        raise Rejected(
            "SA-5412",
            f"a variant of {code} that says nothing in which it differs",
            hint="map options: a name and a value each",
        )
    if bound is None or not bound.variant:
        return None  # it stood alone when it was bound
    if bound.product != parent.product:
        raise Rejected(
            "SA-5403",
            f"it is a variant of product {bound.product} there, not of {parent.product}",
            hint="platforms move none: delete it there, then retry",
        )
    return bound
