"""An entity of a list: its parts, and the whole as JSON, which is put together from the parts in JSON without reading them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from alpine_kg.graph import Hit
from alpine_kg.graph.hit import item_of

TEXTS = st.dictionaries(
    st.sampled_from(["", "fr", "en-gb"]), st.one_of(st.text(), st.text(alphabet='":,\\{}a')), max_size=3
)


@given(
    TEXTS,
    TEXTS,
    st.lists(st.sampled_from(["Plant", "Vehicle"]), unique=True),
    st.sampled_from([(",", ":"), (", ", ": ")]),
)
def test_json_says_what_the_fields_say(
    labels: dict[str, str], notes: dict[str, str], types: list[str], separators: tuple[str, str]
) -> None:
    iri = "https://w3id.org/alpine-kg/id/plant/x"
    written = [json.dumps(value, ensure_ascii=False, separators=separators) for value in (labels, types, notes)]
    expected = {
        "id": iri,
        "path": "/plant/x",
        "type": types,
        "label": {language or "any": text for language, text in labels.items()},
    }
    if notes:
        expected["summary"] = {language or "any": text for language, text in notes.items()}
    assert json.loads(item_of(iri, **dict(zip(("labels", "types", "notes"), written, strict=True)))) == expected
    hit = Hit(iri, *written)
    assert (hit.labels, hit.types, hit.notes) == (labels, tuple(types), notes)


def test_an_iri_with_quotes_is_escaped() -> None:
    item = item_of('urn:"x"', types="[]", labels="{}", notes="{}")
    assert json.loads(item) == {"id": 'urn:"x"', "path": None, "type": [], "label": {}}
