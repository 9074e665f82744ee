"""Mail: the right body, its encoding, what the headers tell; mail that is none, or odd."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from desktop.bundle import Record, Report
from desktop.errors import UserError
from desktop.formats.base import ReadOptions
from desktop.formats.documents import mail

BODY = "The army said so near the café 🚀.\r\n\r\nقال الجيش\u00a0.\r\n"
PAGE = "<html><body><article><p>The army said that three rockets hit the base near the café. Nobody was hurt, it said.</p></article></body></html>"


def read(path: Path, data: bytes) -> tuple[Record, Report]:
    path.write_bytes(data)
    report = Report()
    (record,) = mail.read(path, ReadOptions("A"), report)
    return record, report


def message(**headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {
        "Subject": "Attack on a café",
        "From": "Jane Döe <jane@example.org>",
        "Date": "Sun, 11 Jul 2021 23:30:00 -0500",
        **headers,
    }.items():
        made[name] = value
    return made


def test_body_subject_sender_and_day(tmp_path: Path) -> None:
    made = message()
    made.set_content(BODY)
    made.add_alternative(PAGE, subtype="html")
    made.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="a.pdf")
    record, report = read(tmp_path / "a.eml", made.as_bytes())
    assert record.text == "The army said so near the café 🚀.\n\nقال الجيش\u00a0."
    assert record.article.title == "Attack on a café"
    assert record.article.meta == {"author": "Jane Döe", "date": "2021-07-11", "file": "a.eml"}
    assert ("attachments left out", 1) in [(row["what"], row["count"]) for row in report.cleaned]


def test_mail_of_html_only(tmp_path: Path) -> None:
    made = message()
    made.set_content(PAGE, subtype="html")
    record, _ = read(tmp_path / "a.eml", made.as_bytes())
    assert record.text.startswith("The army said that three rockets")
    assert (record.article.title, record.article.meta["author"]) == ("Attack on a café", "Jane Döe")


def test_latin_1_that_is_cp1252_and_a_charset_that_is_wrong(tmp_path: Path) -> None:
    head = b"From: x@example.org\r\nSubject: s\r\nContent-Type: text/plain; charset="
    record, report = read(tmp_path / "a.eml", head + b"iso-8859-1\r\n\r\nHe said \x93so\x94 in the caf\xe9.")
    assert record.text == "He said “so” in the café."
    assert not report.guessed
    record, report = read(
        tmp_path / "a.eml", head + b"utf-8\r\n\r\nHe said \x93so\x94 in the caf\xe9, and left the room."
    )
    assert record.text == "He said “so” in the café, and left the room."
    assert [row["encoding"] for row in report.guessed] == ["cp1252"]


@pytest.mark.parametrize(
    "headers",
    [b"From: <\r\nDate: never\r\nSubject:\r\n", b"From:\r\nDate: Mon, 99 Foo 20211 99:99:99\r\n", b"Subject: =?x-none?q?=FF?=\r\n",
     b"Content-Type: multipart/mixed\r\n", b"Content-Type: ;;;=\r\nFrom: \xff\xfe\r\n"],
)  # fmt: skip
def test_odd_headers_cost_nothing(tmp_path: Path, headers: bytes) -> None:
    record, _ = read(tmp_path / "a.eml", headers + b"\r\nThe army said so.\r\n")
    assert "The army said so." in record.text


@pytest.mark.parametrize(
    "data",
    [b"", b"\r\n\r\nno headers", b"Subject: s\r\n\r\n", b"Subject: s\r\nContent-Type: image/png\r\n\r\nx"],
)
def test_what_is_no_mail_or_holds_no_text(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UserError) as raised:
        read(tmp_path / "a.eml", data)
    assert raised.value.hint
