"""Flows and targets are names outside and small integers inside."""

from __future__ import annotations

from agent.store.database import Database

UNKNOWN = 0
"""The number that no flow and no target has."""


def flow_number(database: Database, name: str) -> int:
    """The flow's number; UNKNOWN before anything was kept for it."""
    return database.value("SELECT id FROM flow WHERE name = ?", (name,)) or UNKNOWN


def enter_flow(database: Database, name: str) -> int:
    """The flow's number, a new one for a new flow; within a transaction."""
    database.write("INSERT INTO flow (name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
    return flow_number(database, name)


def target_number(database: Database, name: str) -> int:
    """The target's number; UNKNOWN before anything was kept for it."""
    return database.value("SELECT id FROM target WHERE name = ?", (name,)) or UNKNOWN


def enter_target(database: Database, name: str) -> int:
    """The target's number, a new one for a new target; within a transaction."""
    database.write("INSERT INTO target (name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
    return target_number(database, name)
