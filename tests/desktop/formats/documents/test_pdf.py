"""PDFs: printed lines become paragraphs, heads and page numbers go and are counted; pictures, passwords, damage."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from desktop.bundle import Record, Report
from desktop.errors import UserError
from desktop.formats.base import ReadOptions
from desktop.formats.documents import pdf

FONT = Path(__file__).parents[4] / "resources" / "fonts" / "SourceSerif4-Regular.ttf"
WORDS = [
    "the", "army", "said", "that", "three", "rockets", "hit", "a", "base", "near", "Baghdad", "while", "officials", "in", "capital",
    "confirmed", "nobody", "was", "hurt", "during", "attacks", "on", "international", "forces", "café",
]  # fmt: skip


class Printed(FPDF):
    """Pages with a running head and a page number."""

    def __init__(self) -> None:
        super().__init__()
        self.add_font("serif", fname=str(FONT))

    def header(self) -> None:
        self.set_font("serif", size=8)
        self.cell(0, 8, "The Daily Report, Vol. 12", align="C")
        self.ln(12)

    def footer(self) -> None:
        self.set_y(-15)
        self.cell(0, 8, f"Page {self.page_no()} of 3", align="C")


def read(path: Path) -> tuple[Record, Report]:
    report = Report()
    (record,) = pdf.read(path, ReadOptions("A"), report)
    return record, report


def printed(path: Path, paragraphs: list[str], title: str = "", **options: Any) -> Path:
    made = Printed()
    made.add_page()
    if title:
        made.set_font("serif", size=20)
        made.cell(0, 12, title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    made.set_font("serif", size=11)
    for paragraph in paragraphs:
        made.multi_cell(0, 6, paragraph, new_x=XPos.LMARGIN, new_y=YPos.NEXT, **options)
        made.ln(3)
    made.output(str(path))
    return path


@pytest.mark.parametrize("align", ["L", "J"])
def test_paragraphs_come_back_whole(tmp_path: Path, align: str) -> None:
    draw = random.Random(5)
    paragraphs = [
        " ".join(draw.choices(WORDS, k=draw.randint(30, 110))).capitalize() + "." for _ in range(20)
    ]
    record, report = read(printed(tmp_path / "a.pdf", paragraphs, "Attack in Baghdad", align=align))
    found = record.text.split("\n")
    assert found[0] == record.article.title == "Attack in Baghdad"
    # Where a paragraph goes on over the page may be told wrongly; nowhere else.
    assert sum(paragraph in found for paragraph in paragraphs) >= 18
    assert "".join(record.text.split()) == "".join("".join(["Attack in Baghdad", *paragraphs]).split())
    assert [row["what"] for row in report.cleaned] == ["running heads and page numbers left out"]


def test_words_parted_at_line_ends(tmp_path: Path) -> None:
    made = FPDF()
    made.add_page()
    made.set_font("helvetica", size=12)
    for line in (
        "The embassy of the United States was pro-",
        "tected by ten Iraqi-",
        "US convoys, the inter-",
        "national press said.",
    ):
        made.cell(0, 6, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    made.output(str(tmp_path / "a.pdf"))
    record, report = read(tmp_path / "a.pdf")
    assert (
        record.text
        == "The embassy of the United States was protected by ten Iraqi-US convoys, the international press said."
    )
    assert [(row["what"], row["count"]) for row in report.cleaned] == [
        ("words parted at line ends made whole", 2)
    ]


def test_title_and_author_of_the_file_and_titles_that_are_none(tmp_path: Path) -> None:
    for title, expected in (
        ("Drones over Iraq", "Drones over Iraq"),
        ("Microsoft Word - draft3.doc", "First line of it."),
        ("x.indd", "First line of it."),
    ):
        made = FPDF()
        made.set_title(title)
        made.set_author("Jane Döe")
        made.add_page()
        made.set_font("helvetica", size=12)
        made.cell(0, 6, "First line of it.")
        made.output(str(tmp_path / "a.pdf"))
        record, _ = read(tmp_path / "a.pdf")
        assert (record.article.title, record.article.meta) == (
            expected,
            {"author": "Jane Döe", "file": "a.pdf"},
        )


def picture(tmp_path: Path, pages: int, text_on: int = -1) -> Path:
    from PIL import Image

    made = FPDF()
    for number in range(pages):
        made.add_page()
        made.image(Image.new("RGB", (40, 40), "red"), w=100)
        if number == text_on:
            made.set_font("helvetica", size=12)
            made.cell(0, 6, "Some text of the second page.")
    made.output(str(tmp_path / "a.pdf"))
    return tmp_path / "a.pdf"


def test_pages_that_are_pictures(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="only pictures") as raised:
        read(picture(tmp_path, 2))
    assert "OCR" in raised.value.hint
    record, report = read(picture(tmp_path, 3, text_on=1))
    assert record.text == "Some text of the second page."
    assert [row["position"] for row in report.skipped] == ["page 1", "page 3"]


@pytest.mark.parametrize("owner_only", [False, True])
def test_a_password(tmp_path: Path, owner_only: bool) -> None:
    made = FPDF()
    made.set_encryption(owner_password="o", user_password="" if owner_only else "u")
    made.add_page()
    made.set_font("helvetica", size=12)
    made.cell(0, 10, "secret")
    made.output(str(tmp_path / "a.pdf"))
    if owner_only:  # anyone may read it
        assert read(tmp_path / "a.pdf")[0].text == "secret"
    else:
        with pytest.raises(UserError, match="password"):
            read(tmp_path / "a.pdf")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"%PDF-1.7\nnothing of it" * 100, bytes(2000)])
def test_files_that_are_no_pdf(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(data)
    with pytest.raises(UserError) as raised:
        read(tmp_path / "a.pdf")
    assert raised.value.file == str(tmp_path / "a.pdf")
    assert raised.value.hint


def test_a_pdf_cut_anywhere_is_read_or_refused(tmp_path: Path) -> None:
    whole = printed(tmp_path / "whole.pdf", ["The army said so."]).read_bytes()
    draw = random.Random(1)
    for cut in (draw.randrange(10, len(whole)) for _ in range(25)):
        (tmp_path / "a.pdf").write_bytes(whole[:cut])
        try:
            read(tmp_path / "a.pdf")
        except UserError as error:
            assert error.hint
