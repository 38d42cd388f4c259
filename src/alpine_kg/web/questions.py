"""The named queries: what can be asked, with typed parameters, and the answers as rows."""

import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.formats import FORMATS
from alpine_kg.namespaces import KINDS
from alpine_kg.queries import Parameter, QueryFile
from alpine_kg.store import DatasetChoice
from alpine_kg.web.answers import query_of, whole_body
from alpine_kg.web.documents import CSV, HTML, JSON, Document, split_extension
from alpine_kg.web.languages import LANGUAGE
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
    endpoint = _endpoint(service)
    for name, each in service.graph.queries.items():
        app.get(f"{PATH}/{name}", operation_id=f"ask_{name.replace('-', '_')}", **_operation(each))(endpoint)
    app.get(f"{PATH}/{{name}}", include_in_schema=False)(endpoint)


def _operation(each: QueryFile) -> dict[str, Any]:
    parameters = [
        query(parameter.name, f"{parameter.summary.get('en', '')}: {parameter.expectation}.", _schema(parameter))
        for parameter in each.parameters
    ]
    described = f"`{PATH}/{each.name}.csv` and the like name the format instead of Accept."
    return operation(
        each.summary.get("en", each.name), "queries", ROW_FORMATS, parameters=parameters, description=described
    )


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


def _endpoint(service: Service) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        # The paths of the queries differ, not what is done at them.
        name, extension = split_extension(request.scope["path"].removeprefix(f"{PATH}/"))
        each = service.graph.query(name)
        parameters = Parameters.of(request)
        filled = Parameters(tuple(pair for pair in parameters.pairs if pair[1]))
        document = Document.choose(request, f"{PATH}/{name}", extension, ROW_FORMATS, filled.encoded())
        if document.format is HTML:
            # A form sends the fields that were left empty too: those are not given.
            parameters = filled
        return await _answer(service, request, document, each, parameters)

    return answer


async def _answer(
    service: Service, request: Request, document: Document, each: QueryFile, parameters: Parameters
) -> Response:
    given = {name: text for name, text in parameters.singles().items() if name != LANGUAGE}
    reader = service.reader(request) if document.format is HTML else None
    values = ({} if reader is None else _in_tongue(each, reader)) | given
    results = document.format if document.format.results else FORMATS["srj"]
    query = query_of(each.bind(each.terms(values)), DatasetChoice(), results, None)
    body = await whole_body(await service.ask(request, query))
    if results is document.format:
        return service.finish(document, body)
    table = Table.read(body)
    if reader is None:
        held = {"query": each.name, "parameters": given, "columns": table.columns, "rows": table.rows()}
        return service.finish(document, json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode())
    return service.page(
        request,
        document,
        "query.html",
        query=each,
        values=values,
        choices={parameter.name: list(_choices(service, parameter, reader)) for parameter in each.parameters},
        table=table,
        cells=table.cells(service.graph, reader.languages, reader.tongue),
        most=MOST_ROWS,
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
