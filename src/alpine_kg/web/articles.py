"""News as a reader of a feed sees them: a title, a sentence, what was promised or became of it, and the sources."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from alpine_kg.graph.description import path_of
from alpine_kg.graph.news import News
from alpine_kg.graph.vocabulary import Vocabulary
from alpine_kg.namespaces import AK, local_name
from alpine_kg.spelling import spell_date
from alpine_kg.web.links import is_web_address
from alpine_kg.web.statements import Statements
from alpine_kg.web.wording import words_in

_MOST_PROMISES: Final = 50
"""Promises that an article lists; its page has all."""
_ELLIPSIS: Final = "…"


@dataclass(frozen=True)
class Section:
    """A heading with items, each a text with the address that it leads to, if any."""

    heading: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Article:
    """One entry of a feed; `page` is its page's path here, `sources` are addresses on other sites, `day` is YYYY-MM-DD."""

    iri: str
    page: str
    title: str
    summary: str
    day: str
    authors: tuple[str, ...]
    sources: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def moment(self) -> str:
        """The start of its day in RFC 3339: no more of it is known."""
        return moment_of(self.day)

    @property
    def html(self) -> str:
        """The article in HTML, in which every text is escaped."""
        lists = (f"<p>{escape(part.heading)}</p><ul>{''.join(map(_item, part.items))}</ul>" for part in self.sections)
        return f"<p>{escape(self.summary)}</p>{''.join(lists)}"

    @property
    def text(self) -> str:
        """The article in plain text."""
        lists = (
            "\n".join(
                [part.heading, *(f"- {text}" + (f" {address}" if address else "") for text, address in part.items)]
            )
            for part in self.sections
        )
        return "\n\n".join([self.summary, *lists])


def moment_of(day: str) -> str:
    """Return the start of a day as RFC 3339 writes it.

    >>> moment_of("2022-01-28")
    '2022-01-28T00:00:00Z'
    """
    return f"{day}T00:00:00Z"


class Reporter:
    """Tells news in a language order, from the statements about them."""

    def __init__(self, held: Statements, vocabulary: Vocabulary, languages: Sequence[str], tongue: str) -> None:
        """Read from statements; `tongue` is the language of our own words."""
        self._held = held
        self._vocabulary = vocabulary
        self._languages = languages
        self._tongue = tongue
        self._words = words_in(tongue)

    def article(self, news: News) -> Article:
        """Return the article about one announcement or one outcome."""
        return self._outcome(news) if news.outcome else self._announcement(news)

    def _announcement(self, news: News) -> Article:
        held, iri = self._held, news.announcement
        authors = tuple(sorted(map(self._label, held.iris(iri, AK + "announcedBy"))))
        promises = sorted(filter(self._is_promise, held.subjects(AK + "announcedIn", iri)))
        listed = [(self._promise(claim), "") for claim in promises[:_MOST_PROMISES]]
        sources = held.subjects(AK + "reports", iri)
        sections = [
            Section(self._words["announced_by"], tuple((author, "") for author in authors)),
            Section(self._words["promises"], (*listed, *([(_ELLIPSIS, "")] if len(promises) > _MOST_PROMISES else ()))),
            self._sources(sources),
        ]
        title = self._label(iri)
        return self._made(
            news,
            page=path_of(iri) or "/",
            title=title,
            summary=held.text(iri, AK + "summary", self._languages) or title,
            authors=authors,
            sources=sources,
            sections=sections,
        )

    def _outcome(self, news: News) -> Article:
        held, verdict = self._held, self._words[local_name(news.link)]
        promise, outcome = self._promise(news.promise), self._promise(news.outcome)
        modality = self._vocabulary.label(held.one(news.outcome, AK + "modality"), self._languages)
        told = [(claim, self._announced(claim)) for claim in (news.promise, news.outcome)]
        sources = list(dict.fromkeys(source for claim, _ in told for source in held.iris(claim, AK + "statedIn")))
        sections = [
            Section(self._words["promise"], ((promise, ""), (told[0][1], ""))),
            Section(self._words["outcome"], ((f"{outcome} ({modality})", ""), (told[1][1], ""))),
            self._sources(sources),
        ]
        colon = "\N{NO-BREAK SPACE}:" if self._tongue == "fr" else ":"
        return self._made(
            news,
            page=path_of(news.outcome) or "/",
            title=f"{verdict}{colon} {promise}",
            summary=f"{verdict}{colon} {promise}. {self._words['outcome']}{colon} {outcome} ({modality}).",
            authors=(),
            sources=sources,
            sections=sections,
        )

    def _made(
        self,
        news: News,
        *,
        page: str,
        title: str,
        summary: str,
        authors: tuple[str, ...],
        sources: Iterable[str],
        sections: Iterable[Section],
    ) -> Article:
        addresses = (self._held.one(source, AK + "url") for source in sources)
        return Article(
            iri=news.iri,
            page=page,
            title=title,
            summary=summary,
            day=news.known,
            authors=authors,
            sources=tuple(dict.fromkeys(filter(is_web_address, addresses))),
            sections=tuple(part for part in sections if part.items),
        )

    def _label(self, iri: str) -> str:
        return self._held.label(iri, self._languages)

    def _is_promise(self, claim: str) -> bool:
        # The statements also hold what the other news of the page take, such as outcomes that the announcement told.
        planned = AK + "Planned" in self._held.iris(claim, AK + "modality")
        return planned and bool(self._held.one(claim, AK + "due"))

    def _promise(self, claim: str) -> str:
        """Return what a claim says, with its due date in words; a milestone's date is not said twice."""
        due = self._held.one(claim, AK + "due")
        said = self._label(claim)
        return f"{said.removesuffix(f' - {due}')} ({spell_date(due, self._tongue)})" if due else said

    def _announced(self, claim: str) -> str:
        """Return in which announcement a claim was made, and when."""
        announcement = self._held.one(claim, AK + "announcedIn")
        day = spell_date(self._held.one(announcement, AK + "date"), self._tongue)
        return f"{self._label(announcement)} ({day})" if day else self._label(announcement)

    def _sources(self, sources: Iterable[str]) -> Section:
        addressed = ((self._label(source), self._held.one(source, AK + "url")) for source in sources)
        return Section(
            self._words["sources"],
            tuple((label, address if is_web_address(address) else "") for label, address in addressed),
        )


def _item(item: tuple[str, str]) -> str:
    text, address = item
    said = escape(text)
    return f'<li><a href="{escape(address)}">{said}</a></li>' if address else f"<li>{said}</li>"
