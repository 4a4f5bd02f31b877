"""Where other systems call us: doors, what is let in, and the inbox in which it waits.

An event is committed before it is acknowledged. What it means is its kind's affair.
"""

from __future__ import annotations

from agent.receiving.doors import Doors, check_entrances
from agent.receiving.inbox import Mailbox, attended
from agent.receiving.reception import Entrance

__all__ = ["Doors", "Entrance", "Mailbox", "attended", "check_entrances"]
