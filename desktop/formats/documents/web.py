"""Saved web pages in: the story with its title, author, day, site and address; the furniture around it stays out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from desktop import decoding
from desktop.bundle import Record, Report
from desktop.errors import UserError
from desktop.formats.base import ReadOptions
from desktop.formats.documents.base import LARGEST, LONGEST, load, named, record
from desktop.furniture import day_of

_DECLARED = re.compile(
    rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding=["']([\w.:-]+)""", re.I
)
MEANT = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso-8859-9": "cp1254", "shift_jis": "cp932", "shift-jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "tis-620": "cp874", "x-sjis": "cp932", "unicode": "utf-16",
}  # fmt: skip
"""Encodings by their names on the web: what calls itself latin-1 is cp1252 (WHATWG Encoding Standard, section 4.2)."""
_PICTURE = re.compile(rb"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s%]+")
_PAGE = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html[\s>])", re.I | re.S
)
# The parser compares each attribute of a tag with all others: a hostile tag would take hours.
_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{50000,}")
_MOST_ATTRIBUTES = 2000
_DAYS = re.compile(
    r"""<meta\b(?=[^>]*\b(?:property|name|itemprop)\s*=\s*["']?(?:article:published_time|og:published_time|datePublished|date|pubdate
        |publish[-_]?date|dc\.date(?:\.issued)?|dcterms\.(?:created|issued|date)|parsely-pub-date|sailthru\.date|citation_publication_date
        |article\.published|cXenseParse:recs:publishtime)["'\s])[^>]*\bcontent\s*=\s*["']([^"']+)
      | "datePublished"\s*:\s*"([^"]+)"
      | <time\b[^>]*\b(?:pubdate|itemprop\s*=\s*["']datePublished["'])[^>]*\bdatetime\s*=\s*["']([^"']+)
      | <time\b[^>]*\bdatetime\s*=\s*["']([^"']+)["'][^>]*\b(?:pubdate|itemprop\s*=\s*["']datePublished["'])
    """,
    re.I | re.X,
)
_TIME = re.compile(r"""<time\b[^>]*\bdatetime\s*=\s*["']([^"']+)""", re.I)
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?:[/-]|$)")
_BLOCK_TAGS = "address article aside blockquote br dd div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tr ul"
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_ROW = re.compile(r"^\| ?(.*?) ?\|\s*$", re.M)


def sniff(path: Path, head: bytes) -> bool:
    """Whether a file that does not say so by its name is a page all the same."""
    return bool(_PAGE.match(head.removeprefix(b"\xef\xbb\xbf")))


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The story of a saved page (.html, or .mhtml as browsers save it). Raises UserError where no story is found."""
    with named(path):
        data = load(path, LARGEST)
        if path.suffix.lower() in (".mhtml", ".mht"):
            data, declared = _from_archive(data)
        else:
            declared = None
        page = _decoded(data, options.encoding or declared, path, report)
        yield story(page, path, options, report)


def _from_archive(data: bytes) -> tuple[bytes, str | None]:
    """The first page of an MHTML file and the encoding that its part declares."""
    message = message_from_bytes(data, policy=policy.default)
    part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    found = part.get_payload(decode=True) if part else None
    if part is None or not isinstance(found, bytes):
        raise UserError("this web archive holds no page", "save the page again, as HTML")
    return found, part.get_content_charset()


def _decoded(data: bytes, encoding: str | None, path: Path, report: Report) -> str:
    """The text of a page: by its mark, what it declares if that can be, strict UTF-8, and only then a guess."""
    data = _PICTURE.sub(b"", data)
    if len(data) > LONGEST:
        raise UserError("the page is too large", "save its text as plain text")
    tag = next((tag for tag in _LONG_TAG.finditer(data) if tag.group().count(b"=") > _MOST_ATTRIBUTES), None)
    if tag:
        raise UserError(
            f"a tag has more than {_MOST_ATTRIBUTES} attributes",
            "save its text as plain text",
            position=f"byte {tag.start()}",
        )
    if encoding:
        return decoding.decode(data, MEANT.get(encoding.lower(), encoding)).text
    marked = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    declared = None if marked else _DECLARED.search(data[:4096])
    if declared:
        name = (declared[1] or declared[2]).decode("ascii").lower()
        try:
            return decoding.decode(data, MEANT.get(name, name)).text
        except UserError:
            report.clean(str(path), f"declared as {name}, which it is not", 1)
    decoded = decoding.decode(data)
    if decoded.guessed:
        report.guess(str(path), decoded.encoding, sample=decoding.sample(_bare(decoded.text)))
    return decoded.text


def _bare(page: str) -> str:
    """About the words of a page, for a sample of them."""
    return re.sub(r"(?is)<(script|style)\b.*?</\1>|<[^>]*>", " ", page[:200_000])


def story(
    page: str,
    path: Path,
    options: ReadOptions,
    report: Report,
    meta: dict[str, Any] | None = None,
    title: str | None = None,
) -> Record:
    """The record of a page; `meta` and `title` go before what the page says of itself."""
    from trafilatura import bare_extraction  # 0.3 s that only pages pay  # noqa: PLC0415

    found = bare_extraction(page, with_metadata=True, include_comments=False)
    if found is None or isinstance(found, dict) or not (found.text or "").strip():
        raise UserError(
            "no article could be found in this page", "save its text as plain text, or leave the page out"
        )
    told = {
        "author": found.author, "date": _published(page, found.url), "source": found.sitename or found.hostname, "url": found.url,
    }  # fmt: skip
    text = _ROW.sub(r"\1", found.text or "")
    return record(
        text,
        path,
        options,
        report,
        title=title or found.title,
        meta={**told, **(meta or {})},
        language=_language(page),
    )


def words_of(html: str) -> str:
    """The words of a piece of HTML, a line for each of its blocks; for what is no page and has no furniture."""
    from lxml import etree  # 60 ms that only such pieces pay  # noqa: PLC0415
    from lxml import html as parser  # noqa: PLC0415

    try:
        root = parser.fragment_fromstring(html, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return html
    for unseen in root.xpath("//script | //style | //comment()"):
        unseen.drop_tree()
    for element in root.iter():
        if element.tag in _BLOCKS:
            element.tail = "\n" + (element.tail or "")
            element.text = (element.text or "") if element.tag == "br" else "\n" + (element.text or "")
    lines = (" ".join(line.split(" ")).strip() for line in root.text_content().split("\n"))
    return "\n".join(line for line in lines if line)


def _published(page: str, address: str | None) -> str | None:
    """The day of publication that a page declares: in its metadata, its only time, or its address.

    What trafilatura finds is not used: it takes any day of a page, that of the copyright notice too.
    """
    for found in _DAYS.finditer(page):
        day = day_of(next(filter(None, found.groups()), ""))
        if day:
            return day
    days = {day for found in _TIME.finditer(page) if (day := day_of(found[1]))}
    if len(days) == 1:
        return days.pop()
    in_address = _IN_ADDRESS.search(address or "")
    return day_of("-".join(in_address.groups())) if in_address else None


def _language(page: str) -> str | None:
    """The language a page declares, where it is one of two or three letters."""
    found = re.search(r"""<html\b[^>]*?\blang\s*=\s*["']?([A-Za-z]{2,3})\b""", page[:5000], re.I)
    return found[1].lower() if found else None
