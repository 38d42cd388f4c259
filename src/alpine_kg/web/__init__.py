"""The web application over one `KnowledgeGraph`."""

from alpine_kg.web.application import create_app

__all__ = ["create_app"]
