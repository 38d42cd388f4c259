"""Which endpoints an allow-list covers, and which addresses of the internet may be contacted."""

import pytest

from alpine_kg.errors import BadParameterError, ForbiddenQueryError
from alpine_kg.store.federation.addresses import is_public
from alpine_kg.store.federation.endpoints import AllowList, Endpoint
from alpine_kg.store.federation.redirection import address, endpoint_of

PREFIX = "https://query.example.org/"
DEEP = "https://query.example.org:8443/a/sparql"


@pytest.mark.parametrize(
    ("prefix", "endpoint", "spelled"),
    [
        (PREFIX, "https://query.example.org/", "https://query.example.org/"),
        (PREFIX, "https://query.example.org", "https://query.example.org/"),
        (PREFIX, "https://query.example.org/sparql", "https://query.example.org/sparql"),
        (PREFIX, "HTTPS://QUERY.Example.ORG/sparql", "https://query.example.org/sparql"),
        (PREFIX, "https://query.example.org:443/sparql", "https://query.example.org/sparql"),
        (PREFIX, "https://query.example.org/%73p%61rql", "https://query.example.org/sparql"),
        (PREFIX, "https://query.example.org/a%c3%a9", "https://query.example.org/a%C3%A9"),
        (PREFIX, "https://query.example.org/aéb", "https://query.example.org/a%C3%A9b"),
        ("https://query.example.org", "https://query.example.org/any", "https://query.example.org/any"),
        (DEEP, "https://query.example.org:8443/a/sparql", DEEP),
        (DEEP, "https://query.example.org:8443/a/sparql/more", DEEP + "/more"),
        (DEEP.upper().replace("/A/SPARQL", "/a/sparql"), DEEP, DEEP),
        ("https://bücher.example/", "https://xn--bcher-kva.example/x", "https://xn--bcher-kva.example/x"),
        ("https://xn--bcher-kva.example/", "https://BÜCHER.example/x", "https://xn--bcher-kva.example/x"),
        ("http://[2001:4860::8888]/", "http://[2001:4860:0:0::8888]:80/x", "http://[2001:4860::8888]/x"),
        ("https://a.example/sparql?key=1", "https://a.example/sparql?key=%31", "https://a.example/sparql?key=1"),
    ],
)
def test_allowed(prefix: str, endpoint: str, spelled: str) -> None:
    assert str(AllowList.read([prefix]).check(endpoint)) == spelled


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://query.example.org/",
        "https://query.example.org:8443/",
        "https://query.example.org.evil.example/",
        "https://evil.example/query.example.org/",
        "https://query.example.org@evil.example/",
        "https://user@query.example.org/",
        "https://user:secret@query.example.org/",
        "https://query.example.org:443@evil.example/",
        "https://query.example.org%2eevil.example/",
        "https://query.example.org\\@evil.example/",
        "https://evil.example\\.query.example.org/",
        "https://evil.example#query.example.org/",
        "https://evil.example?query.example.org/",
        "https://query.example.org./",
        "https://query.example.org:0/",
        "https://query.example.org:99999/",
        "https://query.example.org:4 43/",
        "https://query.example.org/sparql#x",
        "https://query.example.org/?update=CLEAR%20ALL",
        "https://query.example.org/ x",
        "https://query.example.org/\tx",
        "https://query.example.org/%",
        "https://query.example.org/%zz",
        "https://query.example.org/%2f",
        "https://query.example.org/%5c",
        "https://query.example.org/%00",
        "https://query.example.org/\r\nX",
        "https://query.example.org/../x",
        "https://query.example.org/a/%2e%2E/x",
        "https://query.example.org/./x",
        "//query.example.org/",
        "/sparql",
        "",
        "file:///etc/passwd",
        "ftp://query.example.org/",
        "urn:x",
        "javascript:alert(1)",
        "https:query.example.org",
        "https:///query.example.org/",
        "http://127.0.0.1/",
        "https://query。example。org\u2044/",
    ],
)
def test_refused(endpoint: str) -> None:
    with pytest.raises(ForbiddenQueryError) as caught:
        AllowList.read([PREFIX]).check(endpoint)
    assert endpoint in caught.value.message
    assert "ALPINE_KG_SERVICE_ALLOW" in caught.value.remedy
    assert PREFIX in caught.value.remedy


@pytest.mark.parametrize(
    "endpoint", ["/a", "/a/", "/a/sparqlx", "/a/sparq", "/A/sparql", "/a/sparql%2f..", "/a//sparql"]
)
def test_a_path_is_compared_by_its_parts(endpoint: str) -> None:
    with pytest.raises(ForbiddenQueryError):
        AllowList.read([DEEP]).check("https://query.example.org:8443" + endpoint)


@pytest.mark.parametrize(
    "prefix", ["query.example.org", "https://", "https://a@b/", "ftp://a/", "https://a/../", "*", "https://*/"]
)
def test_a_setting_that_is_no_prefix_stops_the_start(prefix: str) -> None:
    with pytest.raises(BadParameterError, match="ALPINE_KG_SERVICE_ALLOW") as caught:
        AllowList.read([PREFIX, prefix])
    assert caught.value.remedy


def test_an_empty_list_allows_nothing() -> None:
    empty = AllowList.read(["", "  "])
    assert not empty
    with pytest.raises(ForbiddenQueryError, match="not below"):
        empty.check(PREFIX)


def test_what_is_sent_is_what_was_compared() -> None:
    endpoint = Endpoint.read("https://h.example:8443/%7Ea/b?x=%20")
    assert (endpoint.authority, endpoint.target) == ("h.example:8443", "/~a/b?x=%20")
    assert Endpoint.read(str(endpoint)) == endpoint


@pytest.mark.parametrize("silent", [True, False])
def test_the_forwarder_reads_the_addresses_that_are_written_for_it(silent: bool) -> None:  # noqa: FBT001
    endpoint = "https://h.example/a%20b?x=1&y=/é"
    path = address(80, endpoint, silent=silent).partition(":80")[2]
    assert endpoint_of(path) == (endpoint, silent)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "8.8.8.8",
            "1.1.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "223.255.255.255",
        ),
        *(
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2a00::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
        ),
    ],
)
def test_public(host: str) -> None:
    assert is_public(host)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "0.0.0.0",  # noqa: S104 - nobody listens there
            "0.1.2.3",
            "127.0.0.1",
            "127.255.255.254",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
        ),
        *("169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.19.255.255"),
        *("198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *(
            "::",
            "::1",
            "::127.0.0.1",
            "::8.8.8.8",
            "fe80::1",
            "fe80::1%eth0",
            "2001:4860::1%eth0",
            "fc00::1",
            "fd12::1",
        ),
        *(
            "ff02::1",
            "ff0e::1",
            "2001:db8::1",
            "2001::1",
            "2001:10::1",
            "2001:20::1",
            "2001:2::1",
            "3fff::1",
            "5f00::1",
        ),
        *(
            "fec0::1",
            "100::1",
            "4000::1",
            "64:ff9b:1::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:127.0.0.1",
        ),
        *("::ffff:169.254.169.254", "::ffff:7f00:1", "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe"),
        *(
            "2002:7f00:1::1",
            "2002:a00:1::",
            "2002:a9fe:a9fe::1",
            "2002:c0a8:1::1",
            "::ffff:100.64.0.1",
            "::ffff:224.0.0.1",
        ),
        *("localhost", "", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "8.8.8.8 ", "8.8.8.8/32", "[::1]"),
    ],
)
def test_not_public(host: str) -> None:
    assert not is_public(host)
