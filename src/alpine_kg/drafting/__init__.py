"""Drafting: proposes entities and claims from an announcement's text; they count for nothing until a curator accepts them."""

from alpine_kg.drafting.drafts import Draft, draft

__all__ = ["Draft", "draft"]
