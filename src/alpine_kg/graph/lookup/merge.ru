#+ summary: {fr: "Réunir tous les graphes nommés dans le graphe par défaut", en: "Merge all named graphs into the default graph"}
INSERT { ?thing ?property ?value } WHERE { GRAPH ?graph { ?thing ?property ?value } }
