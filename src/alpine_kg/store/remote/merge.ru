#+ summary: {fr: "Ajouter un graphe à la réunion de tous", en: "Add a graph to the merge of all"}
#+ parameters:
#+   - {name: graph, type: iri, summary: {fr: "Le graphe", en: "The graph"}}
INSERT { GRAPH <urn:alpine-kg:merge> { ?thing ?property ?value } }
WHERE {
  VALUES ?_graph { <urn:alpine-kg:nothing> }
  GRAPH ?_graph { ?thing ?property ?value }
}
