#+ summary: {fr: "Dire qu'un graphe n'est plus à nous", en: "Say that a graph is no longer ours"}
#+ parameters:
#+   - {name: graph, type: iri, summary: {fr: "Le graphe", en: "The graph"}}
DELETE { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:holds> ?_graph } }
WHERE {
  VALUES ?_graph { <urn:alpine-kg:nothing> }
  GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:holds> ?_graph }
}
