"""The graph as of a day over HTTP: names, posts and lists of then, notices and links that keep the day, limits and refusals."""

PREFIXES = """
@prefix ak: <https://w3id.org/alpine-kg/ontology#> .
@prefix announcement: <https://w3id.org/alpine-kg/id/announcement/> .
@prefix claim: <https://w3id.org/alpine-kg/id/claim/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix organization: <https://w3id.org/alpine-kg/id/organization/> .
@prefix person: <https://w3id.org/alpine-kg/id/person/> .
@prefix plant: <https://w3id.org/alpine-kg/id/plant/> .
@prefix post: <https://w3id.org/alpine-kg/id/post/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix source: <https://w3id.org/alpine-kg/id/source/> .
@prefix vehicle: <https://w3id.org/alpine-kg/id/vehicle/> .
"""
