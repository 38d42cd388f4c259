#+ summary: {fr: "Dire qu'une version est là tout entière", en: "Say that a version is there as a whole"}
#+ parameters:
#+   - {name: version, type: string, summary: {fr: "La version", en: "The version"}}
INSERT { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:version> ?_version } }
WHERE { VALUES ?_version { "none" } } ;
DELETE { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> ?what ?value } }
WHERE {
  VALUES ?what { <urn:alpine-kg:publisher> <urn:alpine-kg:sign> }
  GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> ?what ?value }
}
