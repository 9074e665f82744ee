"""Word documents: all paragraphs in their order, wherever Word keeps them; damaged, protected and hostile files."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml

from desktop.bundle import Record, Report
from desktop.errors import UserError
from desktop.formats.base import ReadOptions
from desktop.formats.documents import word

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read(path: Path) -> tuple[Record, Report]:
    report = Report()
    (record,) = word.read(path, ReadOptions("A"), report)
    return record, report


def saved(document: Any, path: Path) -> Path:
    document.save(str(path))
    return path


def test_paragraphs_and_tables_in_their_order(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Attack in Baghdad", 0)
    paragraph = document.add_paragraph("The army ")
    paragraph.add_run("said").bold = True
    paragraph.add_run(" so 🚀\tthen\nleft.")
    table = document.add_table(2, 2)
    for place, text in enumerate(("Dead", "Hurt", "1\n2", "قال")):
        table.cell(place // 2, place % 2).text = text
    inner = table.cell(0, 0).add_table(1, 1)
    inner.cell(0, 0).text = "inside"
    document.add_paragraph("e\u0301 end\u00a0.")
    document.core_properties.title, document.core_properties.author = "The title", "Jane Döe"
    record, report = read(saved(document, tmp_path / "a.docx"))
    assert record.text == (
        "Attack in Baghdad\nThe army said so 🚀\tthen\nleft.\nDead inside\tHurt\n1 2\tقال\ne\u0301 end\u00a0."
    )
    assert (record.article.title, record.article.meta) == (
        "The title",
        {"author": "Jane Döe", "file": "a.docx"},
    )
    assert not report.skipped


def test_names_that_the_library_gives_are_none(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Skip to content")
    document.add_paragraph("The headline of it")
    record, _ = read(saved(document, tmp_path / "a.docx"))
    assert (record.article.title, record.article.meta) == ("The headline of it", {"file": "a.docx"})
    assert record.article.outside == ((0, 15),)


def test_text_in_tracked_changes_content_controls_links_and_boxes(tmp_path: Path) -> None:
    document = Document()
    body = document.element.body
    body.insert(0, parse_xml(
        f'<w:p {NAMES}><w:r><w:t xml:space="preserve">one </w:t></w:r><w:ins w:id="1" w:author="x"><w:r><w:t>two</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="x"><w:r><w:delText>struck</w:delText></w:r></w:del>'
        '<w:hyperlink><w:r><w:t xml:space="preserve"> three</w:t></w:r></w:hyperlink></w:p>'
    ))  # fmt: skip
    body.insert(
        1,
        parse_xml(
            f"<w:sdt {NAMES}><w:sdtContent><w:p><w:r><w:t>four</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    body.insert(2, parse_xml(
        f'<w:p {NAMES} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:r><w:t>five</w:t></w:r><w:r>'
        "<mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>six</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>six</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent>"
        "</w:r></w:p>"
    ))  # fmt: skip
    body.insert(
        3,
        parse_xml(
            f'<w:p {NAMES}><w:r><w:t>seven</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
        ),
    )
    record, report = read(saved(document, tmp_path / "a.docx"))
    assert record.text == "one two three\nfour\nfive\nsix\nseven"
    assert [(row["what"], row["count"]) for row in report.cleaned] == [("footnotes and endnotes left out", 1)]


def rewritten(tmp_path: Path, part: str, data: bytes) -> Path:
    """A document one part of which is something else."""
    document = Document()
    document.add_paragraph("text")
    given = saved(document, tmp_path / "given.docx")
    made = tmp_path / "a.docx"
    with zipfile.ZipFile(given) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, data if name == part else old.read(name))
    return made


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><w>&b;</w>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (BOMB, "declares entities"),
        (b"<w:document", "this is no Word document"),
        (b" " * 200_000_000, "unpacks to 200 MB"),
    ],
    ids=["entities", "broken", "zip bomb"],
)
def test_documents_made_to_do_harm(tmp_path: Path, data: bytes, message: str) -> None:
    path = rewritten(tmp_path, "word/document.xml", data)
    with pytest.raises(UserError, match=message) as raised:
        read(path)
    assert raised.value.file == str(path)
    assert raised.value.hint


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"no zip at all", "the document is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "protected by a password, or of an old program"),
        (b"PK\x03\x04 and then nothing", "the document is damaged"),
    ],
)
def test_files_that_are_no_documents(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    with pytest.raises(UserError, match=message):
        read(path)


def test_an_archive_that_is_no_document_and_one_without_text(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(UserError):
        read(path)
    with pytest.raises(UserError, match="no text in this document"):
        read(saved(Document(), tmp_path / "b.docx"))


def test_a_document_cut_short(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("text")
    path = saved(document, tmp_path / "a.docx")
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(UserError, match="damaged"):
        read(path)
