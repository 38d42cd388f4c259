"""Who announced, who was there, and who held which post."""

from collections.abc import Iterator

from alpine_kg.drafting.cast import Mention
from alpine_kg.drafting.scenes import Found, Scene, covering


def events(scene: Scene) -> Iterator[Found]:
    """Yield who announced and who was there: agents before the verb, and those behind the words for presence."""
    attending = scene.cues("attend")
    for at in scene.cues("announce")[:1]:
        for agent in scene.of("organization", "person"):
            if agent.end <= at[0] and agent.mark != "what stands for it" and not _in_post(scene, agent):
                spans = covering([(agent.start, agent.end), at])
                yield Found(
                    scene.announcement, "announcedBy", agent.iri, spans=spans, modality="Delivered", mark="announcedBy"
                )
    for at in attending[:1]:
        for agent in scene.of("person"):
            if agent.start >= at[1]:
                spans = covering([at, (agent.start, agent.end)])
                yield Found(
                    scene.announcement, "attendedBy", agent.iri, spans=spans, modality="Delivered", mark="attendedBy"
                )


def posts(scene: Scene) -> Iterator[Found]:
    """Yield the posts that stand beside names."""
    for held in scene.appointments:
        span = ((held.start, held.end),)
        yield Found(held.person, "holdsPost", held.post, spans=span, modality="Confirmed", mark="holdsPost")


def _in_post(scene: Scene, agent: Mention) -> bool:
    """Tell whether an organization is named only to say what post somebody holds."""
    return agent.kind == "organization" and any(
        held.start < agent.start and agent.end <= held.end for held in scene.appointments
    )
