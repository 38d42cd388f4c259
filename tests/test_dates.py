"""EDTF to bounds, in Python and as functions of SPARQL."""

from datetime import date

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpine_kg.dates import FUNCTIONS, earliest, latest
from alpine_kg.errors import BadParameterError
from alpine_kg.namespaces import EDTF, FUNCTION, XSD

BOUNDS = [
    # exact
    ("2025", "2025-01-01", "2025-12-31"),
    ("2021-12", "2021-12-01", "2021-12-31"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2022-01-28", "2022-01-28", "2022-01-28"),
    ("2024-06-12T10:00:00Z", "2024-06-12", "2024-06-12"),
    # about, uncertain, both: the doubt widens nothing, the words of the date do
    ("2025~", "2025-01-01", "2025-12-31"),
    ("2022-01-28?", "2022-01-28", "2022-01-28"),
    ("2021-01%", "2021-01-01", "2021-01-31"),
    ("2021-?06", "2021-06-01", "2021-06-30"),
    # by and from: open ends, and unknown ones
    ("../2026", None, "2026-12-31"),
    ("/2026", None, "2026-12-31"),
    ("2025/..", "2025-01-01", None),
    ("2025/", "2025-01-01", None),
    ("../..", None, None),
    ("[..2021]", None, "2021-12-31"),
    ("[2021..]", "2021-01-01", None),
    # between, of different precision
    ("2021-01/2021-03", "2021-01-01", "2021-03-31"),
    ("2021~/2022-06-01?", "2021-01-01", "2022-06-01"),
    ("{2021,2023}", "2021-01-01", "2023-12-31"),
    # seasons, quarters, halves
    ("2021-21", "2021-03-01", "2021-05-31"),
    ("2021-33", "2021-01-01", "2021-03-31"),
    ("2021-41", "2021-07-01", "2021-12-31"),
    ("../2021-22", None, "2021-08-31"),
    # unspecified digits
    ("202X", "2020-01-01", "2029-12-31"),
    ("2021-XX", "2021-01-01", "2021-12-31"),
    ("2021-02-XX", "2021-02-01", "2021-02-28"),
    # beyond what xsd:date and Python can say
    ("Y10000", None, None),
    ("Y17E7", None, None),
    ("-0044", None, None),
    ("0001", "0001-01-01", "0001-12-31"),
    ("9999", "9999-01-01", "9999-12-31"),
]
INVALID = [
    "",
    "..",
    "/",
    "hello",
    "unknown",
    "2021-13",
    "2021-00",
    "2021-02-29",
    "2021-02-30",
    "2021-02-29/2022",
    "28/01/2022",
    "Y17E7202120212021",
    "1950S2~-04",
    "../20XX0000",
    "?2021-12/2021-XXY3388E2S3",
    "2021/2022/2023",
    "10000",
    "２０２１",
    "2021\0",
]


@pytest.mark.parametrize(("text", "first", "last"), BOUNDS)
def test_bounds(text: str, first: str | None, last: str | None) -> None:
    assert earliest(text) == (date.fromisoformat(first) if first else None)
    assert latest(text) == (date.fromisoformat(last) if last else None)


@pytest.mark.parametrize("text", INVALID)
@pytest.mark.parametrize("bound", [earliest, latest])
def test_what_is_not_edtf_is_refused(bound: object, text: str) -> None:
    with pytest.raises(BadParameterError, match="is not an EDTF date") as caught:
        bound(text)  # type: ignore[operator]
    assert "2025~" in caught.value.remedy


@given(st.text(alphabet="0123456789-/.~?%XYSE+:TZ[]{}, ", max_size=16))
def test_any_text_has_bounds_or_is_refused(text: str) -> None:
    try:
        first, last = earliest(text), latest(text)
    except BadParameterError:
        return
    assert first is None or isinstance(first, date)
    assert last is None or isinstance(last, date)


@given(st.dates())
def test_a_day_bounds_itself(day: date) -> None:
    assert earliest(day.isoformat()) == latest(day.isoformat()) == day


def call(name: str, argument: object) -> object:
    return FUNCTIONS[ox.NamedNode(FUNCTION + name)](argument)


@pytest.mark.parametrize(("text", "first", "last"), BOUNDS)
def test_functions_give_xsd_dates_or_nothing(text: str, first: str | None, last: str | None) -> None:
    literal = ox.Literal(text, datatype=ox.NamedNode(EDTF))
    xsd_date = ox.NamedNode(XSD + "date")
    assert call("earliest", literal) == (ox.Literal(first, datatype=xsd_date) if first else None)
    assert call("latest", literal) == (ox.Literal(last, datatype=xsd_date) if last else None)


@pytest.mark.parametrize(
    "argument",
    [
        ox.Literal("2025"),
        ox.Literal("2025", language="en"),
        ox.Literal("2025", datatype=ox.NamedNode(XSD + "gYear")),
        ox.NamedNode("urn:2025"),
        ox.BlankNode(),
        *(ox.Literal(text, datatype=ox.NamedNode(EDTF)) for text in INVALID),
    ],
)
@pytest.mark.parametrize("name", ["earliest", "latest"])
def test_functions_leave_everything_else_unbound(name: str, argument: object) -> None:
    assert call(name, argument) is None


def test_functions_run_in_the_engine() -> None:
    query = f'SELECT (<{FUNCTION}latest>("2021-02-29"^^<{EDTF}>) AS ?no) (<{FUNCTION}latest>("2021"^^<{EDTF}>) AS ?yes) {{}}'
    solutions = ox.Store().query(query, custom_functions=FUNCTIONS)
    assert isinstance(solutions, ox.QuerySolutions)
    row = next(solutions)
    assert row["no"] is None
    assert row["yes"] == ox.Literal("2021-12-31", datatype=ox.NamedNode(XSD + "date"))
