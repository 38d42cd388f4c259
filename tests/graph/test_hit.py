"""An entity of a list as JSON, which is put together from the JSON of the index without being read."""

import json

from hypothesis import given
from hypothesis import strategies as st

from alpine_kg.graph import Hit

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
    written = (json.dumps(value, ensure_ascii=False, separators=separators) for value in (labels, types, notes))
    hit = Hit("https://w3id.org/alpine-kg/id/plant/x", *written)
    expected = {
        "id": hit.iri,
        "path": "/plant/x",
        "type": types,
        "label": {language or "any": text for language, text in labels.items()},
    }
    if notes:
        expected["summary"] = {language or "any": text for language, text in notes.items()}
    assert json.loads(hit.json) == expected
    assert (hit.labels, hit.types, hit.notes) == (labels, tuple(types), notes)


def test_an_iri_with_quotes_is_escaped() -> None:
    assert json.loads(Hit('urn:"x"', "{}", "[]", "{}").json) == {"id": 'urn:"x"', "path": None, "type": [], "label": {}}
