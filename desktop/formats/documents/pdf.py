"""PDFs in: the lines that were printed become paragraphs again; running heads and page numbers are left out and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import regex

from desktop.bundle import Record, Report
from desktop.errors import UserError
from desktop.formats.base import ReadOptions
from desktop.formats.documents.base import LARGEST, LONGEST, load, named, record, too_large

# What pdfium gives for a hyphen that the printer set at the end of a line.
_SET_HYPHEN = 0x02
_EDGE_LINES = 2
_PAGE_NUMBER = regex.compile(
    r"\W*(?:(?:page|seite|pagina|página|стр\.?|صفحة)\s*)?\d{1,4}(?:\s*(?:of|/|von|de|из)\s*\d{1,4})?\W*",
    regex.I,
)
_STOP = regex.compile(r"[.!?…:;。؟۔]['\"”’»)\]]*$")
_NO_BLANK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}。、，「」！？]")
_NO_TITLE = regex.compile(
    r"microsoft (?:word|powerpoint)\b.*|.*\.(?:docx?|indd|pdf|tex|qxd|pages|rtf|odt)|untitled.*|\W*", regex.I
)
# Of the usual distance between lines: more is a gap between paragraphs.
_GAP = 1.35


@dataclass(frozen=True)
class Line:
    """A printed line; lengths in points, `bottom` from the foot of the page, `size` of its middle letter."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    page: int


def sniff(path: Path, head: bytes) -> bool:
    """Whether a file is a PDF, whatever it is called."""
    return head.startswith(b"%PDF-")


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The article in a PDF. Raises UserError for one that is damaged, protected or holds pictures only."""
    with named(path):
        load(path, LARGEST)
        document = _open(path)
        try:
            pages = _pages(document, path, report)
            about = document.get_metadata_dict()
        finally:
            document.close()
        if not any(pages):
            raise UserError(
                "there is no text in this PDF, only pictures of it",
                "run a text recognition (OCR) over it first",
            )
        text = paragraphs(without_heads(pages, path, report), path, report)
        title = about.get("Title", "").strip("\x00 ")
        meta = {"author": about.get("Author", "").strip("\x00 ")}
        yield record(
            text, path, options, report, title=None if _NO_TITLE.fullmatch(title) else title, meta=meta
        )


def _open(path: Path) -> Any:
    import pypdfium2 as pdfium  # 50 ms that only PDFs pay  # noqa: PLC0415

    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if "assword" in str(error):
            raise UserError("this PDF is protected by a password", "save a copy without it") from None
        raise UserError(
            "this is no PDF, or it is damaged", "open it in a PDF reader and save it again"
        ) from None


def _pages(document: Any, path: Path, report: Report) -> list[list[Line]]:
    """The lines of each page. Where others have text, pages of pictures only are told."""
    import pypdfium2 as pdfium  # noqa: PLC0415

    length = 0
    pages: list[list[Line]] = []
    pictures = []
    for number in range(len(document)):
        position = f"page {number + 1}"
        try:
            page = document[number]
            try:
                lines = _lines(page, number, path, report)
                if not lines and pdfium.raw.FPDFPage_CountObjects(page) > 0:
                    pictures.append(position)
            finally:
                page.close()
        except pdfium.PdfiumError:
            report.skip(
                str(path), position, "the page is damaged; open the PDF in a reader and save it again"
            )
            continue
        length += sum(len(line.text) for line in lines)
        if length > LONGEST:
            raise too_large(path, LONGEST, position)
        pages.append(lines)
    for position in pictures if any(pages) else ():
        report.skip(
            str(path), position, "there is only a picture of text; run a text recognition (OCR) over it"
        )
    return pages


def _lines(page: Any, number: int, path: Path, report: Report) -> list[Line]:
    import pypdfium2 as pdfium  # noqa: PLC0415

    raw = pdfium.raw
    textpage = page.get_textpage()
    try:
        made = []
        letters: list[str] = []
        places: list[int] = []
        nameless = 0
        for place in range(textpage.count_chars()):
            code = raw.FPDFText_GetUnicode(textpage, place)
            if code in (0x0D, 0x0A, _SET_HYPHEN):
                if code == _SET_HYPHEN:  # pdfium goes on in the same line
                    letters.append("-")
                if places:
                    made.append(_line(textpage, letters, places, number))
                letters, places = [], []
            elif code in (0, 0xFFFD, 0xFFFE, 0xFFFF):
                nameless += code != 0xFFFE  # pdfium's own mark of a soft hyphen
            else:
                letters.append(chr(code))
                if code > 0x20:
                    places.append(place)
        if places:
            made.append(_line(textpage, letters, places, number))
    finally:
        textpage.close()
    if nameless:
        report.clean(str(path), "characters that the fonts do not name, left out", nameless)
    return made


def _line(textpage: Any, letters: Sequence[str], places: Sequence[int], page: int) -> Line:
    import pypdfium2 as pdfium  # noqa: PLC0415

    # Beyond the Basic Multilingual Plane pdfium gives two halves.
    text = "".join(letters).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    first, last = (textpage.get_charbox(place, loose=True) for place in (places[0], places[-1]))
    size = pdfium.raw.FPDFText_GetFontSize(textpage, places[len(places) // 2])
    return Line(
        " ".join(text.split(" ")).strip(),
        min(first[0], last[0]),
        max(first[2], last[2]),
        first[1],
        size,
        page,
    )


def without_heads(pages: Sequence[list[Line]], path: Path, report: Report) -> list[list[Line]]:
    """The pages without the lines at their head and foot that come again on other pages, and without page numbers."""
    edges = Counter(
        key
        for lines in pages
        for key in {_key(line) for line in (*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:])}
    )
    filled = sum(1 for lines in pages if lines)
    enough = max(2, filled // 3)
    kept = []
    gone = 0
    for lines in pages:
        inner = list(lines)
        for side in (0, -1):
            for _ in range(_EDGE_LINES):
                if inner and (_PAGE_NUMBER.fullmatch(inner[side].text) or edges[_key(inner[side])] >= enough):
                    inner.pop(side)
                    gone += 1
        # A page of nothing but what comes again is a text of its own, however short.
        kept.append(inner)
    if not any(kept):
        return list(pages)
    if gone:
        report.clean(str(path), "running heads and page numbers left out", gone)
    return kept


def _key(line: Line) -> tuple[str, int]:
    """Equal for heads that differ in their page number only; a title in larger letters is none of them."""
    return regex.sub(r"\d+", "#", line.text.casefold()), round(line.size)


def paragraphs(pages: Sequence[list[Line]], path: Path, report: Report) -> str:
    """The lines joined to paragraphs, one a line; words parted at the end of a line are whole again and counted."""
    lines = [line for page in pages for line in page]
    if not lines:
        return ""
    pitch = _pitches(lines)
    edge = {
        page: max(line.right for line in lines if line.page == page) for page in {line.page for line in lines}
    }
    parts = [lines[0].text]
    whole = 0
    for before, line in pairwise(lines):
        if _begins(before, line, pitch, edge[before.page]):
            parts += ["\n", line.text]
        else:
            joint, cut = _joint(before.text, line.text)
            if cut:
                parts[-1] = parts[-1][:-1]
                whole += 1
            parts += [joint, line.text]
    if whole:
        report.clean(str(path), "words parted at line ends made whole", whole)
    return "".join(parts)


def _pitches(lines: Sequence[Line]) -> dict[int, float]:
    """The usual distance from line to line for each size of letters."""
    found: dict[int, list[float]] = {}
    for before, line in pairwise(lines):
        distance = before.bottom - line.bottom
        if (
            before.page == line.page
            and round(before.size) == round(line.size)
            and 0 < distance < 4 * line.size
        ):
            found.setdefault(round(line.size), []).append(distance)
    # The lower half: in a list of short paragraphs most distances are gaps.
    return {size: median(sorted(distances)[: len(distances) // 2 + 1]) for size, distances in found.items()}


def _begins(before: Line, line: Line, pitch: dict[int, float], edge: float) -> bool:
    """Whether a line begins a new paragraph."""
    if abs(before.size - line.size) > 0.1 * max(before.size, line.size):
        return True
    stopped = bool(_STOP.search(before.text))
    distance = before.bottom - line.bottom
    if before.page != line.page or distance <= 0:  # the next page or column
        return stopped or not line.text[:1].islower()
    if distance > _GAP * pitch.get(round(line.size), distance):
        return True
    indented = line.left - before.left > 0.8 * line.size
    short = before.right < before.left + 0.85 * (edge - before.left)
    return stopped and (short or indented)


def _joint(before: str, after: str) -> tuple[str, bool]:
    """What stands between two lines of a paragraph, and whether the hyphen at the end of the first one goes."""
    if before.endswith(("\u00ad", "-", "\u2010")) and before[-2:-1].isalpha() and after[:1].isalpha():
        return "", after[0].islower() or before[-1] == "\u00ad"
    if before and after and _NO_BLANK.match(before[-1]) and _NO_BLANK.match(after[0]):
        return "", False
    return " ", False
