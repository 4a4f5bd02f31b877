"""YAML → checked models. Only this room turns a `kind` into an object."""

from __future__ import annotations

from agent.config.alerts import AlertSettings
from agent.config.configuration import (
    Config,
    Connection,
    End,
    Flow,
    LookupEnd,
    OrdersEnd,
    SecretUse,
)
from agent.config.dashboard import DashboardSettings
from agent.config.loading import load
from agent.config.plain_secrets import masked
from agent.config.problems import ConfigurationProblems, Problem
from agent.config.reload import Change, ConfigFile
from agent.config.sections import sections
from agent.config.settings import (
    ApiSettings,
    Backup,
    Delivery,
    Guard,
    LogSettings,
    Reading,
    Schedule,
    Site,
    StoreSettings,
)
from agent.config.telemetry import TelemetrySettings

__all__ = [
    "AlertSettings",
    "ApiSettings",
    "Backup",
    "Change",
    "Config",
    "ConfigFile",
    "ConfigurationProblems",
    "Connection",
    "DashboardSettings",
    "Delivery",
    "End",
    "Flow",
    "Guard",
    "LogSettings",
    "LookupEnd",
    "OrdersEnd",
    "Problem",
    "Reading",
    "Schedule",
    "SecretUse",
    "Site",
    "StoreSettings",
    "TelemetrySettings",
    "load",
    "masked",
    "sections",
]
