"""`alpine-kg new`: writes an announcement, an entity or a claim into the files of a root."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from alpine_kg.cli.asking import complete
from alpine_kg.cli.options import RootOption
from alpine_kg.namespaces import KINDS, shorten

if TYPE_CHECKING:
    from alpine_kg.curation import Desk

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Write a new announcement, entity or claim into the files of data/, in their canonical form.",
)
ENTITIES: Final = tuple(kind for kind in KINDS if kind not in {"announcement", "source", "claim", "quote"})
"""The kinds of things that have a command of their own here."""
_QUESTIONS: Final = {
    "date": "Date of the announcement (EDTF, for example 2026-05-12)",
    "slug": "Slug: two to five lower-case ASCII words joined by hyphens",
    "title_fr": "Title in French",
    "title_en": "Title in English",
    "summary_fr": "Summary in French, one sentence",
    "summary_en": "Summary in English, one sentence",
    "publisher": "Publisher of the document",
    "language": "Language of the document (a tag, for example cs)",
}
_CLAIM_QUESTIONS: Final = {
    "announcement": "Announcement (its identifier)",
    "subject": "Subject (a name)",
    "predicate": "Property (for example produced at)",
    "object": "Object (a name, date, number or text)",
}
_BY: Final = "Who announced it: a name or several, with commas between"
CreateOption = Annotated[
    bool, typer.Option("--create", help="Add what is named and not there yet; write person:NAME to say its kind.")
]
TextOption = Annotated[Path | None, typer.Option("--text", help="File with the document's text, to quote from.")]
SlugOption = Annotated[str, typer.Option("--slug", help="End of the identifier; made from the names by default.")]


@app.command()
def announcement(
    root: RootOption = None,
    date: Annotated[str | None, typer.Option(help="When it was made, in EDTF: 2026-05-12.")] = None,
    slug: Annotated[str | None, typer.Option(help="Lower-case ASCII words joined by hyphens.")] = None,
    title_fr: Annotated[str | None, typer.Option(help="Title in French.")] = None,
    title_en: Annotated[str | None, typer.Option(help="Title in English.")] = None,
    summary_fr: Annotated[str | None, typer.Option(help="One sentence in French, at most 400 characters.")] = None,
    summary_en: Annotated[str | None, typer.Option(help="One sentence in English, at most 400 characters.")] = None,
    by: Annotated[list[str] | None, typer.Option(help="Who announced it; once for each.")] = None,
    attended_by: Annotated[list[str] | None, typer.Option(help="Who was there without announcing; once each.")] = None,
    venue: Annotated[str, typer.Option(help="The plant, site or place where it was made.")] = "",
    publisher: Annotated[str | None, typer.Option(help="Publisher of the document that reports it.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of the document: fr, cs, ko …")] = None,
    source_url: Annotated[str, typer.Option(help="Address of the document.")] = "",
    published: Annotated[
        str, typer.Option(help="When the document appeared; the announcement's date by default.")
    ] = "",
    source_slug: Annotated[str, typer.Option(help="End of the source's identifier.")] = "",
    text: TextOption = None,
    create: CreateOption = False,
) -> None:
    """Write an announcement with its source, date, announcers and venue; what is missing is asked for on a terminal."""
    given = {
        "date": date, "slug": slug, "title_fr": title_fr, "title_en": title_en, "summary_fr": summary_fr,
        "summary_en": summary_en, "publisher": publisher, "language": language,
        "by": "\n".join(by or ()), "source_url": source_url or str(text or ""),
    }  # fmt: skip
    answers = complete(given, {**_QUESTIONS, "by": _BY, "source_url": "Address of the document"})
    from alpine_kg.curation import Announcement, Desk, Document  # noqa: PLC0415

    desk = Desk.open(root)
    made = Announcement(
        date=answers["date"],
        slug=answers["slug"],
        title_fr=answers["title_fr"],
        title_en=answers["title_en"],
        summary_fr=answers["summary_fr"],
        summary_en=answers["summary_en"],
        document=Document(
            publisher=answers["publisher"],
            language=answers["language"],
            url=source_url or ("" if text else answers["source_url"]),
            published=published,
            text=text,
            slug=source_slug,
        ),
        by=tuple(by or (name.strip() for name in answers["by"].split(","))),
        attended_by=tuple(attended_by or ()),
        venue=venue,
    ).put(desk, create=create)
    _write(desk, made)


@app.command()
def source(
    root: RootOption = None,
    announcement: Annotated[str | None, typer.Option(help="The announcement that it reports.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Publisher of the document.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of the document: fr, cs, ko …")] = None,
    source_url: Annotated[str, typer.Option(help="Address of the document.")] = "",
    published: Annotated[str | None, typer.Option(help="When the document appeared, in EDTF.")] = None,
    text: TextOption = None,
    slug: SlugOption = "",
) -> None:
    """Write one more document that reports an announcement."""
    given = {"announcement": announcement, "publisher": publisher, "language": language, "published": published}
    questions = {name: _QUESTIONS[name] for name in ("publisher", "language")}
    asked = {"announcement": "Announcement (its identifier)", "published": "Date of the document (EDTF)", **questions}
    answers = complete(given, asked)
    from alpine_kg.curation import Desk, Document  # noqa: PLC0415

    desk = Desk.open(root)
    reported = desk.entity(answers["announcement"], ["announcement"], create=False)
    document = Document(answers["publisher"], answers["language"], source_url, answers["published"], text, slug)
    _write(desk, document.put(desk, reported, titles=desk.labels(reported), published=answers["published"]))


@app.command()
def claim(
    root: RootOption = None,
    announcement: Annotated[str | None, typer.Option(help="The announcement: 2026-05-12-my-slug.")] = None,
    subject: Annotated[str | None, typer.Option(help="What it is about, by any of its names.")] = None,
    predicate: Annotated[str | None, typer.Option(help="The property: producedAt, or its label.")] = None,
    object_: Annotated[str | None, typer.Option("--object", help="A name, date, number or text.")] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Who states it; the announcement's only source else.")
    ] = None,
    modality: Annotated[
        str, typer.Option(help="planned, confirmed, delivered, cancelled, denied or rumoured.")
    ] = "planned",
    due: Annotated[str, typer.Option(help="By when, in EDTF: 2027, 2027~ (about), ../2027 (by).")] = "",
    valid_from: Annotated[str, typer.Option(help="Since when it holds.")] = "",
    valid_until: Annotated[str, typer.Option(help="Until when it held.")] = "",
    unit: Annotated[str, typer.Option(help="Unit of a quantity: EUR, km, kWh, NUM (a mere count).")] = "",
    amount: Annotated[str, typer.Option(help="An amount beside the object, such as the share that is held.")] = "",
    bound: Annotated[str, typer.Option(help="at least, at most or about.")] = "",
    quote: Annotated[list[str] | None, typer.Option(help="Exact words of the source, at most 24; once each.")] = None,
    text: TextOption = None,
    reason_fr: Annotated[str, typer.Option(help="From what it is inferred, in French; then it is not stated.")] = "",
    reason_en: Annotated[str, typer.Option(help="From what it is inferred, in English.")] = "",
    note_fr: Annotated[str, typer.Option(help="A remark in French.")] = "",
    note_en: Annotated[str, typer.Option(help="A remark in English.")] = "",
    fulfils: Annotated[str, typer.Option(help="The earlier claim that it fulfils.")] = "",
    fulfils_in_part: Annotated[str, typer.Option(help="The earlier claim that it fulfils in part.")] = "",
    revises: Annotated[str, typer.Option(help="The earlier claim that it revises.")] = "",
    cancels: Annotated[str, typer.Option(help="The earlier claim that it cancels.")] = "",
    contradicts: Annotated[str, typer.Option(help="The claim that it contradicts.")] = "",
    slug: SlugOption = "",
    create: CreateOption = False,
) -> None:
    """Write a claim of an announcement: one statement that can be checked, with its source and the words that state it."""
    given = {"announcement": announcement, "subject": subject, "predicate": predicate, "object": object_}
    answers = complete(given, _CLAIM_QUESTIONS)
    from alpine_kg.curation import Desk, Statement  # noqa: PLC0415

    links = {
        "fulfils": fulfils, "fulfilsInPart": fulfils_in_part, "revises": revises, "cancels": cancels,
        "contradicts": contradicts,
    }  # fmt: skip
    desk = Desk.open(root)
    made = Statement(
        **answers,
        sources=tuple(source or ()),
        modality=modality,
        quotes=tuple(quote or ()),
        text=text,
        reason={"fr": reason_fr, "en": reason_en} if reason_fr or reason_en else {},
        note={"fr": note_fr, "en": note_en},
        dates={"due": due, "validFrom": valid_from, "validUntil": valid_until},
        unit=unit,
        amount=amount,
        bound=bound,
        outcomes={link: earlier for link, earlier in links.items() if earlier},
        slug=slug,
    ).put(desk, create=create)
    _write(desk, made)


def _entity(kind: str) -> Callable[..., None]:
    """Return the command that adds a thing of a kind."""

    def entity(
        name: Annotated[str, typer.Argument(help="Its proper name, the same in every language.")] = "",
        root: RootOption = None,
        label_fr: Annotated[str, typer.Option(help="Its label in French, when it has no proper name.")] = "",
        label_en: Annotated[str, typer.Option(help="Its label in English.")] = "",
        alt: Annotated[list[str] | None, typer.Option(help="Another name, as NAME or NAME@ko; once for each.")] = None,
        class_: Annotated[
            str, typer.Option("--class", help="Its class where the kind has several: Brand, Region …")
        ] = "",
        organization: Annotated[str, typer.Option(help="Of a post: the organization it is in.")] = "",
        position: Annotated[tuple[str, str] | None, typer.Option(help="Of a place: latitude and longitude.")] = None,
        slug: SlugOption = "",
        create: CreateOption = False,
    ) -> None:
        from alpine_kg.curation import Desk, Entity  # noqa: PLC0415

        desk = Desk.open(root)
        made = Entity(kind, name, label_fr, label_en, tuple(alt or ()), class_, slug, organization, position).put(
            desk, create=create
        )
        _write(desk, made)

    entity.__doc__ = f"Write a new {kind} into data/{KINDS[kind]}.ttl; use it in a claim, since nothing stands alone."
    return entity


for _kind in ENTITIES:
    app.command(_kind)(_entity(_kind))


def _write(desk: "Desk", made: str) -> None:
    """Write what is pending, and say what was made and where."""
    for name in desk.write():
        typer.echo(f"wrote {desk.root.path / name}")
    typer.echo(shorten(made))
