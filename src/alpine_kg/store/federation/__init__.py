"""Federation: parts of a query that other endpoints answer, where whoever runs the service allows them by name.

The engine's own HTTP client knows no rules and cannot be taught any, so it never gets out: it runs in a worker whose only network
is an address at which the serving process listens. The worker writes that address in the place of each allowed endpoint
(`redirection`); the serving process judges every request that comes in there (`forwarder`), and sends it on to the very address
that it has judged (`outbound`).
"""
