"""Sends requests that were made by chance, and judges the answers."""

import contextlib
import http.client
import json
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

LIMIT = 1.0
"""Seconds that a query may take on the server that is judged."""
HANGING = LIMIT + 2.0
IDLE = 3.0
"""Seconds after which a kept connection is renewed, well before a server may close it as idle."""
RUNNING = 0.5
"""Seconds after which an answer may break off: sooner it cannot have met its limit."""


@dataclass
class Log:
    """How the requests ended, and what must not have happened."""

    statuses: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """How many requests were made."""
        return self.statuses.total()

    def find(self, what: str, request: object) -> None:
        """Keep what must not have happened, with the request that brought it about."""
        self.findings.append(f"{what}: {request!r}"[:1500])


class Fuzzer:
    """Sends requests one after another and judges the answers."""

    def __init__(self, port: int) -> None:
        """Speak to a server over one connection."""
        self.log = Log()
        self.port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANGING)
        self._used = time.monotonic()

    def query(self, text: str, accept: str, way: int) -> None:
        """Send a query in one of the three ways of the protocol, or by HEAD."""
        encoded = text.encode("utf-8", "surrogatepass")
        form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        address = f"/sparql?query={quote(encoded, safe='')}"
        requests: list[tuple[str, str, bytes | None, dict[str, str]]] = [
            ("POST", "/sparql", encoded, form | {"Content-Type": "application/sparql-query"}),
            ("POST", "/sparql", urlencode({"query": encoded}).encode(), form),
            ("GET", address, None, {"Accept": accept}),
            ("HEAD", address, None, {"Accept": accept}),
        ]
        self.send(*requests[way])

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> None:
        """Send a request and judge its answer."""
        if time.monotonic() - self._used > IDLE:
            self._connection.close()
        begun = time.perf_counter()
        request = (method, path, body, headers)
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            content = response.read()
        except TimeoutError:
            self.log.find("no answer in time", request)
            self._connection.close()
        except (http.client.HTTPException, OSError) as error:
            self._connection.close()
            self.log.statuses[type(error).__name__] += 1
            if time.perf_counter() - begun < RUNNING:
                self.log.find(f"broke off at once with {error!r}", request)
        else:
            self.judge(response.status, dict(response.getheaders()), content, request)
            if time.perf_counter() - begun > HANGING:
                self.log.find("took too long", request)
        self._used = time.monotonic()

    def judge(self, status: int, headers: dict[str, str], content: bytes, request: object) -> None:
        """Look for what no answer may be."""
        lowered = {name.lower(): value for name, value in headers.items()}
        self.log.statuses[str(status)] += 1
        if status >= 500 and (status not in {503, 504} or "retry-after" not in lowered):
            self.log.find(f"status {status} {content[:200]!r}", request)
        kind = lowered.get("content-type", "")
        if content and "json" in kind:
            try:
                json.loads(content)
            except ValueError:
                self.log.find("JSON that is none", request)
        if status >= 400 and content and "problem+json" not in kind:
            self.log.find(f"status {status} without a problem document", request)

    def throw(self, data: bytes) -> None:
        """Send bytes that are hardly HTTP."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=HANGING) as raw:
            with contextlib.suppress(OSError):
                raw.sendall(data)
                raw.shutdown(socket.SHUT_WR)
            try:
                answer = raw.recv(65536)
            except TimeoutError:
                self.log.find("neither answered nor closed", data)
                return
            except OSError:
                answer = b""
        status = answer[9:12].decode("latin-1") if answer.startswith(b"HTTP/") else "closed"
        self.log.statuses[f"bytes: {status}"] += 1
        if status == "500":
            self.log.find("status 500", data)
