"""The graph as of a day: what was known, what held, which names things had, and how many states are kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest
from tests.worlds import announced

from alpine_kg.errors import BusyError, PastError
from alpine_kg.formats import FORMATS
from alpine_kg.graph import KnowledgeGraph
from alpine_kg.graph.past import Past
from alpine_kg.namespaces import AK, ENTITY, GRAPH, SKOS, entity_iri
from alpine_kg.root import GraphRoot, PlainRoot
from alpine_kg.store import EmbeddedStore

Open = Callable[[str], KnowledgeGraph]
WORKS, ROSSI, KRIEF = entity_iri("plant", "works"), entity_iri("person", "rossi"), entity_iri("person", "krief")
CEO = entity_iri("post", "ceo")


def test_claims_are_known_from_their_announcement_or_their_first_source(past_world: KnowledgeGraph) -> None:
    counts = {
        day: past_world.at(date.fromisoformat(day)).catalogue.counts().get("claim", 0)
        for day in ("2017-12-13", "2017-12-14", "2021-01-14", "2022-01-27", "2022-01-28", "2023-07-20")
    }
    # The claim that only a later document states is known with that document, not with its announcement.
    assert counts == {
        "2017-12-13": 0,
        "2017-12-14": 3,
        "2021-01-14": 5,
        "2022-01-27": 5,
        "2022-01-28": 9,
        "2023-07-20": 15,
    }


@pytest.mark.parametrize(
    ("day", "name", "found"),
    [
        ("2017-12-14", "Old works", {"old"}),
        ("2022-01-27", "Old works", {"old"}),
        ("2022-01-28", "Rédélé works", {"old", "redele", "dz110"}),
        ("2026-11-25", "Rédélé works", {"old", "redele", "dz110"}),
    ],
)
def test_a_thing_has_the_name_of_the_day_and_is_found_by_all_that_are_known(
    past_world: KnowledgeGraph, day: str, name: str, found: set[str]
) -> None:
    graph = past_world.at(date.fromisoformat(day))
    assert graph.catalogue.hits([WORKS])[WORKS].labels == {"": name}
    assert graph.entity(WORKS).tree["prefLabel"] == {"any": name}
    names = {text for text in ("old", "redele", "dz110") if graph.search(text, limit=1, kind="plant")}
    assert names == found
    label = f"{name} - official name - {name}"
    assert any(
        label == row["label"].value
        for row in graph.store.select("SELECT ?label { ?claim <http://www.w3.org/2000/01/rdf-schema#label> ?label }")
    )


RENAMED = "\n".join(
    [
        'plant:works a ak:Plant ; rdfs:label "The works" . vehicle:car a ak:Vehicle ; rdfs:label "Car" .',
        announced("2017-12-14", "made: vehicle:car ak:producedAt plant:works ; ak:modality ak:Confirmed"),
        announced(
            "2022-01-28",
            'old: plant:works ak:officialName "Old works" ; ak:modality ak:Confirmed ; ak:validUntil "2022-01-28"^^edtf:EDTF',
            'new: plant:works ak:officialName "New works" ; ak:modality ak:Confirmed ; ak:validFrom "2022-01-28"^^edtf:EDTF',
        ),
    ]
)


@pytest.mark.parametrize(
    ("day", "name"), [("2021-06-01", "Old works"), ("2022-01-28", "New works"), ("2022-06-01", "New works")]
)
def test_a_former_name_that_only_the_new_ones_document_gives_is_the_name_before(
    world: Open, day: str, name: str
) -> None:
    graph = world(RENAMED).at(date.fromisoformat(day))
    assert graph.entity(WORKS).tree["prefLabel"] == {"any": name}
    assert graph.catalogue.hits([WORKS])[WORKS].labels == {"": name}
    assert world(RENAMED).entity(WORKS).tree["prefLabel"] == {"any": "New works"}


def holders(graph: KnowledgeGraph) -> set[str]:
    rows = graph.store.select(f"SELECT ?who {{ ?who <{AK}holdsPost> <{CEO}> }}")
    return {row["who"].value for row in rows}


@pytest.mark.parametrize(
    ("day", "held"),
    [
        ("2020-12-31", set()),
        ("2021-01-13", set()),
        ("2021-01-14", {ROSSI}),
        ("2023-07-19", {ROSSI}),
        ("2023-07-20", {ROSSI}),
        # Announced on the twentieth, for the twenty-first.
        ("2023-07-21", {KRIEF}),
    ],
)
def test_what_holds_for_a_time_holds_for_that_time(past_world: KnowledgeGraph, day: str, held: set[str]) -> None:
    assert holders(past_world.at(date.fromisoformat(day))) == held


def test_what_has_ended_does_not_stand_today(past_world: KnowledgeGraph) -> None:
    assert holders(past_world) == {KRIEF}
    assert past_world.as_of is None
    assert {hit.iri for hit in past_world.search("rossi", limit=5, kind="person")} == {ROSSI}


def test_what_was_planned_stands_until_it_is_cancelled(past_world: KnowledgeGraph) -> None:
    question = f"ASK {{ <{entity_iri('vehicle', 'car')}> <{AK}producedAt> <{WORKS}> }}"
    answers = [
        b"true" in graph.answer(question).body
        for graph in (past_world.at(date(2022, 1, 28)), past_world.at(date(2023, 7, 20)), past_world)
    ]
    assert answers == [True, False, False]


def test_nothing_of_a_state_leads_to_what_was_not_known(past_world: KnowledgeGraph) -> None:
    graph = past_world.at(date(2021, 6, 1))
    assert graph.as_of == date(2021, 1, 14)
    assert set(graph.catalogue.counts()) == {
        "person",
        "organization",
        "plant",
        "place",
        "post",
        "announcement",
        "source",
        "claim",
    }
    # The organization is there with its post, though only a later claim speaks of it; the place, of which none speaks, too.
    assert graph.catalogue.slugs("person") == ["rossi"]
    assert graph.catalogue.slugs("organization") == ["maker"]
    assert graph.catalogue.slugs("source") == ["s2017", "s2021"]
    entities = {
        str(getattr(quad.subject, "value", ""))
        for quad in graph.store.quads()
        if str(getattr(quad.subject, "value", "")).startswith(ENTITY)
    }
    linked = {
        str(getattr(quad.object, "value", ""))
        for quad in graph.store.quads()
        if str(getattr(quad.object, "value", "")).startswith(ENTITY)
    }
    assert linked <= entities


def test_a_state_holds_every_graph_and_their_merge(past_world: KnowledgeGraph) -> None:
    last = past_world.at(date(2030, 1, 1))
    assert last.sizes == past_world.sizes
    assert last.store.size() == past_world.store.size()
    assert GRAPH + "names" in last.sizes
    assert last.run("promises", {"as_of": "2023-01-01"}) == past_world.run("promises", {"as_of": "2023-01-01"})


def test_days_between_two_changes_share_one_state(past_world: KnowledgeGraph) -> None:
    first = past_world.at(date(2021, 6, 1))
    assert past_world.at(date(2021, 12, 31)) is first
    assert past_world.at(date(2022, 1, 28)) is not first
    # A state of a state is one of the same graph.
    assert past_world.at(date(2022, 1, 28)).at(date(2021, 6, 1)) is first


def test_the_shipped_graph_before_its_announcement(graph: KnowledgeGraph) -> None:
    before = graph.at(date(2022, 1, 27))
    assert before.catalogue.counts().get("claim", 0) < graph.catalogue.counts()["claim"]
    assert before.vocabulary is graph.vocabulary


def test_downloads_of_a_graph_do_not_change_with_the_day_of_the_download(past_world: KnowledgeGraph) -> None:
    again = KnowledgeGraph.open(past_world.root.path)
    assert again.export("all", FORMATS["nq"]) == past_world.export("all", FORMATS["nq"])
    derived = past_world.export("names", FORMATS["nt"]).decode()
    assert f"<{SKOS}prefLabel>" in derived


class Sized:
    def __init__(self, size: int) -> None:
        self.sizes = {"g": size}


def states(build: Callable[[date], Sized], *, kept: int = 8, triples: int = 100) -> Past[Sized]:
    past = Past(EmbeddedStore(), build, states=kept, triples=triples)
    vars(past)["changes"] = [date(2000 + year, 1, 1) for year in range(20)]
    return past


def test_the_states_used_last_are_kept() -> None:
    built: list[date] = []
    past = states(lambda day: built.append(day) or Sized(10), kept=2)  # type: ignore[func-returns-value]
    for year in (2001, 2002, 2001, 2003, 2001, 2002):
        past.at(date(year, 6, 1), size=10)
    assert [day.year for day in built] == [2001, 2002, 2003, 2002]
    assert len(past) == 2


def test_states_are_kept_by_their_size_too() -> None:
    past = states(lambda _: Sized(60))
    past.at(date(2001, 6, 1), size=60)
    past.at(date(2002, 6, 1), size=60)
    assert len(past) == 1


def test_a_graph_that_is_too_large_has_no_past() -> None:
    with pytest.raises(PastError, match="up to 100 triples, and this one has 101") as caught:
        states(lambda _: Sized(1)).at(date(2001, 6, 1), size=101)
    assert "PAST_TRIPLES" in caught.value.remedy


def test_a_graph_without_days_has_no_past(tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    file.write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    root = PlainRoot.gather([file], tmp_path / "root", strict=False)
    plain = KnowledgeGraph.open(root.path)
    assert isinstance(plain.root, GraphRoot)
    with pytest.raises(PastError, match="Nothing in this graph has a day"):
        plain.at(date(2022, 1, 1))


def test_a_graph_of_other_files_than_its_root_has_no_past(past_world: KnowledgeGraph) -> None:
    counted = replace(past_world.summary, version="that of what was loaded beside the root")
    loaded = KnowledgeGraph(past_world.root, past_world.store, past_world.catalogue, counted)
    with pytest.raises(PastError, match="made from the files of a graph root"):
        loaded.at(date(2022, 1, 28))


def test_a_state_is_counted_for_itself(past_world: KnowledgeGraph) -> None:
    before, after = (past_world.at(date(year, 12, 31)) for year in (2017, 2022))
    assert before.summary.triples == before.store.size() < after.summary.triples == after.store.size()
    assert after.version == past_world.version


def test_few_may_wait_for_states_that_are_being_built() -> None:
    begun, go_on = Event(), Event()

    def build(_: date) -> Sized:
        begun.set()
        assert go_on.wait(10)
        return Sized(1)

    past = states(build)
    found: list[Sized] = []
    threads = [Thread(target=lambda: found.append(past.at(date(2001, 6, 1), size=1))) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    while past.waiting < 4:
        pass
    with pytest.raises(BusyError):
        past.at(date(2002, 6, 1), size=1)
    go_on.set()
    for thread in threads:
        thread.join(10)
    # All four waited for one and the same state.
    assert len(found) == 4
    assert len(set(map(id, found))) == 1
