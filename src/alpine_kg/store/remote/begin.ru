#+ summary: {fr: "Dire qu'aucune version n'est là tout entière", en: "Say that no version is there as a whole"}
DELETE { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:version> ?version } }
WHERE { GRAPH <urn:alpine-kg:state> { <urn:alpine-kg:state> <urn:alpine-kg:version> ?version } }
