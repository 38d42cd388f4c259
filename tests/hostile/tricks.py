"""Texts that are something else to somebody who takes them for more than text, and a graph that is made of them."""

from collections.abc import Iterator

import pyoxigraph as ox

TEXTS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "` onfocus=`alert(1)` autofocus",
    "</title></textarea></pre><svg onload=alert(1)>",
    "<!-- --><![CDATA[ ]]> -->",
    "&lt;b&gt; &amp;quot; &#60;i&#62; &unknown;",
    "{{ 7 * 7 }} {% raw %} ${7*7} #{7*7}",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/x",
    "a\r\nSet-Cookie: a=b\r\n\r\n<html>",
    "line\nfeed, carriage\rreturn, tab\tand no-break\u00a0space",
    "separators \u2028 \u2029 \u0085",
    "\u202eright to left\u202c",
    "=cmd|'/C calc'!A0",
    "+1",
    "-1",
    "@SUM(1+1)",
    'comma, "quotes"; semicolon',
    "\"\"\"'''\\ \\n \\u003cscript\\u003e \\",
    '" . <urn:evil> <urn:evil> "evil',
    "</literal></binding></result></rdf:RDF>",
    '"}],"evil":true,"x":[{"',
    "%3Cscript%3E %0d%0a %00 %",
    "../../etc/passwd",
    "\U0001f680 é œ 日本 \u0300",
    " spaces  around ",
)
ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "\tjavascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//evil.example/x",
    "/\\evil.example/x",
    "\\\\evil.example\\x",
    "https:evil",
    "http://",
    'https://evil.example/"onmouseover="alert(1)',
    "https://evil.example/'onmouseover='alert(1)",
    "https://evil.example/<script>",
    "not an address",
    "https://good.example/a?b=c&d=e",
)
IRIS = (
    "javascript:alert(1)",
    "data:text/html,alert(1)",
    "urn:x:'onmouseover='alert(1)",
    "https://evil.example/a,b'c&d;e",
)
PREFIXES = """
@prefix ak: <https://w3id.org/alpine-kg/ontology#> .
@prefix id: <https://w3id.org/alpine-kg/id/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ENTITY = "https://w3id.org/alpine-kg/id/"


def _text(value: str, language: str = "") -> str:
    return str(ox.Literal(value, language=language or None))


def _entities() -> Iterator[str]:
    """One vehicle, announcement, source, quote and claim a text, which has it wherever a text can be."""
    for number, value in enumerate(TEXTS):
        plain, fr, en = _text(value), _text(value, "fr"), _text(value, "en")
        yield (
            f"<{ENTITY}vehicle/trick-{number}> a ak:Vehicle ; rdfs:label {plain} ; skos:altLabel {fr}, {en} ;"
            f" ak:codeName {plain} ."
        )
        yield (
            f"<{ENTITY}announcement/trick-{number}> a ak:Announcement ; rdfs:label {fr}, {en} ; ak:summary {fr}, {en} ;"
            f" ak:date {plain} ."
        )
        yield (
            f"<{ENTITY}source/trick-{number}> a ak:Source ; rdfs:label {fr}, {en} ; ak:publisher {plain} ; ak:language {plain} ;"
            f" ak:published {plain} ; ak:reports <{ENTITY}announcement/trick-{number}> ."
        )
        yield (
            f"<{ENTITY}quote/trick-{number}> a ak:Quote ; oa:exact {plain} ; oa:prefix {plain} ;"
            f" ak:quotedFrom <{ENTITY}source/trick-{number}> ."
        )
        yield (
            f"<{ENTITY}claim/trick-{number}> a ak:Claim ; rdf:subject <{ENTITY}vehicle/trick-{number}> ;"
            f" rdf:predicate ak:codeName ; rdf:object {plain} ; ak:due {plain} ; ak:amount {plain} ; ak:unit ak:Trick ;"
            f" ak:announcedIn <{ENTITY}announcement/trick-{number}> ; ak:statedIn <{ENTITY}source/trick-{number}> ;"
            f" ak:quote <{ENTITY}quote/trick-{number}> ; ak:note {fr}, {en} ; ak:reason {fr}, {en} ; ak:modality ak:Trick ;"
            " ak:basis ak:Inferred ."
        )


def _sources() -> Iterator[str]:
    for number, address in enumerate(ADDRESSES):
        yield (
            f'<{ENTITY}source/address-{number}> a ak:Source ; rdfs:label "address {number}" ;'
            f" ak:url {_text(address)}^^xsd:anyURI ."
        )
        yield (
            f"<{ENTITY}claim/address-{number}> a ak:Claim ; rdf:subject <{ENTITY}vehicle/trick-0> ; rdf:predicate ak:brand ;"
            f" rdf:object {_text(address)}^^xsd:anyURI ; ak:statedIn <{ENTITY}source/address-{number}> ."
        )
    for number, iri in enumerate(IRIS):
        yield (
            f"<{ENTITY}claim/iri-{number}> a ak:Claim ; rdf:subject <{ENTITY}vehicle/trick-0> ; rdf:predicate <{iri}> ;"
            f" rdf:object <{iri}> ; ak:announcedIn <{iri}> ; ak:statedIn <{iri}> ; ak:fulfils <{iri}> ; ak:modality <{iri}> ."
        )


DATA = PREFIXES + "\n".join(
    [
        *_entities(),
        *_sources(),
        f"<{ENTITY}vehicle/trick-0> a <http://other.example/ns#T> ; <http://other.example/ns#is/a> <http://other.example/#x> .",
        f'<{ENTITY}vehicle/endless> a ak:Vehicle ; rdfs:label "endless" ; ak:power {"9" * 5_000}, {"9" * 400}.5, 1e999 .',
    ]
)
ONTOLOGY = PREFIXES + "\n".join(
    [
        *(
            f"ak:Trick{number} a owl:Class ; rdfs:label {_text(value, 'fr')}, {_text(value, 'en')} ;"
            f" skos:definition {_text(value, 'fr')}, {_text(value, 'en')} ."
            for number, value in enumerate(TEXTS)
        ),
        *(f"ak:Trick0 rdfs:subClassOf <{iri}> . ak:trick rdfs:domain <{iri}> ; rdfs:range <{iri}> ." for iri in IRIS),
        f"ak:trick a owl:DatatypeProperty ; rdfs:label {_text(TEXTS[0], 'fr')}, {_text(TEXTS[0], 'en')} .",
        f"ak:Trick a ak:Modality ; rdfs:label {_text(TEXTS[2], 'fr')}, {_text(TEXTS[2], 'en')} .",
    ]
)
QUERY = f"""#+ summary: {{fr: '{TEXTS[0]}', en: '{TEXTS[2]}'}}
#+ parameters:
#+   - {{name: text, type: string, summary: {{fr: '{TEXTS[0]}', en: '{TEXTS[2]}'}}}}
SELECT ?text ?iri {{
  VALUES ?_text {{ "'><script>alert(1)</script>" }}
  BIND(?_text AS ?text)
  VALUES ?iri {{ {" ".join(f"<{iri}>" for iri in IRIS)} }}
}}
"""
