"""What those who help need to see: one zip file without secrets and without personal data."""

from agent.support.bundle import Bundle
from agent.support.environment import environment
from agent.support.outside import Outside, configuration_outside

__all__ = ["Bundle", "Outside", "configuration_outside", "environment"]
