"""Who is told what is amiss, when, and once.

A look at everything (`survey`, `checks`) gives the troubles of this moment; `plan` compares them
with what was told before and says what is told now; `watch` commits both together. Each address is
a target with a delivery of its own, so that what waits, is tried again or is limited is so by the
means of the engine.
"""

from __future__ import annotations

from agent.alerts.watch import Alerts

__all__ = ["Alerts"]
