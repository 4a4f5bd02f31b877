"""What `check` says of a shop: its version, its languages, what the options name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from agent.contract import Finding
from connectors.prestashop import versions
from connectors.prestashop.writing import Writing


def findings(work: Writing, today: date) -> Iterator[Finding]:
    """Reach it, log in, change nothing."""
    options, service = work.options, work.service
    languages = service.languages
    yield from versions.findings(service.version, today)
    yield Finding("languages", ", ".join(languages.values()))
    wanted = options.language
    if wanted and wanted not in languages.values():
        yield Finding("language", f"{wanted} is not active in the shop", warning=True)
    home = service.get("categories", str(options.root_category))
    told = "there" if home else "not there: correct root_category"
    yield Finding(f"category {options.root_category}", told, warning=home is None)
    if options.statuses:
        known = service.codes("order_states", "id")
        missing = [name for name, id_ in options.statuses.items() if str(id_) not in known]
        told = f"no such state for {', '.join(missing)}" if missing else "all there"
        yield Finding("states of orders", told, warning=bool(missing))
