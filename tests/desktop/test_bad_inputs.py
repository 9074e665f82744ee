"""Each bad input that people and attackers have: named with its file, its place and a remedy, and the good file beside it comes in."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop import cli

GOOD = '{"id": "good", "text": "The army said so.", "spans": [{"start": 4, "end": 8, "label": "actor"}]}'
LOL = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


def zipped(members: dict[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return made.getvalue()


def printed(*, password: bool = False, picture: bool = False) -> bytes:
    from fpdf import FPDF

    made = FPDF()
    made.add_page()
    made.set_font("helvetica")
    if picture:
        made.rect(10, 10, 50, 50)
    else:
        made.cell(text="The army said so.")
    if password:
        made.set_encryption(owner_password="o", user_password="u")
    return bytes(made.output())


def record(**values: object) -> str:
    return json.dumps({"text": "The army said so.", **values}) + "\n"


def spans(*given: tuple[int, int]) -> list[dict[str, object]]:
    return [{"start": a, "end": b, "label": "actor", "id": f"s{n}"} for n, (a, b) in enumerate(given, 1)]


def word(document: str) -> bytes:
    kind = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    ties = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    return zipped({"[Content_Types].xml": kind, "_rels/.rels": ties, "word/document.xml": document})


LINES = "".join(record(id=f"n{n}") for n in range(1, 40))
# What lies in the file, the place that is named, a word of the reason, a word of the remedy.
BAD: dict[str, tuple[Callable[[], bytes], str, str, str]] = {
    "empty.html": (lambda: b"", "", "empty", "leave it out"),
    "empty.jsonl": (lambda: b"", "", "empty", "leave it out"),
    "empty.csv": (lambda: b"", "", "empty", "leave it out"),
    "binary.txt": (lambda: bytes(range(256)) * 20, "byte 0", "not a text file", "save it as plain text"),
    "broken.zip": (lambda: zipped({"a.txt": "x" * 9000})[:90], "", "damaged", "fetch it again"),
    "bomb.zip": (lambda: zipped({"a.txt": bytes(60_000_000)}), "", "made to do harm", "unpack it yourself"),
    "tricks.zip": (lambda: zipped({"../../out.txt": "x", "good2.txt": "so"}), "", "leads out of the archive", "leave it out"),
    "password.pdf": (lambda: printed(password=True), "", "password", "save"),
    "picture.pdf": (lambda: printed(picture=True), "", "no text", "recognition"),
    "bomb.docx": (lambda: word(f'<?xml version="1.0"?>{LOL}]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>'), "", "declares entities", "leave the file out"),
    "bomb.xmi": (f'<?xml version="1.0"?>{LOL}]><xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmi:version="2.0">&j;</xmi:XMI>'.encode, "", "", "export it again"),
    "json.jsonl": (lambda: bytes(LINES + '{"text": "broken\n' + LINES.replace('"n', '"m'), "utf-8"), "line 40", "not valid JSON", "correct the line"),
    "half.jsonl": (lambda: b'{"text": "a\\ud800b"}\n', "line 1", "half a character", "write the text again"),
    "offsets.jsonl": (lambda: record(id="w", spans=spans((0, 3), (4, 99))).encode(), "line 1, span 2", "17", "correct its offsets"),
    "quote.jsonl": (lambda: record(id="q", spans=[{"start": 4, "end": 8, "label": "actor", "text": "navy"}]).encode(), "line 1, span 1", "'navy'", "correct its offsets"),
    "dangling.jsonl": (lambda: record(id="d", spans=spans((0, 3)), relations=[{"type": "agent", "head": "s1", "tail": "s9"}]).encode(), "line 1, relation 1", "'s9'", "add that span"),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0old", "", "no format reads .doc", "save it as .docx"),
}  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[Path], tuple[int, dict[str, Any]]]:
    assert cli.main(["new", str(tmp_path / "p.tagline")]) == 0

    def call(folder: Path) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = cli.main(["import", str(tmp_path / "p.tagline"), str(folder), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return call


@pytest.mark.parametrize("name", BAD)
def test_what_is_bad_is_named_and_the_rest_comes_in(
    name: str, tmp_path: Path, run: Callable[[Path], tuple[int, dict[str, Any]]]
) -> None:
    make, place, reason, remedy = BAD[name]
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_bytes(make())
    (folder / "good.jsonl").write_text(GOOD)
    code, report = run(folder)
    assert report["articles"] >= 1
    assert report["spans"] >= 1
    rows = [row for row in report["skipped"] if row["file"].startswith(str(folder / name))]
    assert code == (1 if report["skipped"] else 0)
    assert rows, report["skipped"]
    assert any(
        place == row["position"] and reason in row["reason"] and remedy in row["reason"] for row in rows
    ), rows
    assert not list(tmp_path.rglob("out.txt"))


def test_relations_in_a_circle_are_data(
    tmp_path: Path, run: Callable[[Path], tuple[int, dict[str, Any]]]
) -> None:
    ties = [{"type": "agent", "head": a, "tail": b} for a, b in (("s1", "s2"), ("s2", "s1"), ("s1", "s1"))]
    (tmp_path / "a.jsonl").write_text(record(id="c", spans=spans((0, 3), (4, 8)), relations=ties))
    code, report = run(tmp_path / "a.jsonl")
    assert report["relations"] + len(report["skipped"]) == 3
    assert code in (0, 1)


def test_malformed_json_in_line_71003_of_a_large_file(
    tmp_path: Path, run: Callable[[Path], tuple[int, dict[str, Any]]]
) -> None:
    lines = [f'{{"id": "a{n}", "text": "Text {n} of it."}}' for n in (1, 2)]
    blank = "\n" * 71_000  # blank lines are counted as lines
    (tmp_path / "a.jsonl").write_text(f"{lines[0]}\n{blank}{lines[1]}\n" + '{"id": "a3", "text": }\n')
    code, report = run(tmp_path / "a.jsonl")
    assert (code, report["articles"]) == (1, 2)
    assert [row["position"] for row in report["skipped"]] == ["line 71003"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.jsonl", "a.txt", "a.csv", "a.json", "a.conll", "a.html"])
def test_a_line_of_200_mb(
    name: str, tmp_path: Path, run: Callable[[Path], tuple[int, dict[str, Any]]]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.jsonl").write_text(GOOD)
    with (folder / name).open("wb") as file:
        file.write(b'{"text": "')
        for _ in range(200):
            file.write(b"a" * 1_000_000)
        file.write(b'"}\n')
    code, report = run(folder)
    assert (code, report["articles"]) == (1, 1)
    assert any(row["file"] == str(folder / name) and "MB" in row["reason"] for row in report["skipped"])
