"""At least 50,000 requests by chance: no answer of 500, none that hangs, no worker left behind.

`fuzz.py [--requests 50000] [--seed 1]`: six tenths are queries from a grammar, half of them damaged; three tenths are whatever
the service's own OpenAPI description allows and forbids; one tenth is bytes that are hardly HTTP. Ends with status 1 when
something is found, which it prints.
"""

import argparse
import contextlib
import json
import sys
import tempfile
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from grammar import damaged, queries
from judge import LIMIT, Fuzzer
from processes import busy, descriptors, session, wait_until, workers, zombies
from reload import SETTINGS
from servers import BIN, Server, serving

ACCEPTS = (
    "*/*",
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "text/html",
    "application/ld+json",
    "application/n-triples",
    "text/turtle",
    "application/rdf+xml",
    "image/png",
    "text/*;q=0.5, application/json",
)
STRANGE_HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Accept",
            "Accept-Language",
            "If-None-Match",
            "Range",
            "Content-Type",
            "X-Forwarded-For",
            "Host",
            "Cookie",
            "Origin",
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
    max_size=4,
)
BYTES = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda method, path, version, rest: f"{method} {path} HTTP/{version}\r\nHost: x\r\n{rest}\r\n\r\n".encode(
            "latin-1", "replace"
        ),
        st.sampled_from(
            ["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "get", "BREW"]
        ),
        st.one_of(
            st.just("/sparql"),
            st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30).map("/".__add__),
        ),
        st.sampled_from(["1.1", "1.0", "1.1", "2.0", "0.9", "x"]),
        st.sampled_from(
            [
                "",
                "Content-Length: 5",
                "Content-Length: x",
                "Transfer-Encoding: chunked",
                "Expect: 100-continue",
                "Upgrade: websocket",
                ": x",
            ]
        ),
    ),
)


def by_chance(number: int, start: int, *strategies: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], None]:
    """Return what calls a function so many times with values of some strategies."""
    chosen = settings(
        max_examples=max(1, number), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )

    def run(function: Callable[..., None]) -> None:
        @seed(start)
        @chosen
        @given(st.tuples(*strategies))
        def each(values: tuple[Any, ...]) -> None:
            function(*values)

        each()

    return run


def fuzz_schema(fuzzer: Fuzzer, number: int, start: int) -> None:
    """Send what the service's own description allows, and what it forbids."""
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{fuzzer.port}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    modes = list(schemathesis.GenerationMode)
    each = max(1, number // (len(operations) * len(modes)))
    for operation in operations:
        for mode in modes:
            with contextlib.suppress(Exception):  # an operation without parameters has nothing that could be wrong
                by_chance(each, start, operation.as_strategy(generation_mode=mode), STRANGE_HEADERS)(
                    lambda case, headers: _call(fuzzer, case, headers)
                )


def _call(fuzzer: Fuzzer, case: Any, headers: dict[str, str]) -> None:
    sent = case.as_transport_kwargs(base_url=f"http://127.0.0.1:{fuzzer.port}")
    path = sent["url"].partition(str(fuzzer.port))[2] or "/"
    if query := urlencode(sent.get("params") or {}, doseq=True, errors="surrogatepass"):
        path += "?" + query
    body = sent.get("data") or (json.dumps(sent["json"]) if sent.get("json") is not None else None)
    data = (
        body if isinstance(body, bytes | None) else (urlencode(body) if isinstance(body, dict) else str(body)).encode()
    )
    given_headers = {str(name): str(value) for name, value in (sent.get("headers") or {}).items()} | headers
    safe = {name: value.encode("latin-1", "replace").decode("latin-1") for name, value in given_headers.items()}
    try:
        fuzzer.send(sent["method"], quote(path, safe="/?&=%+;,:@!$'()*~#[]"), data, safe)
    except ValueError:
        return  # a header that this client refuses to send


def left_behind(server: Server, before: tuple[int, int]) -> list[str]:
    """Return what a service holds that it did not hold before, some seconds after the last request."""
    leader = server.process.pid
    with contextlib.suppress(TimeoutError):
        wait_until(lambda: not busy(leader) and not zombies(leader), 5.0)
    found = {
        f"{len(busy(leader))} workers are busy": bool(busy(leader)),
        f"{len(zombies(leader))} zombies": bool(zombies(leader)),
        f"{len(workers(leader))} workers": len(workers(leader)) > 12,
        f"processes {before[0]} -> {len(session(leader))}": len(session(leader)) > before[0] + 8,
        f"open files {before[1]} -> {descriptors(leader)}": descriptors(leader) > before[1] + 30,
    }
    return [text for text, bad in found.items() if bad]


def main() -> int:
    """Run, print, and return 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    total, start = options.requests, options.seed
    with tempfile.TemporaryDirectory() as folder:
        environment = SETTINGS | {"ALPINE_KG_QUERY_SECONDS": str(LIMIT), "ALPINE_KG_CACHE": folder}
        with serving([BIN / "alpine-kg", "serve", "--port", "{port}"], "/readyz", environment) as server:
            fuzzer = Fuzzer(server.port)
            fuzzer.query("ASK {}", "*/*", 0)
            before = (len(session(server.process.pid)), descriptors(server.process.pid))
            texts = st.one_of(queries(), damaged())
            by_chance(6 * total // 10, start, texts, st.sampled_from(ACCEPTS), st.integers(0, 3))(fuzzer.query)
            print(f"  {fuzzer.log.requests} requests: {dict(fuzzer.log.statuses)}", flush=True)
            fuzz_schema(fuzzer, 3 * total // 10, start)
            print(f"  {fuzzer.log.requests} requests: {dict(fuzzer.log.statuses)}", flush=True)
            # What the description has too few parameters for is made up by bytes.
            by_chance(max(total - fuzzer.log.requests, total // 10), start, BYTES)(fuzzer.throw)
            findings = fuzzer.log.findings + left_behind(server, before)
    print(f"{fuzzer.log.requests} requests: {dict(sorted(fuzzer.log.statuses.items()))}")
    print("\n".join(f"FOUND: {text}" for text in findings[:30]) or "nothing found")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main())
