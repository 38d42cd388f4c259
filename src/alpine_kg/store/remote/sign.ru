#+ summary: {fr: "Donner signe de vie", en: "Give a sign of life"}
#+ parameters:
#+   - {name: sign, type: string, summary: {fr: "Un texte toujours nouveau", en: "A text that is always new"}}
DELETE { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:sign> ?sign } }
WHERE { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:sign> ?sign } } ;
INSERT { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:sign> ?_sign } }
WHERE { VALUES ?_sign { "none" } }
