"""Content negotiation, as a table (RFC 9110, section 12.5.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpine_kg.formats import FEED_FORMATS, FORMATS, GRAPH_FORMATS, RESULT_FORMATS, Format, negotiate, ranking

PAGES = tuple(FORMATS[extension] for extension in ("json", "html", "ttl", "nt", "rdf", "jsonld"))
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

TABLE = [
    # nothing asked, anything goes
    (None, "json"),
    ("", "json"),
    ("*/*", "json"),
    ("*/*;q=0.001", "json"),
    # one format
    ("text/html", "html"),
    ("text/turtle", "ttl"),
    ("TEXT/Turtle", "ttl"),
    ("application/ld+json", "jsonld"),
    ("application/rdf+xml", "rdf"),
    # ranges: the first offer of that kind
    ("text/*", "html"),
    ("application/*", "json"),
    ("application/*;q=0.5, text/turtle;q=0.4", "json"),
    # aliases count where they are named
    ("application/xhtml+xml", "html"),
    ("application/x-turtle", "ttl"),
    ("text/plain", "nt"),
    ("application/xml", "rdf"),
    ("text/plain;q=0.9, text/turtle;q=0.5", "nt"),
    # qualities
    ("text/turtle;q=0.5, application/rdf+xml;q=0.8", "rdf"),
    ("text/turtle;q=0.8, application/rdf+xml;q=0.8", "ttl"),
    ("text/turtle;q=.5, application/rdf+xml;q=0.8", "rdf"),
    ("text/turtle;q=1.0, text/html;q=0.999", "ttl"),
    ("text/turtle ; q = 0.5 , text/html ; Q=0.9", "html"),
    ('text/turtle;q="0.5", text/html;q="0.9"', "html"),
    ("text/turtle;q=7", "ttl"),
    # the most specific range decides
    ("text/html;q=0.1, */*;q=0.5", "json"),
    ("application/json;q=0.1, */*;q=0.5", "html"),
    ("application/*;q=0.1, */*;q=0.5", "html"),
    ("text/turtle;q=0.1, text/*;q=0.5, */*;q=0.2", "html"),
    # q=0 excludes, also where a wildcard or an alias would let in again
    ("application/json;q=0, */*", "html"),
    ("application/*;q=0, */*;q=0.1", "html"),
    ("text/html;q=0, application/xhtml+xml", None),
    ("application/json;q=0.0000, text/turtle;q=0.3", "ttl"),
    ("*/*;q=0", None),
    ("*/*;q=0, text/turtle", "ttl"),
    # parameters do not keep a range from fitting
    ("text/html;charset=utf-8", "html"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
    ("text/html;level=1;q=0.3, text/turtle;q=0.7", "ttl"),
    ("text/html;q=0.9;level=1, text/turtle;q=0.7", "html"),
    ('text/html;note="a,b;q=0";q=0.9, text/turtle;q=0.7', "html"),
    ('text/html;note="a\\",b";q=0.2, text/turtle;q=0.7', "ttl"),
    ("text/html;level=1;q=0, text/html", "html"),
    # a browser
    (BROWSER, "html"),
    # none acceptable
    ("image/png", None),
    ("image/*, audio/*", None),
    ("*/html", None),
    # what is malformed is passed over
    ("html", "json"),
    (",,,", "json"),
    ("text/", "json"),
    ("/", "json"),
    ("text/html;q=abc", "json"),
    ("text/html;q=abc, text/turtle", "ttl"),
    ("text/html, ;q=1, html, text/turtle;q=", "html"),
    ("text/turtle, \x00\xff/é", "ttl"),
    ('text/html;note="unclosed, text/turtle', "html"),
]


@pytest.mark.parametrize(("accept", "extension"), TABLE)
def test_pages(accept: str | None, extension: str | None) -> None:
    chosen = negotiate(accept, PAGES)
    assert (chosen.extension if chosen else None) == extension


@pytest.mark.parametrize(
    ("accept", "offers", "extension"),
    [
        (None, RESULT_FORMATS, "srj"),
        ("application/sparql-results+json", RESULT_FORMATS, "srj"),
        ("application/json", RESULT_FORMATS, "srj"),
        ("application/sparql-results+xml", RESULT_FORMATS, "srx"),
        ("application/xml", RESULT_FORMATS, "srx"),
        ("text/xml", RESULT_FORMATS, "srx"),
        ("text/csv", RESULT_FORMATS, "csv"),
        ("text/*", RESULT_FORMATS, "csv"),
        ("text/tab-separated-values", RESULT_FORMATS, "tsv"),
        ("application/sparql-results+json;q=0.5, text/csv;q=0.4", RESULT_FORMATS, "srj"),
        ("text/turtle", RESULT_FORMATS, None),
        (None, GRAPH_FORMATS, "ttl"),
        ("text/*", GRAPH_FORMATS, "ttl"),
        ("application/json", GRAPH_FORMATS, None),
        ("text/html", (), None),
        (None, (), None),
    ],
)
def test_other_offers(accept: str | None, offers: tuple[Format, ...], extension: str | None) -> None:
    chosen = negotiate(accept, offers)
    assert (chosen.extension if chosen else None) == extension


@pytest.mark.parametrize("offered", PAGES)
def test_asking_for_a_format_by_its_own_name_gives_it(offered: Format) -> None:
    assert negotiate(offered.media_type, PAGES) is offered
    assert negotiate(offered.content_type, PAGES) is offered


@given(st.one_of(st.text(max_size=80), st.text(alphabet='texhml/*;q=0.19," \\ap', max_size=80)))
def test_any_header_has_an_answer(accept: str) -> None:
    assert negotiate(accept, PAGES) in {*PAGES, None}


HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [*(row.media_type for row in FORMATS.values()), "text/*", "*/*", "application/xml", "nonsense"]
        ),
        st.sampled_from(["", ";q=0", ";q=0.3", ";q=0.30", ";q=1", ";q=x"]),
    ),
    max_size=5,
).map(lambda parts: ", ".join(name + weight for name, weight in parts))


@given(HEADERS, HEADERS, st.lists(st.sampled_from([*FORMATS.values(), *FEED_FORMATS]), unique=True))
def test_headers_that_rank_alike_are_answered_alike(one: str, other: str, offers: list[Format]) -> None:
    if ranking(one) == ranking(other):
        assert negotiate(one, offers) is negotiate(other, offers)


@given(HEADERS, st.lists(st.sampled_from([*FORMATS.values(), *FEED_FORMATS]), unique=True))
def test_the_ranking_decides(accept: str, offers: list[Format]) -> None:
    ranks = dict(zip((*FORMATS.values(), *FEED_FORMATS), ranking(accept), strict=True))
    best = max((ranks[offer] for offer in offers), default=0)
    assert negotiate(accept, offers) is next((offer for offer in offers if best and ranks[offer] == best), None)
