"""A tiny graph root that says one number in many places, so that a mixture of two states cannot hide."""

import os
from pathlib import Path

from alpine_kg.root import FOLDERS

PLANT = "https://w3id.org/alpine-kg/id/plant/number"
NUMBER = "urn:number:"
GRAPH = "https://w3id.org/alpine-kg/graph/"
COPIES = 8
_HEAD = """@prefix ak: <https://w3id.org/alpine-kg/ontology#> .
@prefix plant: <https://w3id.org/alpine-kg/id/plant/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
_FILES = {
    "ontology/small.ttl": f"{_HEAD}ak:Plant rdfs:label 'plant'@en ; rdfs:isDefinedBy <https://w3id.org/alpine-kg/ontology> .\n",
    "ontology/context.jsonld": '{"@context": {"id": "@id", "type": "@type", "any": "@none"}}',
    "queries/derive/derived.rq": (
        f"CONSTRUCT {{ ?s <urn:derived> ?o }} WHERE {{ GRAPH <{GRAPH}plants> {{ ?s <{NUMBER}0> ?o }} }}"
    ),
}


def make_root(folder: Path, number: int = 0) -> Path:
    """Write the root with a number and return its folder."""
    for part in FOLDERS:
        (folder / part).mkdir(parents=True, exist_ok=True)
    for name, text in _FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    set_number(folder, number)
    return folder


def set_number(root: Path, number: int) -> None:
    """Change the root's number in one file, at once."""
    path = root / "data" / "plants.ttl"
    written = path.with_suffix(".new")
    written.write_text(plants(number), encoding="utf-8")
    os.replace(written, path)


def plants(number: int) -> str:
    """Return the Turtle file of plants with a number."""
    facts = " ; ".join(f"<{NUMBER}{copy}> {number}" for copy in range(COPIES))
    return f"{_HEAD}plant:number a ak:Plant ; rdfs:label '{number}' ; {facts} .\n"


EVERYWHERE = f"""SELECT DISTINCT ?number WHERE {{
  {{ GRAPH <{GRAPH}plants> {{ <{PLANT}> ?p ?number FILTER(STRSTARTS(STR(?p), "{NUMBER}")) }} }}
  UNION {{ GRAPH <{GRAPH}derived> {{ <{PLANT}> <urn:derived> ?number }} }}
  UNION {{ <{PLANT}> ?p ?number FILTER(?p = <urn:derived> || STRSTARTS(STR(?p), "{NUMBER}")) }}
}}"""
"""Gives one row when the graph, what is derived from it and their merge are of one state."""
