"""HTML pages: templates, and what every page has. All values are data: the templates escape them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request

from alpine_kg.graph.vocabulary import pick
from alpine_kg.settings import Settings
from alpine_kg.spelling import spell_date
from alpine_kg.web.documents import Document
from alpine_kg.web.languages import LANGUAGE, wanted_languages
from alpine_kg.web.links import is_own_path, is_web_address
from alpine_kg.web.moments import AS_OF, travels
from alpine_kg.web.parameters import Parameters
from alpine_kg.web.wording import LANGUAGES, tongue_of, words_in

_HERE: Final = Path(__file__).parent
TEMPLATES: Final = _HERE / "templates"
STATIC: Final = _HERE / "static"
_REMEMBERED: Final = 100
"""Parts of pages that are remembered."""


@dataclass(frozen=True)
class Reader:
    """For whom a page is written: languages of labels in order, the language of its words, and whether it was asked for.

    `moment` is the day as of which the reader looks at the graph, or nothing.
    """

    languages: Sequence[str]
    tongue: str
    asked: bool
    moment: str = ""

    @classmethod
    def of(cls, request: Request, settings: Settings, moment: str = "") -> "Reader":
        """Return the reader of a request, whose language has been checked."""
        asked = Parameters.of(request).one(LANGUAGE)
        header = ", ".join(request.headers.getlist("accept-language"))
        languages = wanted_languages(asked, header, settings.languages.split(","))
        return cls(languages, tongue_of(languages), bool(asked), moment)

    def pick(self, labels: Mapping[str, str]) -> str:
        """Return a text by language in the reader's language."""
        return pick(labels, self.languages)

    @property
    def travels(self) -> bool:
        """Whether the links between our pages carry what this reader asked for."""
        return self.asked or bool(self.moment)

    def here(self, path: str) -> str:
        """Return the address of one of our pages in the language, and as of the day, that the reader asked for."""
        if not self.travels or not path.startswith("/"):
            return path
        kept = {LANGUAGE: self.tongue} if self.asked else {}
        if self.moment and travels(path):
            kept[AS_OF] = self.moment
        bare, mark, fragment = path.partition("#")
        return f"{bare}{'&' if '?' in bare else '?'}{urlencode(kept)}{mark}{fragment}" if kept else path


class Alternates(NamedTuple):
    """The links from a page to its document in other formats: those of its head, and those that readers see."""

    head: Markup = Markup()
    foot: Markup = Markup()

    @classmethod
    def of(cls, document: Document | None) -> "Alternates":
        """Return the links of a document's page; of a page that is no document's, none."""
        if document is None:
            return cls()
        # Written here, since a template would escape each of them, which is most of what it escapes on a page.
        path, query = escape(document.path), escape(document.query)
        others = [(offer.label, f"{path}.{offer.extension}{query}") for offer in document.others]
        head = "\n".join(f'<link rel="alternate" title="{label}" href="{address}">' for label, address in others)
        foot = ",\n".join(f'<a href="{address}">{label}</a>' for label, address in others)
        return cls(Markup(head), Markup(foot))  # noqa: S704 - formats' labels and extensions mean nothing in HTML


class Pages:
    """The templates, ready to be filled."""

    def __init__(self, **everywhere: Any) -> None:
        """Load the templates; `everywhere` are values that every page has."""
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # the templates are those of the package, which do not change while it runs
        )
        self._environment.globals.update(everywhere)
        self._environment.tests.update(web=is_web_address, ours=is_own_path)
        self._part = lru_cache(_REMEMBERED)(self._render_part)

    def render(self, template: str, reader: Reader, request: Request, **values: Any) -> bytes:
        """Return a page; `values` are what its template names."""
        asked = Parameters.of(request)
        other = next(language for language in LANGUAGES if language != reader.tongue)
        document: Document | None = values.get("document")
        path = document.path if document else request.scope["path"]
        page = self._environment.get_template(template).render(
            words=words_in(reader.tongue),
            reader=reader,
            here=reader.here,
            colon="\N{NO-BREAK SPACE}:" if reader.tongue == "fr" else ":",
            other=other,
            switch=path + asked.encoded(**{LANGUAGE: other}),
            today=path + asked.encoded(**{AS_OF: None, "cursor": None}) if reader.moment else "",
            alternates=Alternates.of(document),
            part=partial(self._part, reader.tongue, (reader.asked, reader.moment)),
            moment=spell_date(reader.moment, reader.tongue) if reader.moment else "",
            **values,
        )
        return page.encode()

    def _render_part(self, tongue: str, kept: tuple[bool, str], name: str) -> Markup:
        """Return a part of the frame, which is the same on every page for who asked for the same language and day."""
        reader = Reader((tongue,), tongue, *kept)
        template = self._environment.get_template(f"parts/{name}")
        return Markup(template.render(words=words_in(tongue), reader=reader, here=reader.here))  # noqa: S704 - escaped there
