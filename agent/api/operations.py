"""What can be asked of an agent and done to it: one function each, answers are JSON objects.

A question changes nothing and is asked with GET; a command is a POST. The command line calls the
same functions in its own process where no daemon is needed.
"""

from __future__ import annotations

from agent import __version__
from agent.api.activity import activity
from agent.api.alerts import acknowledge, alert_history, alerts, test_alerts
from agent.api.comparisons import repair, replay, verification
from agent.api.configuration import configuration, past_configuration
from agent.api.decisions import (
    accept,
    approve,
    confirm,
    conflicts,
    decide,
    drop,
    ignore,
    retry,
)
from agent.api.edits import edit, edit_form
from agent.api.engine import Engine
from agent.api.flow_settings import flow
from agent.api.flows import flows, pause, resume
from agent.api.inquiries import check, explain, preview
from agent.api.jobs import cancel, held, jobs, progress, request, run, runs
from agent.api.kpis import kpi, report
from agent.api.logs import logs
from agent.api.messages import causes, message, messages, resolved
from agent.api.operation import Answer, Operation, operation
from agent.api.orders import orders
from agent.api.people import (
    add_user,
    admit,
    audit,
    change_password,
    remove_user,
    set_password,
    set_role,
    user,
    users,
)
from agent.api.records import keys_between, record, search, whereabouts
from agent.api.rehearsal import rehearse
from agent.api.support import support_bundle
from agent.api.timeline import timeline


def ping(_engine: Engine) -> Answer:
    """Whether somebody is there, and which version."""
    return {"version": __version__}


def status(engine: Engine) -> Answer:
    """How the agent, its flows and its targets do."""
    return engine.status()


_QUESTIONS = (
    configuration, past_configuration, logs,
    kpi, report,
    search, record, keys_between, whereabouts, edit_form,
    ping, status, flows, flow, activity, progress, preview, explain, rehearse,
    verification, jobs, check, runs, run, held, timeline, messages, message,
    orders, conflicts, alerts, alert_history, causes, resolved, users, user, audit,
)  # fmt: skip
_PEOPLE = (admit, add_user, set_role, set_password, change_password, remove_user)
_COMMANDS = (
    edit, request, retry, confirm, accept, decide, ignore, approve, drop, pause, resume,
    cancel, repair, replay, acknowledge, test_alerts, support_bundle,
)  # fmt: skip

OPERATIONS: dict[str, Operation] = {
    **{each.__name__: operation(each, "GET") for each in _QUESTIONS},
    **{each.__name__: operation(each, "POST") for each in (*_COMMANDS, *_PEOPLE)},
}
"""Name → operation."""
