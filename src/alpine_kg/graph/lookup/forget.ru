#+ summary: {fr: "Oublier des choses, et les liens qui y mènent", en: "Forget things, and the links that lead to them"}
#+ parameters:
#+   - {name: record, type: iri, summary: {fr: "Les choses", en: "The things"}}
DELETE { GRAPH ?graph { ?_record ?property ?value } }
WHERE {
  VALUES ?_record { <https://w3id.org/alpine-kg/id/plant/nowhere> }
  GRAPH ?graph { ?_record ?property ?value }
} ;
DELETE { GRAPH ?graph { ?origin ?link ?_record } }
WHERE {
  VALUES ?_record { <https://w3id.org/alpine-kg/id/plant/nowhere> }
  GRAPH ?graph { ?origin ?link ?_record }
}
