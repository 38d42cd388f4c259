#+ summary: {fr: "Annoncer une publication, si personne d'autre ne publie", en: "Announce a publication, if nobody else publishes"}
#+ parameters:
#+   - {name: publisher, type: string, summary: {fr: "Qui publie", en: "Who publishes"}}
INSERT { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:publisher> ?_publisher } }
WHERE {
  VALUES ?_publisher { "nobody" }
  FILTER NOT EXISTS { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:publisher> ?other } }
}
