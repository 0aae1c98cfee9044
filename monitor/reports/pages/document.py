"""The HTML document around a page: head, style, and a content security policy that allows nothing else."""

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib import resources

from monitor.reports.markup import Child, Markup, element, join
from monitor.reports.phrases import unbroken


def document(title: str, body: Iterable[Child], sheets: Iterable[str]) -> str:
    """The whole file; ``sheets`` are names of style files.

    The policy forbids scripts, pictures, fonts, forms and any other address; the style is allowed by its hash.
    """
    sheets = tuple(sheets)
    style = styles(*sheets)
    policy = policy_of(*sheets)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", Markup(style)),
    )
    return f"<!doctype html>\n{element('html', head, element('body', *body), lang='en')}\n"


def policy_of(*sheets: str) -> str:
    """The policy of a page with these style files: nothing but their own style."""
    return f"default-src 'none'; style-src 'sha256-{_hash(styles(*sheets))}'; base-uri 'none'; form-action 'none'"


@cache
def styles(*sheets: str) -> str:
    """The text of some style files, concatenated."""
    folder = resources.files("monitor.reports") / "style"
    return "".join(folder.joinpath(f"{name}.css").read_text(encoding="utf-8") for name in sheets)


def _hash(style: str) -> str:
    return b64encode(sha256(style.encode()).digest()).decode()


def table(heads: Iterable[str], rows: Iterable[Iterable[Child]], numbers: Iterable[int] = (), *, stacks: bool = True) -> Markup:
    """A table; the first cell heads its row, those of the columns ``numbers`` end right; ``stacks``: a list on a telephone."""
    names, right = list(heads), set(numbers)

    def cell(n: int, content: Child) -> Markup:
        kind = "number" if n in right else None
        content = unbroken(content) if type(content) is str else content
        return element("td", content, class_=kind, data_label=names[n]) if n else element("th", content, scope="row")

    head = [element("th", name, scope="col", class_="number" if n in right else None) for n, name in enumerate(names)]
    body = [element("tr", *(cell(n, content) for n, content in enumerate(row))) for row in rows]
    return element("table", element("thead", element("tr", *head)), element("tbody", *body), class_="stack" if stacks else None)


def scrolled(name: str, wide: Markup) -> Markup:
    """A wide part in a box of its own, called ``name``, which scrolls sideways where the page is too narrow."""
    return element("div", wide, class_="scrolled", role="region", aria_label=name, tabindex="0")


def section(key: str, heading: str, sentence: str | None, *content: Child, kind: str | None = None) -> Markup:
    """A section with its heading and an introductory sentence; ``key`` is unique on the page."""
    said = element("p", unbroken(sentence), class_="say") if sentence else None
    name = f"{key}-heading"
    return element("section", element("h2", heading, id=name), said, *content, aria_labelledby=name, class_=kind)


def paragraphs(lines: Iterable[str], kind: str | None = None) -> Markup:
    """One paragraph a line."""
    return join(element("p", line, class_=kind) for line in lines)
