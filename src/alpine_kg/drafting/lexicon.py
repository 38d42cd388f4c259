"""What words announce in a language: heads of names, verbs and turns of phrase, as regular expressions.

A language is a column, a cue a row; what stands in braces is filled in from `_PARTS`.
"""

import re
from functools import cache
from typing import Final

from alpine_kg.errors import BadParameterError

LANGUAGES: Final = ("fr", "en")
_CAPITAL: Final = r"[A-ZÀ-ÖØ-ÞŠŽČŘĽŁŐ]"
_PARTS: Final = {
    # A proper name: capitalised words and codes, joined by spaces and small particles inside.
    "NAME": rf"{_CAPITAL}[\w.&+-]*\w(?:[ \u00a0](?:{_CAPITAL}|\d)(?:[\w.&+-]*\w)?)*",
    "PLACE": rf"{_CAPITAL}[\w'’-]*\w(?:[ \u00a0]{_CAPITAL}[\w'’-]*\w)?",
    "PERSON": rf"(?!(?:Mr|Mrs|Ms|Dr|Mme|Mlle)\b){_CAPITAL}[\w'’-]+(?:\s(?:d[aeiu]|del|della|van|von|der|le|la|el|al|De|Le|La))*"
    rf"(?:[ \u00a0]{_CAPITAL}[\w'’-]+){{1,2}}",
    "BODY": r"crossover|SUV|coupé|coupe|roadster|pick-?up|van|concept-car",
}

CUES: Final[dict[str, tuple[str, str]]] = {
    # Heads of names.
    "vehicle": (
        r"\b(?P<name>(?:{BODY}|berline|compacte|citadine|utilitaire|fourgon|monospace|break)\b(?:[ \u00a0]{CAP}(?:[\w.-]*\w)?)*)",
        (r"\b(?P<name>(?:{NAME}\s)?(?:electric\s)?(?:{BODY}|sedan|saloon|hatchback|hatch|truck|compact|estate)\b"
            r"(?:[ \u00a0]{CAP}(?:[\w.-]*\w)?)*)\b"),
    ),
    "successor": (
        r"\b(?P<name>(?:remplaçante?|successeure?|descendante?)\s(?:de\sla\s|de\sl[’']|du\s|de\s)(?P<model>{NAME}))",
        r"\b(?P<name>(?:successor|replacement)\s(?:to|of|for)\s(?:the\s)?(?P<model>{NAME}))",
    ),
    "plant": (
        (r"\b(?P<head>usine|site|manufacture|fonderie|gigafactory)\s(?:(?P<organization>{NAME})\s)?(?:[a-zé]+\s){0,2}?"
        r"(?:de\s|d[’']|à\s)(?P<place>{PLACE})"),
        (r"\b(?:(?P<head>plant|factory|works|site|gigafactory)\s(?:in|at|near)\s(?P<place>{PLACE})"
        r"|(?P<before>{PLACE})\s(?:plant|factory|works|site|gigafactory))\b"),
    ),
    "platform": (
        r"\bplate-?forme\s(?:[a-zé]+\s){0,2}?«?\s?(?P<name>{NAME})",
        r"\b(?:platform\s(?P<name>{NAME})|(?P<before>{NAME})\s(?:platform|architecture))\b",
    ),
    "plan": (
        r"\b(?P<head>plan|accord|programme|convention)\s(?:[a-zéèàç]+\s){0,4}?(?:[«“]\s?(?P<quoted>[^»”]{2,60}?)\s?[»”]|(?P<name>{NAME}))",
        (r"(?:\b(?P<head>plan|agreement|programme|program|strategy)\s[“‘](?P<quoted>[^”’]{2,60})[”’]"
        r"|\b(?P<name>{NAME})\s(?:strategic\s|product\s)?(?:plan|agreement|programme|strategy)\b"
        r"|[“‘](?P<before>[^”’]{2,60})[”’]\s(?:strategic\s|product\s)?(?:plan|agreement|programme|strategy)\b)"),
    ),
    "organization": (
        r"\b(?P<head>groupe|marque|constructeur|équipementier|société|entreprise|écurie|filiale)\s(?P<name>{NAME})",
        r"\b(?:brand|carmaker|automaker|company|supplier|subsidiary|team)\s(?P<name>{NAME})",
    ),
    "company": (
        r"\b(?P<name>{NAME}\s(?:Group|Groupe|Motors?|SA|SE|AG|GmbH|Inc|Corp|Ltd|Team|Racing|Automobiles|Energy|Holding))\b",
        r"\b(?P<name>{NAME}\s(?:Group|Motors?|Company|SA|SE|AG|GmbH|Inc|Corp|Ltd|Team|Racing|Automotive|Energy|Holding))\b",
    ),
    "place": (
        r"\b(?:à|en|près\sde)\s(?P<name>{PLACE})",
        r"\b(?:in|at|near)\s(?P<name>{PLACE})",
    ),
    "title": (
        (r"CEO|PDG|[Pp]résidente?(?:-directrice|-directeur)?(?:\sgénérale?)?|[Dd]irect(?:eur|rice)(?:\s[a-zé]+){0,2}|[Mm]inistre"
        r"|[Pp]ilote|[Mm]aire|[Pp]atronn?e?"),
        (r"CEO|CFO|(?:[Cc]hief|[Ee]xecutive)\s[\w ]{3,30}?[Oo]fficer|[Cc]hief [Ee]xecutive|[Cc]hair(?:man|woman)?|[Pp]resident"
        r"|[Mm]anaging [Dd]irector|[Mm]inister|[Mm]ayor|[Dd]river|[Hh]ead of [a-z]+(?: [a-z]+)?|[Vv]ice [Pp]resident"),
    ),
    "announcer": (
        r"(?m)^(?P<name>{NAME})\s(?:annonce|dévoile|confirme|présente|lance)\b",
        r"(?m)^(?P<name>{NAME})\s(?:announces|unveils|confirms|presents|launches|announced|to\s(?:build|launch|produce))\b",
    ),
    "organization_name": (r"(?P<name>{NAME})", r"(?P<name>{NAME})"),
    "honorific": (r"\b(?:MM?\.|Mmes?|Mlle)\s(?P<name>{PERSON})", r"\b(?:Mr|Mrs|Ms|Dr)\.?\s(?P<name>{PERSON})"),
    # What stands for something that has been named.
    "again_vehicle": (
        (r"\b(?:ce|cette|son|sa|le|la|du|au)\s(?:tout\s)?(?:premier\s|première\s|nouveau\s|nouvelle\s|futur\s|future\s)*"
        r"(?:modèle|véhicule|voiture|projet)\b|\b[Ii]l\s(?=(?:sera|deviendra|est|a)\b)|\b[Cc]e\s(?=(?:projet|modèle|véhicule))projet\b"),
        r"\b(?:this|the|its)\s(?:new\s|first\s|future\s)*(?:model|vehicle|car|project)\b|\b[Ii]t\s(?=(?:will|is|has)\b)",
    ),
    "again_plant": (
        r"\b(?:le|la|ce|cette|son|du|au)\s(?:même\s)?site\b|\bl[’']usine\b|\bcette\susine\b",
        r"\b(?:the|this|its)\s(?:same\s)?(?:site|plant|factory)\b",
    ),
    "again_group": (r"\b(?:le|du|au)\sgroupe\b", r"\b(?:the)\sgroup\b"),
    "again_brand": (r"\b(?:la|cette)\smarque\b", r"\b(?:the|this)\sbrand\b"),
    # Verbs and turns of phrase.
    "announce": (
        r"\b(?:annonce|annoncent|a annoncé|ont annoncé|dévoile|dévoilent|a dévoilé|ont dévoilé|confirme|a confirmé)\b",
        r"\b(?:announces?|announced|have announced|has announced|unveils?|unveiled|confirms?|confirmed)\b",
    ),
    "attend": (
        r"\ben\s(?:la\s)?présence\s(?:de\s|d[’'])|\baux\scôtés\sde\s",
        r"\bin\sthe\spresence\sof\b|\battended\sby\b|\bjoined\sby\b",
    ),
    "produce": (
        r"\b(?:production|produi(?:re|t|te|ts|tes|ra)|fabri(?:qué|quée|qués|quer|cation|quera)|assembl(?:é|ée|er|era|age))\b",
        r"\b(?:production|produced?|producing|manufactur(?:e|ed|ing)|assembl(?:e|ed|y|ing)|built|build|builds|made)\b",
    ),
    "launch": (
        r"\b(?:lancement|lancée?s?|lancer|lancera|commercialis(?:é|ée|és|er|ation|era)|mis(?:e|es)?\sen\svente|sortie|arrivera)\b",
        r"\b(?:launch(?:es|ed|ing)?|on\ssale|go(?:es)?\son\ssale|hit\sthe\smarket|arrives?|released?)\b",
    ),
    "end_production": (
        r"\b(?:fin|arrêt|cessation)\sde\s(?:la\s)?production\b|\bne\ssera\splus\sproduit",
        r"\bend\sof\sproduction\b|\bproduction\sends?\b",
    ),
    "base": (
        r"\b(?:repos(?:e|era|ant)\ssur|basée?\ssur|construite?\ssur|développée?\ssur|utilis(?:e|era)\sla)\b",
        r"\b(?:based\son|built\son|underpinned\sby|sits\son|uses?\sthe|ride\son)\b",
    ),
    "host": (r"\baccueill(?:ir|e|era|ant|i)\b", r"\bhosts?\b|\bhouse\b|\bhosting\b"),
    "invest": (r"\binvesti(?:ssements?|r|t|ra)\b", r"\binvest(?:ments?|s|ing|ed)?\b"),
    "install": (
        r"\bnouvelles\s(?:installations|lignes)\b|\bnouvelle\sligne\b",
        r"\bnew\s(?:facilities|installations|equipment|production\sline|lines?)\b",
    ),
    "within_plan": (
        r"\bs[’']inscri(?:t|vent)\b|\bdans\sle\scadre\s(?:du|de)\b|\bl[’']objet\sd[’']un\saccord\b|\bprévoit\b|\bprévoient\b",
        r"\bas\spart\sof\b|\bpart\sof\sthe\b|\bunder\sthe\b|\bplans?\sfor\b|\bprovides\sfor\b|\bcovered\sby\b",
    ),
    "prepare": (r"\bpréparer\b|\bprépare\b", r"\bprepar(?:e|es|ing)\b"),
    "historic": (r"\bsite\shistorique\b|\bberceau\b|\busine\shistorique\b", r"\bhistoric\s(?:site|home|plant|factory)\b"),
    "unique": (r"\bunique\b[^.]{0,20}\b(?:groupe|échelle)\b|\bseule\susine\b", r"\bunique\b[^.]{0,20}\bgroup\b|\bonly\splant\b"),
    "assign": (r"\baffect(?:ation|és?|er)\b|\battribu(?:tion|és?|er)\b", r"\ballocat(?:e|ed|ion|es)\b|\bassign(?:s|ed|ment)?\b"),
    "sign": (r"\b(?:conclue?s?|signée?s?|conclut|signature)\b", r"\b(?:signed|concluded|signs?|signing)\b"),
    "present": (r"\b(?:présenté|dévoilé|révélé)(?:e|s|es)?\b|\baprès\sle\splan\b", r"\b(?:presented|unveiled|revealed)\b"),
    "open": (r"\b(?:inaugur(?:é|ée|er|ation|e)|ouvr(?:e|ira)|ouverture)\b", r"\b(?:inaugurat(?:ed|ion|es)|open(?:s|ed|ing)?)\b"),
    "first": (r"\b(?:tout\s)?premi(?:er|ère)\b", r"\b(?:very\s|ever\s)?first\b"),
    "acquire": (r"\b(?:rachète|acquiert|a racheté|rachat|acquisition)\b", r"\b(?:acquires?|acquired|takes?\sover|acquisition)\b"),
    "future": (
        r"\b(?:futur|future|sera|seront|deviendra|fera|va|vont|prévoit|prévoient|doit|devrait|horizon|d[’']ici|prochain|nouveau|\w+era)\b",
        r"\b(?:will|shall|future|plans?|planned|is\sto|are\sto|expected|upcoming|by\s20\d\d|new)\b",
    ),
    "done": (
        r"\b(?:a\s(?:démarré|débuté|commencé|lancé|été\s\w+é)|est\s(?:désormais|sorti)|a\sproduit)\b",
        r"\b(?:has\s(?:begun|started|been)|have\s(?:begun|started)|started|began|rolled\soff)\b",
    ),
}  # fmt: skip

_VERBS: Final = frozenset(CUES) - {
    "vehicle", "successor", "plant", "platform", "plan", "organization", "company", "place", "title", "announcer",
    "organization_name", "honorific",
}  # fmt: skip
"""Cues without a proper name in them, in which capitals do not count."""
_FILLED: Final = {**_PARTS, "CAP": _CAPITAL}


@cache
def cue(name: str, language: str) -> re.Pattern[str]:
    """Return a cue of a language, compiled; raises BadParameterError for a language that has none."""
    if language not in LANGUAGES:
        raise BadParameterError(f"There is no drafting in {language!r}.", f"The languages are: {', '.join(LANGUAGES)}.")
    text = CUES[name][LANGUAGES.index(language)]
    for part in ("NAME", "PLACE", "PERSON", "BODY", "CAP"):
        text = text.replace("{" + part + "}", _FILLED[part])
    return re.compile(text, re.IGNORECASE if name in _VERBS else 0)


@cache
def appositions(language: str) -> re.Pattern[str]:
    """Return what finds a person with the post behind a comma: `Jana Nováková, CEO Moravan Motors`."""
    title, person = cue("title", language).pattern, _PARTS["PERSON"]
    name, small = _PARTS["NAME"], r"(?:\s(?:de|du|des|d[’']|of|for|the|at|la|le|l[’']|et|and|en|chez))*"
    office = rf"(?:{small}\s?{name}(?:,{small}\s?{name}(?=\s(?:et|and)\s(?:de|du|des|the)\b))*)"
    more = rf"(?:\s(?:et|and)(?:\sde\sla|\sdu|\sdes|\sde\sl[’'])\s?{name})?"
    article = r"(?:le\s|la\s|l[’']|the\s|its\s|son\s)?"
    return re.compile(rf"(?P<person>{person}),\s{article}(?P<post>(?P<title>{title})(?:{office}{more})?)")
