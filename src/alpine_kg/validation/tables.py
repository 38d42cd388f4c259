"""The tables of a validation's state, with their indexes."""

import hashlib
from typing import Final

TABLES: Final = {
    "about": "key TEXT PRIMARY KEY, value TEXT",
    "files": "id INTEGER PRIMARY KEY, name TEXT UNIQUE, graph TEXT, digest TEXT, triples INTEGER, quotes INTEGER,"
    " vocabulary INTEGER, broken INTEGER, stamp TEXT",
    # Apart from the files, all of which are gone through each time.
    "properties": "file INTEGER, names TEXT",
    "kinds": "file INTEGER, kind TEXT, subjects INTEGER",
    "records": "file INTEGER, subject TEXT, kind TEXT, typed INTEGER, mentions TEXT, triples BLOB",
    "shared": "subject TEXT PRIMARY KEY",
    "mentions": "object TEXT, subject TEXT, file INTEGER",
    "links": "key TEXT, source TEXT, target TEXT, file INTEGER",
    "failures": "focus TEXT, failure TEXT, whole INTEGER",
}
LAYOUT: Final = hashlib.sha256(repr(TABLES).encode()).hexdigest()
"""Part of what a state belongs to: one of other tables is made anew."""
INDEXES: Final = {
    "properties": ("file",),
    "kinds": ("file",),
    "records": ("subject", "file", "kind, subject"),
    "mentions": ("object, subject", "file"),
    "links": ("source, key, target", "target, key, source", "file"),
    "failures": ("focus",),
}
OF_FILE: Final = ("properties", "kinds", "records", "mentions", "links")
"""The tables whose rows belong to a file."""
