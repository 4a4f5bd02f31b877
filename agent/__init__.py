"""SyncAgent's engine: it moves records between systems and knows none of them by name."""

__version__ = "0.1.0"
