"""The pages, one file a subject."""

from __future__ import annotations

from agent.dashboard.pages import (
    alerts,
    audit,
    configuration,
    conflicts,
    decisions,
    edits,
    errors,
    flows,
    jobs,
    kpis,
    logs,
    orders,
    overview,
    records,
    resync,
    search,
    timeline,
    users,
)
from agent.dashboard.pages.page import Page

PAGES: tuple[Page, ...] = (
    *overview.PAGES,
    *orders.PAGES,
    *errors.PAGES,
    *jobs.PAGES,
    *flows.PAGES,
    *alerts.PAGES,
    *timeline.PAGES,
    *search.PAGES,
    *records.PAGES,
    *decisions.PAGES,
    *edits.PAGES,
    *resync.PAGES,
    *conflicts.PAGES,
    *kpis.PAGES,
    *configuration.PAGES,
    *logs.PAGES,
    *users.PAGES,
    *audit.PAGES,
)
"""Every page behind the log-in."""

__all__ = ["PAGES", "Page"]
