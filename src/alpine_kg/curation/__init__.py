"""The curator's hand: writes announcements, entities and claims into the files of a root as a curator would."""

from alpine_kg.curation.announcements import Announcement, Document
from alpine_kg.curation.claims import Statement
from alpine_kg.curation.desk import Desk
from alpine_kg.curation.entities import Entity

__all__ = ["Announcement", "Desk", "Document", "Entity", "Statement"]
