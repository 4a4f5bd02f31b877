"""Files as they really arrive: half written, replaced, cut off, wrong in every way."""

from __future__ import annotations

from tests.faults.site import Site


def test_keys_that_vanish_while_as_many_are_new_are_deleted(site: Site) -> None:
    """Found by seeded crashes: new rows taken over in an early part hid those that were missing."""
    old = {f"P{number:02}": f"{number}.5" for number in range(20)}
    new = {f"P{number:02}": f"{number}.7" for number in range(2, 22)}
    site.prices = {key: new[key] for key in reversed(new)}
    site.drop_file(site.price_list(old))
    site.sync()
    site.drop_file(site.price_list(site.prices))
    site.sync()
    site.assert_at_rest()
