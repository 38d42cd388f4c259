"""The graph: one object that opens a root, looks up, searches, asks, validates and exports."""

from alpine_kg.graph.catalogue import Page
from alpine_kg.graph.description import Description
from alpine_kg.graph.export import EXPORTS
from alpine_kg.graph.hit import Hit
from alpine_kg.graph.hits import Hits
from alpine_kg.graph.knowledge import KnowledgeGraph

__all__ = ["EXPORTS", "Description", "Hit", "Hits", "KnowledgeGraph", "Page"]
