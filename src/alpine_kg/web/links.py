"""Links in headers, and which addresses a page may link to: an address comes out of the data, and can be anything.

Source: Web Linking, https://www.rfc-editor.org/rfc/rfc8288.
"""

import re
from typing import Final
from urllib.parse import quote, urlsplit

_RESERVED: Final = "!#$%&'()*+,/:;=?@[]~"
_OWN: Final = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


def header_link(iri: str, relation: str) -> str:
    r"""Return a link for a Link header, in which nothing of the IRI can end it.

    >>> header_link("https://example.org/é>\r\nX: y", "license")
    '<https://example.org/%C3%A9%3E%0D%0AX:%20y>; rel="license"'
    """
    return f'<{quote(iri, safe=_RESERVED)}>; rel="{relation}"'


def is_web_address(text: str) -> bool:
    """Tell whether a text may be made a link to another site: http and https only.

    >>> is_web_address("https://example.org/a"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def is_own_path(text: str) -> bool:
    r"""Tell whether a text leads to another page of this site for every browser.

    >>> is_own_path("/plant/dieppe"), is_own_path("//evil.example/"), is_own_path("/\\evil.example")
    (True, False, False)
    """
    return bool(_OWN.fullmatch(text))
