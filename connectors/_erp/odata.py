"""Questions to an ERP that speaks OData: entities of which a property has one of some values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from agent.model import Json
from connectors._rest.questions import Question

if TYPE_CHECKING:
    from connectors._erp.asking import Asking

AT_ONCE = 20
"""Values in one question: some 2,000 characters of an address, which every proxy passes on."""
LARGE_PAGES = {"accept": "application/json", "prefer": "odata.maxpagesize=1000"}


def having(
    asking: Asking,
    entity_set: str,
    names: str | Sequence[str],
    values: Sequence[str],
    select: Sequence[str],
    condition: str = "",
) -> Iterator[dict[str, Any]]:
    """The entities of which one of these properties has one of these values."""
    properties = [names] if isinstance(names, str) else names
    for start in range(0, len(values), AT_ONCE):
        some = values[start : start + AT_ONCE]
        wanted = " or ".join(f"{name} eq {_text(each)}" for name in properties for each in some)
        parameters = {
            "$select": ",".join(dict.fromkeys(select)),
            "$filter": f"({wanted}) and {condition}" if condition else wanted,
        }
        question = Question(f"{asking.api.url}/{entity_set}", "GET", parameters, LARGE_PAGES)
        yield from _pages(asking, question)


def _pages(asking: Asking, question: Question) -> Iterator[dict[str, Any]]:
    request = question.request()
    while True:
        page: dict[str, Json] = asking.read(request)
        yield from page["value"]
        link = page.get("@odata.nextLink") or page.get("odata.nextLink")
        if not link:
            return
        request = question.at(asking.api.follow(question.url, str(link)))


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
