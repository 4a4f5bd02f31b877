"""How well the agent did: figures by hour for thirteen months, and the KPIs that follow."""

from agent.kpi.collecting import Collector
from agent.kpi.durations import quantile, typical
from agent.kpi.figures import AGENT, FLOW, TARGET, THE_AGENT, Figures, Kpi, kpis
from agent.kpi.meter import Meter

__all__ = [
    "AGENT",
    "FLOW",
    "TARGET",
    "THE_AGENT",
    "Collector",
    "Figures",
    "Kpi",
    "Meter",
    "kpis",
    "quantile",
    "typical",
]
