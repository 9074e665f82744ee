"""Word documents (.docx) in: every paragraph in reading order, those in tables, content controls and text boxes too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop.bundle import Record, Report
from desktop.errors import UserError
from desktop.formats.base import ReadOptions
from desktop.formats.documents.base import LARGEST, load, named, record
from desktop.formats.documents.office import opened

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011"}
# Text that was struck out while changes are tracked, and the second writing of a text box for old programs.
_LEFT_OUT = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", _FALLBACK}
# What python-docx writes into every document that it makes.
_NO_NAMES = {"python-docx", "Word Document"}


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The article in a document. Raises UserError for one that is damaged, protected or without text."""
    with named(path):
        load(path, LARGEST)
        document = _open(path)
        properties = document.core_properties
        body = document.element.body
        text = "\n".join(_paragraphs(body)).strip("\n")
        if not text.strip():
            raise UserError(
                "there is no text in this document, only pictures perhaps",
                "leave it out, or write its text down",
            )
        _report_left_out(document, path, report)
        meta = {"author": _name(properties.author)}
        yield record(text, path, options, report, title=_name(properties.title), meta=meta)


def _open(path: Path) -> Any:
    from docx import Document  # 70 ms that only documents pay  # noqa: PLC0415
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415
    from lxml.etree import XMLSyntaxError  # noqa: PLC0415

    with opened(path, "document"):
        try:
            return Document(str(path))
        except (PackageNotFoundError, XMLSyntaxError, ValueError, AttributeError) as error:
            what = str(error).split("\n")[0][:120]
            raise UserError(
                f"this is no Word document: {what}", "open it in its program and save it as .docx"
            ) from error


def _paragraphs(part: Any) -> Iterator[str]:
    """The paragraphs below an element; cells of a table row stand in one line, parted by tabs."""
    for child in part:
        if child.tag == f"{_W}p":
            yield from _text(child)
        elif child.tag == f"{_W}tr":
            cells = [
                "\n".join(_paragraphs(cell)).strip() for cell in child.iter(f"{_W}tc") if _row(cell) is child
            ]
            yield "\t".join(cell.replace("\n", " ") for cell in cells)
        elif child.tag not in _LEFT_OUT:
            yield from _paragraphs(child)


def _row(cell: Any) -> Any:
    """The row a cell belongs to: cells of a table inside a cell are not its own."""
    return next((above for above in cell.iterancestors(f"{_W}tr")), None)


def _text(paragraph: Any) -> Iterator[str]:
    """A paragraph, and after it those of the text boxes anchored in it."""
    parts: list[str] = []
    boxes: list[str] = []
    _collect(paragraph, parts, boxes)
    yield "".join(parts)
    yield from boxes


def _collect(part: Any, parts: list[str], boxes: list[str]) -> None:
    for child in part:
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag in _SIGNS:
            parts.append(_SIGNS[child.tag])
        elif child.tag == f"{_W}txbxContent":
            boxes.extend(_paragraphs(child))
        elif child.tag not in _LEFT_OUT:
            _collect(child, parts, boxes)


def _report_left_out(document: Any, path: Path, report: Report) -> None:
    body = document.element.body
    for what, tag in (
        ("footnotes and endnotes left out", "footnoteReference"),
        ("comments left out", "commentReference"),
    ):
        count = sum(1 for _ in body.iter(f"{_W}{tag}"))
        if count:
            report.clean(str(path), what, count)


def _name(value: str | None) -> str | None:
    return value if value and value not in _NO_NAMES else None
