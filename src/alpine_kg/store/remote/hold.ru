#+ summary: {fr: "Dire qu'un graphe est à nous", en: "Say that a graph is ours"}
#+ parameters:
#+   - {name: graph, type: iri, summary: {fr: "Le graphe", en: "The graph"}}
INSERT { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:holds> ?_graph } }
WHERE { VALUES ?_graph { <urn:alpine-kg:nothing> } }
