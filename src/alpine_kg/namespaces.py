"""The only place with IRI prefixes: the vocabulary's, the entities' and those of the vocabularies that we reuse."""

import re
from typing import Final

BASE: Final = "https://w3id.org/alpine-kg/"
AK: Final = BASE + "ontology#"
AKSH: Final = BASE + "shapes#"
FUNCTION: Final = BASE + "function#"
ENTITY: Final = BASE + "id/"
GRAPH: Final = BASE + "graph/"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
SH: Final = "http://www.w3.org/ns/shacl#"
OA: Final = "http://www.w3.org/ns/oa#"
EDTF_NAMESPACE: Final = "http://id.loc.gov/datatypes/edtf/"
EDTF: Final = EDTF_NAMESPACE + "EDTF"

KINDS: Final[dict[str, str]] = {
    "person": "people",
    "organization": "organizations",
    "vehicle": "vehicles",
    "component": "components",
    "plant": "plants",
    "site": "sites",
    "platform": "platforms",
    "plan": "plans",
    "place": "places",
    "post": "posts",
    "aim": "aims",
    "award": "awards",
    "event": "events",
    "announcement": "announcements",
    "source": "sources",
    "claim": "claims",
    "quote": "quotes",
}
"""Each kind of entity, as its IRIs spell it, with the name of its list."""

PREFIXES: Final[dict[str, str]] = {
    "ak": AK,
    "aksh": AKSH,
    "akf": FUNCTION,
    "akg": GRAPH,
    **{kind: f"{ENTITY}{kind}/" for kind in KINDS},
    "cur": "http://qudt.org/vocab/currency/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": EDTF_NAMESPACE,
    "foaf": "http://xmlns.com/foaf/0.1/",
    "formats": "http://www.w3.org/ns/formats/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "oa": OA,
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": SH,
    "skos": SKOS,
    "spdx": "http://spdx.org/rdf/terms#",
    "unit": "http://qudt.org/vocab/unit/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}
"""Every prefix that this project writes, in the order in which files declare them."""

SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ENTITY_IRI: Final = re.compile(re.escape(ENTITY) + rf"([a-z]+)/({SLUG.pattern})")


def entity_iri(kind: str, slug: str) -> str:
    """Return the IRI of an entity.

    >>> entity_iri("plant", "dieppe")
    'https://w3id.org/alpine-kg/id/plant/dieppe'
    """
    return f"{ENTITY}{kind}/{slug}"


def split_entity(iri: str) -> tuple[str, str] | None:
    """Return the kind and slug in an entity's IRI, or None for any other IRI.

    >>> split_entity("https://w3id.org/alpine-kg/id/plant/dieppe")
    ('plant', 'dieppe')
    >>> split_entity("https://schema.org/Person") is None
    True
    """
    match = _ENTITY_IRI.fullmatch(iri)
    return (match[1], match[2]) if match and match[1] in KINDS else None


def shorten(iri: str) -> str:
    """Return the prefixed name of an IRI where this project has a prefix for it, else the IRI itself.

    >>> shorten("https://w3id.org/alpine-kg/ontology#producedAt")
    'ak:producedAt'
    """
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]*", local):
            return f"{prefix}:{local}"
    return iri


def expand(name: str) -> str:
    """Return the IRI of a prefixed name; anything else comes back as it is.

    >>> expand("plant:dieppe")
    'https://w3id.org/alpine-kg/id/plant/dieppe'
    """
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES and not local.startswith("//") else name


def local_name(iri: str) -> str:
    """Return what stands after the last `#`, `/` or `:` of an IRI.

    >>> local_name("https://w3id.org/alpine-kg/ontology#producedAt")
    'producedAt'
    """
    return re.split(r"[#/:]", iri)[-1]
