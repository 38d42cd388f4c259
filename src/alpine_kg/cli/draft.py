"""`alpine-kg draft` and `alpine-kg accept`: proposals from a text, and what a curator makes of them."""

from pathlib import Path
from typing import Annotated

import typer

from alpine_kg.cli.options import RootOption
from alpine_kg.errors import BadParameterError
from alpine_kg.namespaces import shorten


def draft(
    text: Annotated[Path, typer.Argument(help="File with the announcement's text, in UTF-8.")],
    language: Annotated[str, typer.Option("--lang", help="Language of the text: fr or en.")],
    date: Annotated[str, typer.Option(help="When the announcement was made, in EDTF: 2026-05-12.")],
    slug: Annotated[str, typer.Option(help="Lower-case ASCII words joined by hyphens.")],
    root: RootOption = None,
    title_fr: Annotated[str, typer.Option(help="Title in French; the text's first line if that is its language.")] = "",
    title_en: Annotated[str, typer.Option(help="Title in English, likewise.")] = "",
    summary_fr: Annotated[str, typer.Option(help="One sentence in French, at most 400 characters.")] = "",
    summary_en: Annotated[str, typer.Option(help="One sentence in English, at most 400 characters.")] = "",
    publisher: Annotated[str, typer.Option(help="Publisher of the document; the first announcer else.")] = "",
    source_url: Annotated[str, typer.Option(help="Address of the document.")] = "",
    rules_alone: Annotated[
        bool, typer.Option("--rules-alone", help="Ask no trained pipeline, though it is there.")
    ] = False,
) -> None:
    """Propose entities and claims from a text, each with its quote, in drafts/, which counts for nothing until accepted."""
    from alpine_kg.curation import Desk, Document  # noqa: PLC0415
    from alpine_kg.curation.announcements import day_of  # noqa: PLC0415
    from alpine_kg.curation.desk import texts_of  # noqa: PLC0415
    from alpine_kg.curation.slugs import checked  # noqa: PLC0415
    from alpine_kg.drafting import draft as read  # noqa: PLC0415
    from alpine_kg.drafting.manuscripts import Words, write_draft  # noqa: PLC0415

    if not text.is_file():
        raise BadParameterError(f"{text} is not a file.", "Name the file that holds the announcement's text.")
    desk, day = Desk.open(root), day_of(date)
    made = read(desk, text, language, stem=f"{day}-{checked(slug)}", year=int(day[:4]), trained=not rules_alone)
    announcer = next((claim.object for claim in made.claims if claim.predicate == "announcedBy"), "")
    named = publisher or (made.cast.label(announcer) if announcer else "unknown publisher")
    document = Document(named, language, source_url, date, text, "")
    words = Words(texts_of(fr=title_fr, en=title_en), texts_of(fr=summary_fr, en=summary_en))
    file = write_draft(desk, made, document, date, words)
    typer.echo(f"wrote {desk.root.path / file}")
    typer.echo(
        f"{len(made.claims)} claims and {len(made.cast.proposals)} new entities proposed, {len(made.mentions)} mentions read."
    )
    typer.echo("with rules and spaCy" if made.trained else "with rules alone")
    typer.echo(f"Take away what is wrong in the file, then: alpine-kg accept {Path(file).stem}")


def accept(
    name: Annotated[str, typer.Argument(help="A draft: its file, or the name of its announcement.")],
    root: RootOption = None,
    claim: Annotated[list[str] | None, typer.Option(help="Accept this claim alone; once for each.")] = None,
    reject: Annotated[list[str] | None, typer.Option(help="Drop this claim from the draft; once for each.")] = None,
) -> None:
    """Move a draft's claims into data/ with the entities, quotes and source that they need: all that are left in it, or some."""
    from alpine_kg.curation import Desk  # noqa: PLC0415
    from alpine_kg.drafting.manuscripts import accept as take  # noqa: PLC0415

    desk = Desk.open(root)
    done = take(desk, name, claim or (), reject or ())
    for file in done.files:
        typer.echo(f"wrote {desk.root.path / file}")
    for iri in done.claims:
        typer.echo(f"accepted {shorten(iri)}")
    typer.echo(
        f"{done.left} claims are left in the draft." if done.left else "Nothing is left in the draft, which is removed."
    )
