"""The SPARQL endpoint: queries by GET and POST, the service description, and the query page."""

from typing import Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.formats import FORMATS, Format, serialise
from alpine_kg.store import Answer
from alpine_kg.web.answers import query_of, respond, whole_body
from alpine_kg.web.capabilities import service_description
from alpine_kg.web.documents import GRAPH_FORMATS, HTML, JSON, Document, accept
from alpine_kg.web.moments import refuse_moment
from alpine_kg.web.openapi import Parameter, operation, query
from alpine_kg.web.origin import origin_of
from alpine_kg.web.parameters import Parameters
from alpine_kg.web.protocol import DIRECT, FORM, GRAPHS, RESULTS, Question, read_body, read_post, read_question
from alpine_kg.web.service import Service
from alpine_kg.web.table import MOST_ROWS, Table

PATH: Final = "/sparql"
_EXAMPLE: Final = "ASK {}"
_FORMATS: Final = tuple(dict.fromkeys((*RESULTS, *GRAPHS)))
_GRAPH = {"type": "array", "items": {"type": "string", "format": "uri"}}
_PARAMETERS: Final[dict[str, tuple[str, Parameter]]] = {
    "query": ("A query in SPARQL 1.1.", {"type": "string", "examples": [_EXAMPLE]}),
    "default-graph-uri": ("Named graphs whose merge is the default graph.", _GRAPH),
    "named-graph-uri": ("Named graphs that GRAPH can reach.", _GRAPH),
    "timeout": ("Seconds after which to give up, below the service's own limit.", {"type": "number"}),
    "format": ("A format's extension or media type, instead of Accept.", {"type": "string"}),
}


def register(app: FastAPI, service: Service) -> None:
    """Add the endpoint."""

    async def get(request: Request) -> Response:
        parameters = Parameters.of(request)
        refuse_moment(dict(parameters.pairs))
        if not {name for name, _ in parameters.pairs} - {"lang"}:
            return await run_in_threadpool(_describe, service, request)
        return await _answer(service, request, read_question(parameters, accept(request)))

    async def post(request: Request) -> Response:
        body = await read_body(
            request.stream(), request.headers.get("content-length"), service.settings.query_body_bytes
        )
        refuse_moment(dict(Parameters.of(request).pairs))
        content_type = ", ".join(request.headers.getlist("content-type"))
        question = read_post(content_type, Parameters.of(request), body, accept(request))
        return await _answer(service, request, question)

    described = operation(
        "The answer to a SPARQL query; without parameters, the description of the service",
        "sparql",
        (*_FORMATS, FORMATS["json"]),
        parameters=[query(name, *described) for name, described in _PARAMETERS.items()],
        description=f"SPARQL 1.1 Protocol. A browser gets a page to write queries in. {_federation(service)}",
    )
    app.get(PATH, operation_id="query_by_get", **described)(get)
    app.post(
        PATH,
        operation_id="query_by_post",
        **operation(
            "The answer to a SPARQL query in the body",
            "sparql",
            _FORMATS,
            parameters=[query(name, *_PARAMETERS[name]) for name in ("default-graph-uri", "named-graph-uri", "format")],
            body=_body(),
        ),
    )(post)


def _body() -> dict[str, object]:
    properties = {name: {**schema, "description": words} for name, (words, schema) in _PARAMETERS.items()}
    form = {"type": "object", "required": ["query"], "properties": properties}
    direct = {"type": "string", "examples": [_EXAMPLE]}
    return {"required": True, "content": {FORM: {"schema": form}, DIRECT: {"schema": direct}}}


def _federation(service: Service) -> str:
    """Return what people should know of SERVICE."""
    if not service.answers.federated:
        return "This endpoint contacts no other: SERVICE is answered with 403."
    allowed = service.settings.service_allow.replace(",", ", ")
    return f"SERVICE may ask the endpoints below {allowed}, each named by its whole IRI; others are answered with 403."


async def _answer(service: Service, request: Request, question: Question) -> Response:
    """Return the answer to a question."""
    results = FORMATS["srj"] if question.results is HTML else question.results
    graphs = FORMATS["ttl"] if question.graphs is HTML else question.graphs
    query = query_of(question.text, question.dataset, results, graphs)
    execution = await service.ask(request, query, seconds=question.seconds)
    asked_for = question.results if execution.format.results else question.graphs
    if asked_for is not HTML:
        return await respond(execution, _headers(service), request)
    # A page holds the answer as a whole, of which it shows the first rows.
    answer = Answer(execution.format, await whole_body(execution))
    return await run_in_threadpool(_page, service, request, question, answer)


def _headers(service: Service) -> dict[str, str]:
    # Not `public`: answers to strangers' questions would drive the pages out of memory; they have one of their own, `Repeats`.
    return {"Cache-Control": f"max-age={service.settings.cache_seconds}", "Vary": "Accept, Accept-Language"}


def _finished(service: Service, body: bytes, target: Format, language: str = "") -> Response:
    headers = _headers(service) | ({"Content-Language": language} if language else {})
    return Response(body, headers=headers, media_type=target.content_type)


def _describe(service: Service, request: Request) -> Response:
    document = Document.choose(request, PATH, None, GRAPH_FORMATS)
    if document.format is HTML:
        return _page(service, request, None, None)
    origin, federated = origin_of(request, service.settings), service.answers.federated
    triples = service_description(
        origin, PATH, service.graph.summary.triples, federated=federated, union=service.graph.root.union
    )
    target = FORMATS["jsonld"] if document.format is JSON else document.format
    return _finished(service, serialise(triples, target, service.graph.context), document.format)


def _page(service: Service, request: Request, question: Question | None, answer: Answer | None) -> Response:
    """Return the page with a form, and below it the answer when there is one."""
    reader = service.reader(request)
    table = Table.read(answer.body) if answer and answer.format.results else None
    examples = [(each.summary, _without_header(each.text)) for each in service.graph.queries.values()]
    body = service.pages.render(
        "sparql.html",
        reader,
        request,
        examples=examples,
        starter=examples[0][1] if examples else _EXAMPLE,
        question=question,
        formats=_FORMATS,
        table=table,
        cells=table.cells(service.graph, reader.languages, reader.tongue) if table else (),
        most=MOST_ROWS,
        text=answer.body.decode() if answer and not table else "",
    )
    return _finished(service, body, HTML, reader.tongue)


def _without_header(query: str) -> str:
    return "".join(line for line in query.splitlines(keepends=True) if not line.startswith("#+"))
