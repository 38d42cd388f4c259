"""The named queries: what can be asked, with typed parameters, and the answers as rows."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.formats import FORMATS, Format, Results
from alpine_kg.namespaces import KINDS
from alpine_kg.queries import Parameter, QueryFile
from alpine_kg.store import DatasetChoice
from alpine_kg.web.answers import query_of, whole_body
from alpine_kg.web.documents import CSV, HTML, JSON, Document, split_extension
from alpine_kg.web.facts import Link
from alpine_kg.web.languages import LANGUAGE
from alpine_kg.web.moments import AS_OF, moment_in
from alpine_kg.web.openapi import AS_OF as AS_OF_DESCRIBED
from alpine_kg.web.openapi import Parameter as Described
from alpine_kg.web.openapi import operation, query
from alpine_kg.web.pages import Reader
from alpine_kg.web.parameters import Parameters
from alpine_kg.web.service import Service
from alpine_kg.web.table import MOST_ROWS, Table

PATH: Final = "/queries"
ROW_FORMATS: Final = (JSON, HTML, CSV, *(FORMATS[name] for name in ("tsv", "srj", "srx")))
"""What the rows of a named query come in, preferred first."""
_CHOICES: Final = 200
"""Entities that the page of a query offers to choose from, for each parameter."""
_SCHEMAS: Final[dict[str, Described]] = {
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer"},
}


@dataclass(frozen=True)
class View:
    """The page of a named query: its template, and what this shows beside what every such page has.

    `today` tells that the query's `as_of` is the day of the request where none is named.
    """

    template: str = "query.html"
    more: Callable[[Table, list[list[Link]], Reader], object] = lambda _table, _cells, _reader: None
    today: bool = False


def register(app: FastAPI, service: Service) -> None:
    """Add the index of the named queries, and the path of each with its own parameters."""

    def index(request: Request) -> Response:
        document = Document.choose(request, PATH, request.path_params.get("extension"), (JSON, HTML))
        queries = list(service.graph.queries.values())
        if document.format is HTML:
            return service.page(request, document, "queries.html", queries=queries)
        body = json.dumps({"queries": [_card(each) for each in queries]}, ensure_ascii=False).encode()
        return service.finish(document, body)

    described = operation("The named queries with their parameters", "queries", (JSON, HTML))
    app.get(PATH, operation_id="list_queries", **described)(index)
    app.get(f"{PATH}.{{extension}}", include_in_schema=False)(index)
    endpoint = _endpoint(service, lambda path: service.graph.query(path.removeprefix(f"{PATH}/")), View())
    for name, each in service.graph.queries.items():
        path = f"{PATH}/{name}"
        app.get(path, operation_id=f"ask_{name.replace('-', '_')}", **_operation(each, path, View()))(endpoint)
    app.get(f"{PATH}/{{name}}", include_in_schema=False)(endpoint)


def present(app: FastAPI, service: Service, name: str, view: View) -> None:
    """Add a named query at a path of its own, `/name`, with a page of its own; a graph without the query has no such path."""
    each = service.graph.queries.get(name)
    if each is None:
        return
    endpoint = _endpoint(service, lambda _: each, view)
    app.get(f"/{name}", operation_id=f"list_{name.replace('-', '_')}", **_operation(each, f"/{name}", view))(endpoint)
    app.get(f"/{name}.{{extension}}", include_in_schema=False)(endpoint)


def _operation(each: QueryFile, path: str, view: View) -> dict[str, Any]:
    parameters = [
        query(parameter.name, f"{parameter.summary.get('en', '')}: {parameter.expectation}.", _schema(parameter))
        for parameter in each.parameters
    ]
    if not _has_moment(each):
        parameters.append(AS_OF_DESCRIBED)
    if view.today:
        told = "The day whose knowledge is looked at; today (UTC) where it is left out."
        day = query(AS_OF, told, {"type": "string", "format": "date"})
        parameters = [day if parameter["name"] == AS_OF else parameter for parameter in parameters]
    described = f"`{path}.csv` and the like name the format instead of Accept."
    return operation(
        each.summary.get("en", each.name), "queries", ROW_FORMATS, parameters=parameters, description=described
    )


def _has_moment(each: QueryFile) -> bool:
    """Tell whether a query knows of days by itself, so that it is asked of the graph of today."""
    return AS_OF in each.defaults


def _schema(parameter: Parameter) -> Described:
    schema = dict(_SCHEMAS.get(parameter.type, {"type": "string"}))
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if not parameter.optional:
        schema["default"] = int(parameter.example) if parameter.type == "integer" else parameter.example
    return schema


def _card(each: QueryFile) -> dict[str, Any]:
    return {
        "name": each.name,
        "path": f"{PATH}/{each.name}",
        "summary": each.summary,
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "summary": parameter.summary,
                "optional": parameter.optional,
                **({} if parameter.optional else {"default": parameter.example}),
                **({"kinds": list(parameter.kinds)} if parameter.kinds else {}),
                **({"choices": list(parameter.choices)} if parameter.choices else {}),
            }
            for parameter in each.parameters
        ],
    }


def _endpoint(
    service: Service, question: Callable[[str], QueryFile], view: View
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        # The paths of the queries differ, not what is done at them.
        path, extension = split_extension(request.scope["path"])
        each = question(path)
        parameters = Parameters.of(request)
        filled = Parameters(tuple(pair for pair in parameters.pairs if pair[1]))
        document = Document.choose(request, path, extension, ROW_FORMATS, filled.encoded())
        # A form sends the fields that were left empty too: those are not given.
        given = filled if document.format is HTML else parameters
        apart = {LANGUAGE} if _has_moment(each) else {LANGUAGE, AS_OF}
        values = {name: text for name, text in given.singles().items() if name not in apart}
        if view.today:
            moment = moment_in(given)
            # What is so today may not be so tomorrow: only an answer as of a named day may be kept.
            document = replace(document, shared=bool(moment))
            values[AS_OF] = moment or datetime.now(UTC).date().isoformat()
            then = service.dated(moment)
        else:
            then = service if _has_moment(each) else await service.at_leisure(request)
        # The day that a question is about is the day looked from, unless it is said.
        if then.moment and "date" in each.defaults:
            values = {"date": then.moment} | values
        if document.format is HTML:
            return await _page(then, request, document, (each, values), view)
        results = document.format if document.format.results else FORMATS["srj"]
        body = await _results(then, request, each, values, results)
        return then.finish(
            document, body if results is document.format else Results.read(body).document(each.name, values)
        )

    return answer


async def _results(
    service: Service, request: Request, each: QueryFile, values: Mapping[str, str], results: Format
) -> bytes:
    query = query_of(each.bind(each.terms(values)), DatasetChoice(), results, None)
    able = await service.able(request, each.name)
    return await whole_body(await able.ask(request, query))


async def _page(
    service: Service, request: Request, document: Document, asked: tuple[QueryFile, dict[str, str]], view: View
) -> Response:
    each, given = asked
    reader = service.reader(request)
    values = _in_tongue(each, reader) | given
    table = Table.read(await _results(service, request, each, values, FORMATS["srj"]))
    cells = table.cells(service.graph, reader.languages, reader.tongue)
    return service.page(
        request,
        document,
        view.template,
        query=each,
        values=values,
        choices={parameter.name: list(_choices(service, parameter, reader)) for parameter in each.parameters},
        table=table,
        cells=cells,
        most=MOST_ROWS,
        shown=view.more(table, cells, reader),
    )


def _in_tongue(each: QueryFile, reader: Reader) -> dict[str, str]:
    """Return the page's language as the value of each parameter that takes it, so that a page is in one language."""
    return {
        parameter.name: reader.tongue
        for parameter in each.parameters
        if parameter.type == "language" and (not parameter.choices or reader.tongue in parameter.choices)
    }


def _choices(service: Service, parameter: Parameter, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield values that a page offers for a parameter, each with what it means."""
    yield from ((choice, choice) for choice in parameter.choices)
    for kind in parameter.kinds:
        if kind in KINDS:
            for hit in service.graph.page(kind, limit=_CHOICES).hits:
                yield f"{kind}:{hit.iri.rpartition('/')[2]}", reader.pick(hit.labels)
