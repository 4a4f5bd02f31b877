"""Everything that the pages say, in each language; one file a subject."""

from __future__ import annotations

from collections.abc import Mapping

from agent.dashboard.texts import (
    access,
    alerts,
    configuration,
    conflicts,
    deeds,
    errors,
    explanations,
    flows,
    frame,
    jobs,
    kpis,
    logs,
    orders,
    overview,
    people,
    records,
    resync,
    timeline,
)
from agent.language import Text

TEXTS: Mapping[str, Text] = {
    **access.TEXTS,
    **alerts.TEXTS,
    **configuration.TEXTS,
    **conflicts.TEXTS,
    **deeds.TEXTS,
    **errors.TEXTS,
    **explanations.TEXTS,
    **flows.TEXTS,
    **frame.TEXTS,
    **jobs.TEXTS,
    **kpis.TEXTS,
    **logs.TEXTS,
    **orders.TEXTS,
    **overview.TEXTS,
    **people.TEXTS,
    **records.TEXTS,
    **resync.TEXTS,
    **timeline.TEXTS,
}
"""Name → text. Reasons that another system gave stand in pages as they were given."""
