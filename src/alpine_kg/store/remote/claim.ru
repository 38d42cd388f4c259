#+ summary: {fr: "Annoncer une publication", en: "Announce a publication"}
#+ parameters:
#+   - {name: publisher, type: string, summary: {fr: "Qui publie", en: "Who publishes"}}
INSERT { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:publisher> ?_publisher } }
WHERE { VALUES ?_publisher { "nobody" } }
