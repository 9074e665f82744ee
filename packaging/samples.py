"""A small file for each kind of article that Tagline reads, made with the libraries that also read them."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

TITLE = "Harbour talks resume in Aden"
PARAGRAPHS = (
    "Delegates of the port authority and of the union met in Aden on Monday, the ministry of transport said.",
    "The talks had been broken off in March, when soldiers fired on a convoy near the northern gate.",
    "“We will sign before the end of the week”, a spokesman said; the union did not comment on the claim.",
)


def make(folder: Path) -> dict[str, Path]:
    """The files, by the id of the format that reads them; other formats are read back from what was exported."""
    folder.mkdir(parents=True, exist_ok=True)
    return {name: writer(folder) for name, writer in WRITERS.items()}


def _plain(folder: Path) -> Path:
    path = folder / "talks.txt"
    path.write_bytes(
        "\n\n".join((TITLE, *PARAGRAPHS)).encode("cp1252")
    )  # to be found out: charset-normalizer
    return path


def _web(folder: Path) -> Path:
    path = folder / "talks.html"
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS * 3)
    path.write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f'<meta property="article:published_time" content="2021-03-08T10:00:00Z"></head>'
        f"<body><nav>Home News Contact</nav><article><h1>{TITLE}</h1>{body}</article></body></html>",
        encoding="utf-8",
    )
    return path


def _word(folder: Path) -> Path:
    import docx  # noqa: PLC0415

    document = docx.Document()
    document.add_heading(TITLE, 0)
    for text in PARAGRAPHS:
        document.add_paragraph(text)
    path = folder / "talks.docx"
    document.save(str(path))
    return path


def _pdf(folder: Path) -> Path:
    lines = [TITLE, *(text.replace("“", '"').replace("”", '"') for text in PARAGRAPHS)]
    shown = "".join(f"({line}) Tj 0 -24 Td " for line in lines)
    stream = f"BT /F1 9 Tf 40 700 Td {shown}ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    text, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    text += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    text += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{text.index('xref')}\n%%EOF\n"
    path = folder / "talks.pdf"
    path.write_text(text, encoding="ascii")
    return path


def _mail(folder: Path) -> Path:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = TITLE, "desk@example.org", "archive@example.org"
    message["Date"] = "Mon, 08 Mar 2021 10:00:00 +0000"
    message.set_content("\n\n".join(PARAGRAPHS))
    path = folder / "talks.eml"
    path.write_bytes(bytes(message))
    return path


def _table(folder: Path) -> Path:
    import openpyxl  # noqa: PLC0415

    book = openpyxl.Workbook()
    book.active.append(("title", "text", "date"))
    book.active.append((TITLE, "\n".join(PARAGRAPHS), "2021-03-08"))
    path = folder / "talks.xlsx"
    book.save(path)
    return path


WRITERS = {"plain": _plain, "web": _web, "word": _word, "pdf": _pdf, "mail": _mail, "table": _table}
