"""The pages' own words in French and English; a language is a column, a word is a row."""

from collections.abc import Sequence
from typing import Final

LANGUAGES: Final = ("fr", "en")
"""The languages of the pages' own words."""

WORDS: Final[dict[str, tuple[str, str]]] = {
    "site": ("Graphe des annonces Alpine", "Alpine announcements graph"),
    "tagline": (
        "Qui a annoncé quoi, pour quand, et dans quels mots.",
        "Who announced what, due when, and in which words.",
    ),
    "skip": ("Aller au contenu", "Skip to content"),
    "search": ("Rechercher", "Search"),
    "search_for": ("Rechercher un nom", "Search for a name"),
    "search_hint": ("usine de Dieppe, de Meo, CMF-EV…", "Dieppe plant, de Meo, CMF-EV…"),
    "no_hits": ("Rien ne porte ce nom.", "Nothing has that name."),
    "other_language": ("In English", "En français"),
    "formats": ("Autres formats", "Other formats"),
    "contents": ("Contenu", "Contents"),
    "questions": ("Questions", "Questions"),
    "questions_lead": (
        "Des questions toutes prêtes, dont on peut changer les paramètres.",
        "Ready-made questions whose parameters can be changed.",
    ),
    "all_questions": ("Toutes les questions", "All questions"),
    "for_programs": ("Pour les programmes", "For programs"),
    "api": ("Interface HTTP", "HTTP interface"),
    "sparql": ("Interroger en SPARQL", "Query with SPARQL"),
    "downloads": ("Téléchargements", "Downloads"),
    "vocabulary": ("Vocabulaire", "Vocabulary"),
    "shapes": ("Formes SHACL", "SHACL shapes"),
    "dataset": ("Description du jeu de données", "Description of the dataset"),
    "invalid": (
        "Attention : ce graphe n'a pas passé sa validation.",
        "Beware: this graph has not passed its validation.",
    ),
    "also": ("Autres noms", "Other names"),
    "facts": ("Ce qui est annoncé", "What is announced"),
    "proof": ("Assertion", "Claim"),
    "due": ("échéance", "due"),
    "period": ("période", "period"),
    "announcement": ("annonce", "announcement"),
    "sources": ("Sources", "Sources"),
    "document": ("document", "document"),
    "disputed": ("contesté par", "disputed by"),
    "records": ("Description", "Description"),
    "incoming": ("Liens vers cette page", "Links to this page"),
    "identifier": ("Identifiant", "Identifier"),
    "license": ("Données sous licence", "Data under the licence"),
    "total": ("en tout", "in all"),
    "filter": ("Filtrer", "Filter"),
    "next": ("Page suivante", "Next page"),
    "ask": ("Demander", "Ask"),
    "answer": ("Réponse", "Answer"),
    "rows": ("lignes", "rows"),
    "no_rows": ("Aucune ligne.", "No rows."),
    "first_rows": ("Seules les premières lignes sont montrées ; les autres formats les ont toutes.",
                   "Only the first rows are shown; the other formats have all of them."),
    "conflicts": ("Ce qui se contredit", "What cannot all be true"),
    "conflicts_lead": (
        "Des énoncés sur la même chose qui ne peuvent être vrais ensemble, chacun avec ses sources et ses mots.",
        "Statements about the same thing that cannot all be true, each with its sources and words.",
    ),
    "sources_disagree": ("les sources se contredisent", "sources disagree"),
    "story_changed": ("le récit a changé", "the story changed"),
    "revised": ("révisé", "revised"),
    "cancelled": ("annulé", "cancelled"),
    "fulfilled": ("réalisé", "fulfilled"),
    "fulfilled_in_part": ("réalisé en partie", "fulfilled in part"),
    "otherwise": ("dit autre chose", "says otherwise"),
    "known_from": ("connu à partir du", "known from"),
    "optional": ("facultatif", "optional"),
    "query": ("Requête", "Query"),
    "format": ("Format", "Format"),
    "page": ("cette page", "this page"),
    "examples": ("Exemples", "Examples"),
    "run": ("Exécuter", "Run"),
    "graph": ("Graphe", "Graph"),
    "checksum": ("empreinte", "checksum"),
    "compressed": ("compressé", "compressed"),
    "classes": ("Classes", "Classes"),
    "properties": ("Propriétés", "Properties"),
    "values": ("Valeurs", "Values"),
    "domain": ("de", "from"),
    "range": ("vers", "to"),
    "subclass_of": ("sorte de", "kind of"),
    "yes": ("oui", "yes"),
    "no": ("non", "no"),
    "people": ("Personnes", "People"),
    "organizations": ("Organisations", "Organizations"),
    "vehicles": ("Véhicules", "Vehicles"),
    "components": ("Composants", "Components"),
    "plants": ("Usines", "Plants"),
    "sites": ("Sites", "Sites"),
    "platforms": ("Plateformes", "Platforms"),
    "plans": ("Plans", "Plans"),
    "places": ("Lieux", "Places"),
    "posts": ("Postes", "Posts"),
    "aims": ("Objectifs", "Aims"),
    "awards": ("Distinctions", "Awards"),
    "events": ("Évènements", "Events"),
    "announcements": ("Annonces", "Announcements"),
    "claims": ("Assertions", "Claims"),
    "quotes": ("Citations", "Quotes"),
}  # fmt: skip


def tongue_of(languages: Sequence[str]) -> str:
    """Return the first of these languages that the pages are written in."""
    return next((language for language in languages if language in LANGUAGES), LANGUAGES[0])


def words_in(language: str) -> dict[str, str]:
    """Return every word in one of the pages' languages."""
    column = LANGUAGES.index(language)
    return {name: texts[column] for name, texts in WORDS.items()}
