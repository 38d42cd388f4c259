"""A knowledge graph of corporate announcements: what was promised, by whom, due when, and in which words."""

__version__ = "0.1.0"
