"""A tiny graph root that says each of its two numbers in many places, so that a mixture of two states cannot hide."""

from pathlib import Path

from alpine_kg.root import FOLDERS

GRAPH = "https://w3id.org/alpine-kg/graph/"
STEMS = ("plants", "vehicles")
"""The graphs that say a number: the first is written over HTTP where anything is, the second changes with its file."""
COPIES = 8
PLACES = 2 * (COPIES + 1) + 1
"""How often a number is found: its copies and its label, in their graph and in the merge of all, and what is derived."""
LOOK_UP = "/plant/number"
_ENTITY = "https://w3id.org/alpine-kg/id/{kind}/number"
_HEAD = """@prefix ak: <https://w3id.org/alpine-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
_TERM = "rdfs:isDefinedBy <https://w3id.org/alpine-kg/ontology>"
_FILES = {
    "ontology/small.ttl": f"{_HEAD}ak:Plant rdfs:label 'plant'@en ; {_TERM} . ak:Vehicle rdfs:label 'vehicle'@en ; {_TERM} .",
    "ontology/context.jsonld": '{"@context": {"id": "@id", "type": "@type", "any": "@none"}}',
    "queries/derive/derived.rq": (
        "CONSTRUCT { ?s <urn:derived> ?o } WHERE { VALUES ?p { <urn:plants:0> <urn:vehicles:0> } GRAPH ?g { ?s ?p ?o } }"
    ),
}


def make_root(folder: Path) -> Path:
    """Write the root with both numbers 0 and return its folder."""
    for part in FOLDERS:
        (folder / part).mkdir(parents=True, exist_ok=True)
    for name, text in _FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for stem in STEMS:
        set_number(folder, stem, 0)
    return folder


def set_number(root: Path, stem: str, number: int) -> None:
    """Change a number of the root in its file, at once."""
    path = root / "data" / f"{stem}.ttl"
    written = path.with_suffix(".new")
    written.write_text(turtle(stem, number), encoding="utf-8")
    written.replace(path)


def turtle(stem: str, number: int) -> str:
    """Return a file of the root with a number."""
    kind = stem.removesuffix("s")
    facts = " ; ".join(f"<urn:{stem}:{copy}> {number}" for copy in range(COPIES))
    return f"{_HEAD}<{_ENTITY.format(kind=kind)}> a ak:{kind.title()} ; rdfs:label '{number}' ; {facts} .\n"


def everywhere(stem: str) -> str:
    """Return a query for a number and how often it is found: one row while graph, merge and derivation are of one state."""
    entity = _ENTITY.format(kind=stem.removesuffix("s"))
    return f"""PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?number (COUNT(*) AS ?places) WHERE {{
  {{ GRAPH <{GRAPH}{stem}> {{ <{entity}> ?p ?found }} }}
  UNION {{ GRAPH <{GRAPH}derived> {{ <{entity}> <urn:derived> ?found }} }}
  UNION {{ <{entity}> ?p ?found FILTER(?p != <urn:derived>) }}
  FILTER(ISLITERAL(?found))
  BIND(xsd:integer(STR(?found)) AS ?number)
}} GROUP BY ?number"""
