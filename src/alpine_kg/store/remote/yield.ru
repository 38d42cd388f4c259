#+ summary: {fr: "Retirer l'annonce d'une publication", en: "Take back the announcement of a publication"}
#+ parameters:
#+   - {name: publisher, type: string, summary: {fr: "Qui publie", en: "Who publishes"}}
DELETE { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:publisher> ?_publisher } }
WHERE {
  VALUES ?_publisher { "nobody" }
  GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:publisher> ?_publisher }
}
