"""Files of every format that can be read, with anything wrong in them: what is right comes in, the rest is told, nothing breaks.

Real files of each format are flipped, cut, spliced and given hostile values. Whatever happens: no exception but UserError,
which the import turns into a line with file and remedy; no file beside the project is touched or left; the work is bounded
(`LONGEST` a file), and the project is whole afterwards. `--all` tries twenty times as many. Most memory: readers hold one
article, and one item of JSON, of up to 20 MB; test_bounds of each reader hold them to it.
"""

from __future__ import annotations

import io
import json
import random
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from desktop import intake, projects
from desktop.bundle import Bundle
from desktop.formats import writable
from desktop.formats.base import Plan
from desktop.session import Session
from desktop.store import queries

LONGEST = 20  # seconds for one damaged file on a busy machine; all but a few take milliseconds
QUICK, MANY = 12, 250
HOSTILE = (
    b"", b"\x00", b"\xff\xfe", b"-1", b"99999999999999999999", b"1e400", b"NaN", b"null", b"true", b'""', b"[]", b"{}", b"[[[[",
    b'{"a":' * 90, b"\\ud800", "\ud83d".encode("utf-8", "surrogatepass"), b"../../../etc/passwd", b"&lol;", b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"\r", b"\n\n\n", b"\t", b"0 0", b"9 3", b"5 5;5 5", b"T1", b"R1\tx Arg1:R1 Arg2:R1", b"*", b"\xc2\x85", b"\xe2\x80\xa8", b"=1+1",
    b'"', b"'", b"\\", b"0", b"1.5", b"[0, 1, 2, 3]", b'{"start": 0}', b"A" * 3000, b"B-", b"I-x", b"E-x", b"S-", b"#", b",", b";" * 50,
)  # fmt: skip


def page() -> bytes:
    body = "".join(
        f"<p>The army said so for the {n}th time on Monday, near the base at Tel\u00a0Aviv 🚀.</p>"
        for n in range(6)
    )
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Army</title><meta name='author' content='Ana'>"
        f"<meta property='article:published_time' content='2021-07-11'></head><body><nav>Menu</nav><article><h1>Army</h1>{body}"
        "<table><tr><td>1</td><td>2</td></tr></table></article></body></html>"
    ).encode()  # fmt: skip


def mail() -> bytes:
    made = EmailMessage()
    made["Subject"], made["From"], made["Date"] = (
        "Söme news 🚀",
        "Ana <a@b.c>",
        "Mon, 12 Jul 2021 10:00:00 +0200",
    )
    made.set_content("The army said so.\n\nNobody knows more. Déjà vu.")
    made.add_alternative(page().decode(), subtype="html")
    made.add_attachment(b"x" * 50, maintype="image", subtype="png", filename="a.png")
    return made.as_bytes()


def word() -> bytes:
    from docx import Document

    made, document = io.BytesIO(), Document()
    document.add_heading("Army", 0)
    document.add_paragraph("The army said so 🚀.")
    document.add_table(2, 2).cell(0, 0).text = "Dead"
    document.save(made)
    return made.getvalue()


def workbook() -> bytes:
    from openpyxl import Workbook

    made, book = io.BytesIO(), Workbook()
    for row in (
        ["title", "text", "date"], ["One", "The army said so.", "2021-07-11"], ["Two", "=1+1", 3.5], [None, "Three", True],
    ):  # fmt: skip
        book.active.append(row)
    book.save(made)
    return made.getvalue()


def printed() -> bytes:
    from fpdf import FPDF

    made = FPDF()
    made.set_font("helvetica")
    for number in range(2):
        made.add_page()
        made.multi_cell(0, 8, f"The army said so on page {number}.\n" * 5)
    return bytes(made.output())


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a/one.txt", "The army said so.")
        file.writestr("two.html", page())
        file.writestr("b.jsonl", '{"text": "three"}\n')
    return made.getvalue()


ROWS = [
    {"headline": f"News {n}", "body": f"The army said so, {n}, “again” 🚀.", "date": "2021-07-11"}
    for n in range(3)
]
DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "a.txt": "date 2021-07-11 The headline\r\nBy Ana Smith\r\n\r\nDéjà vu, the army said so 🚀. قال الجيش.".encode,
    "latin.txt": lambda: "Déjà vu, the army said so near the café. Ça va.".encode("cp1252"),
    "wide.txt": lambda: "Déjà vu, the army said so.".encode("utf-16"),
    "a.html": page,
    "a.eml": mail,
    "a.docx": word,
    "a.xlsx": workbook,
    "a.pdf": printed,
    "a.zip": archive,
    "a.mhtml": lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; "
    b"charset=utf-8\r\n\r\n" + page() + b"\r\n--x--\r\n",
    "a.csv": ("headline;body;date\n" + "".join(f'{r["headline"]};"{r["body"]}";{r["date"]}\n' for r in ROWS)).encode,
    "a.tsv": lambda: b"headline\tbody\nNews\tThe army said so.\n",
    "rows.jsonl": lambda: "".join(json.dumps(row) + "\n" for row in ROWS).encode(),
    "rows.json": lambda: json.dumps(ROWS).encode(),
}  # fmt: skip
LABELLED = [format.id for format in writable() if format.read]


@pytest.fixture(scope="module")
def samples(tricky: Bundle, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The files of each kind by their names."""
    made = {name: {name: content()} for name, content in DOCUMENTS.items()}
    for format in writable():
        folder = tmp_path_factory.mktemp(format.id)
        assert format.write and tricky.scheme
        format.write(folder, tricky, Plan(tricky.scheme))
        made[format.id] = {
            str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }
    return made


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    made = projects.create(tmp_path_factory.mktemp("project") / "p.tagline", "A")
    yield made
    made.store.close()


def damaged(data: bytes, draw: random.Random, others: list[bytes]) -> bytes:
    """Some bytes wrong in one of the ways that files are."""
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        at = draw.randrange(len(data) + 1)
        end = min(len(data), at + draw.choice((1, 2, 5, 20, 200)))
        match draw.randrange(7):
            case 0:
                data = data[:at]
            case 1:
                data = data[:at] + bytes(draw.randrange(256) for _ in range(end - at)) + data[end:]
            case 2:
                data = data[:at] + draw.choice(HOSTILE) + data[end:]
            case 3:
                data = data[:at] + draw.choice(HOSTILE) + data[at:]
            case 4:
                other = draw.choice(others)
                start = draw.randrange(len(other) + 1)
                data = data[:at] + other[start : start + draw.choice((10, 500, 5000))] + data[end:]
            case 5:
                data = data[:at] + data[at:end] * draw.choice((2, 30)) + data[end:]
            case 6 if data:
                # A number, a word or a string of the file gives way to something hostile.
                data = swapped(data, draw)
    return data


def swapped(data: bytes, draw: random.Random) -> bytes:
    """The file with one of its values replaced."""
    marks = [place for place, byte in enumerate(data) if byte in b' \t\n,:;"<>=[]{}']
    if len(marks) < 2:
        return data
    place = draw.randrange(len(marks) - 1)
    return data[: marks[place] + 1] + draw.choice(HOSTILE) + data[marks[place + 1] :]


def bring_in(session: Session, folder: Path, places: set[Path], *, unknown: bool) -> None:
    """Import a folder and take the import back. Nothing but what is told may be different afterwards."""
    begun = time.process_time()
    before = queries.info(session.store)
    report = intake.bring_in(
        session, intake.Wishes([folder], unknown="add" if unknown else "skip", changed="add"), "A"
    )
    for row in report.skipped:
        assert row["file"].startswith(str(folder)), row
        assert row["reason"], row
        assert "Traceback" not in row["reason"], row
    if report.articles or report.spans:
        for key in {span.article for span in session.store.rows("span")}:
            text = queries.text(session.store, key)
            for span in queries.spans(session.store, key):
                assert text[span.start : span.end] == span.text
        session.undo()
    after = queries.info(session.store)
    assert (after["articles"], after["spans"]) == (before["articles"], before["spans"])
    assert {path for path in folder.parent.rglob("*") if path.is_file()} == places
    assert time.process_time() - begun < LONGEST


def run(kind: str, count: int, samples: dict[str, dict[str, bytes]], session: Session, place: Path) -> None:
    draw = random.Random(f"{kind} {count}")
    others = [data for files in samples.values() for data in files.values()]
    for number in range(count):
        folder = place / str(number) / kind.replace(".", "-")
        files = dict(samples[kind])
        wrong = draw.choice(sorted(files))
        files[wrong] = damaged(files[wrong], draw, others)
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        places = {folder / name for name in files}
        try:
            bring_in(session, folder, places, unknown=number % 2 == 0)
        except Exception as error:
            error.add_note(f"{kind}, number {number}, {wrong}: {folder}")
            raise


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for the damaged files; none of the temporary ones may be left behind."""
    temporary, place = tmp_path / "t", tmp_path / "in"
    temporary.mkdir()
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    yield place
    assert not list(temporary.iterdir()), "something was left behind"


@pytest.mark.parametrize("kind", [*DOCUMENTS, *LABELLED])
def test_a_few(kind: str, samples: dict[str, dict[str, bytes]], session: Session, place: Path) -> None:
    run(kind, QUICK, samples, session, place)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", [*DOCUMENTS, *LABELLED])
def test_many(kind: str, samples: dict[str, dict[str, bytes]], session: Session, place: Path) -> None:
    run(kind, MANY, samples, session, place)
