"""Small worlds of announcements, in Turtle without prefixes."""


def announced(day: str, *claims: str) -> str:
    """Return an announcement of a day with its source and claims, each written as `name: subject property object; more`."""
    year = day[:4]
    lines = [
        f'announcement:a{year} a ak:Announcement ; rdfs:label "a{year}" .',
        f'source:s{year} a ak:Source ; rdfs:label "s{year}" ; ak:publisher "Paper" ; ak:published "{day}"^^edtf:EDTF .',
        f"source:s{year} ak:reports announcement:a{year} .",
    ]
    for claim in (f'date{year}: announcement:a{year} ak:date "{day}"^^edtf:EDTF ; ak:modality ak:Delivered', *claims):
        name, _, said = claim.partition(": ")
        subject, predicate, rest = said.split(" ", 2)
        source = "" if "ak:statedIn" in rest else f" ; ak:statedIn source:s{year}"
        lines.append(
            f"claim:{name} a ak:Claim ; rdf:subject {subject} ; rdf:predicate {predicate} ; rdf:object {rest}{source}"
            f" ; ak:basis ak:Stated ; ak:announcedIn announcement:a{year} ."
        )
    return "\n".join(lines)


PAST_WORLD = "\n".join(
    [
        'plant:works a ak:Plant ; rdfs:label "The works"@en ; rdfs:label "L\'usine"@fr .',
        'vehicle:car a ak:Vehicle ; rdfs:label "Car" . place:town a ak:Place ; rdfs:label "Town" .',
        'person:rossi a ak:Person ; rdfs:label "Rossi" . person:krief a ak:Person ; rdfs:label "Krief" .',
        'organization:maker a ak:Company ; rdfs:label "Maker" .',
        'post:ceo a ak:Post ; rdfs:label "CEO" ; ak:postIn organization:maker .',
        announced(
            "2017-12-14",
            'old: plant:works ak:officialName "Old works" ; ak:modality ak:Confirmed',
            "named: plant:works ak:namedAfter person:rossi ; ak:modality ak:Confirmed ; ak:statedIn source:s2023",
            'dated: plant:works ak:opened "1969"^^edtf:EDTF ; ak:modality ak:Delivered',
        ),
        announced(
            "2021-01-14",
            'rossi: person:rossi ak:holdsPost post:ceo ; ak:modality ak:Confirmed ; ak:validFrom "2021-01-11"^^edtf:EDTF',
        ),
        announced(
            "2022-01-28",
            'new: plant:works ak:officialName "Rédélé works" ; ak:modality ak:Confirmed ;'
            ' ak:validFrom "2022-01-28"^^edtf:EDTF',
            'code: plant:works ak:codeName "DZ110" ; ak:modality ak:Rumoured',
            'made: vehicle:car ak:producedAt plant:works ; ak:modality ak:Planned ; ak:due "2025~"^^edtf:EDTF',
        ),
        announced(
            "2023-07-20",
            "out: person:rossi ak:holdsPost post:ceo ; ak:modality ak:Confirmed ; ak:revises claim:rossi ;"
            ' ak:validUntil "2023-07-20"^^edtf:EDTF',
            'in: person:krief ak:holdsPost post:ceo ; ak:modality ak:Confirmed ; ak:validFrom "2023-07-21"^^edtf:EDTF',
            "off: vehicle:car ak:producedAt plant:works ; ak:modality ak:Cancelled ; ak:cancels claim:made",
            "owned: organization:maker ak:operatedBy organization:maker ; ak:modality ak:Confirmed",
        ),
    ]
)
"""A plant that is renamed, a post that changes hands, a plan that is given up; and a claim that is only stated years later."""
