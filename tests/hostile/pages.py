"""What a browser would make of a page."""

import re
from html.parser import HTMLParser

ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "srcset",
    "cite",
    "background",
    "ping",
    "manifest",
}
SAFE = re.compile(r"(?:/(?![/\\])|\#|\?|https?://)[^\x00-\x1f]*|")
VOID = {"meta", "link", "input", "br", "img", "hr"}
FOREIGN = {"script", "style", "iframe", "object", "embed", "applet", "base", "svg", "math", "template", "img", "frame"}


class Page(HTMLParser):
    """A page read: its text, its links, its elements, and whatever it should not have."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: list[str] = []
        self.values: list[str] = []
        self.elements: list[str] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        if self._open:
            self.faults.append(f"left open: {self._open}")

    @property
    def text(self) -> str:
        return "".join(self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        if tag in FOREIGN:
            self.faults.append(f"<{tag}>")
        if tag not in VOID:
            self._open.append(tag)
        for name, value in attrs:
            self.values.append(value or "")
            if not re.fullmatch(r"[a-z-]+", name) or name.startswith("on") or name in {"style", "srcdoc", "http-equiv"}:
                self.faults.append(f"<{tag} {name}={value!r}>")
            if name in ADDRESSES:
                self.links.append(value or "")
                if not SAFE.fullmatch(value or ""):
                    self.faults.append(f"<{tag} {name}={value!r}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> out of place")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"<![{data}]>")
