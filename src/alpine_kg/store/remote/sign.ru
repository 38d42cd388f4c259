#+ summary: {fr: "Donner signe de vie, et dire qu'un graphe est à nous", en: "Give a sign of life, and say that a graph is ours"}
#+ parameters:
#+   - {name: sign, type: string, summary: {fr: "Un texte toujours nouveau", en: "A text that is always new"}}
#+   - {name: holds, type: iri, summary: {fr: "Le graphe", en: "The graph"}}
DELETE { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:sign> ?sign } }
WHERE { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:sign> ?sign } } ;
INSERT {
  GRAPH <urn:alpine-kg:state> {
    <urn:alpine-kg:state> <urn:alpine-kg:sign> ?_sign ; <urn:alpine-kg:holds> ?_holds
  }
}
WHERE {
  VALUES ?_sign { "none" }
  VALUES ?_holds { <urn:alpine-kg:nothing> }
}
