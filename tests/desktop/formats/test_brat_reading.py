"""brat in: every kind of line, what is wrong with one, and the way out and back."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import open_bundle

from desktop.bundle import Bundle, Record, Report
from desktop.formats import brat
from desktop.formats.base import Plan, ReadOptions
from desktop.model import Scheme

TEXT = "\ufeffAna 🚀 said: “cafe\u0301 in Tel\u00a0Aviv”.\r\nقال محمد: وقع الهجوم أمس.\r\nU.S. troops marched and left.\r\n"


def line(name: str, kind: str, *quotes: str, text: str = TEXT) -> str:
    """A T line over quotes that stand one after the other."""
    places, at = [], 0
    for quote in quotes:
        start = text.index(quote, at)
        at = start + len(quote)
        places.append(f"{start} {at}")
    return f"{name}\t{kind} {';'.join(places)}\t{' '.join(quotes)}"


def bring(
    folder: Path, ann: str | bytes, text: str | bytes = TEXT, path: str = "a.ann"
) -> tuple[list[Record], Report]:
    folder.mkdir(exist_ok=True)
    (folder / "a.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_bytes(ann if isinstance(ann, bytes) else ann.encode())
    return read(folder)


def read(*paths: Path) -> tuple[list[Record], Report]:
    report = Report()
    return list(open_bundle(paths, ReadOptions("A"), report)), report


def reasons(report: Report) -> list[tuple[str, str]]:
    return [(row["position"], row["reason"].split(";")[0]) for row in report.skipped]


EVERYTHING = "\n".join([
    line("T1", "Person", "Ana"), line("T2", "Place", "Tel\u00a0Aviv"), line("T3", "Person", "محمد"),
    line("T4", "Attack", "الهجوم"), line("T5", "March", "marched", "left"), line("T6", "Person", "U.S. troops"),
    line("T7", "Claim", "troops marched and left"),
    "E1\tAttack:T4 Agent:T3 Place:T2", "E2\tMarch:T5 Agent:T6 Agent2:T1 Cause:E1", "E3\tAttack:T4 Agent:T1",
    "A1\tNegation E1", "A2\tConfidence E2 high", "M1\tSpeculation T7", "A3\tSure R1 no",
    "R1\tknows Arg1:T1 Arg2:T3", "R2\tbefore Arg1:E1 Arg2:E2", "*\tEquiv T1 T3 T6",
    "N1\tReference T2 Wikipedia:33453\tTel Aviv", "#1\tAnnotatorNotes T1\twho\\nis it?", "#2\tAnnotatorNotes R1\tunsure",
    "#3\tNormalization T1\tsecond", "", "",
])  # fmt: skip


def test_every_kind_of_line(tmp_path: Path) -> None:
    [record], report = bring(tmp_path, EVERYTHING)
    assert not report.skipped
    spans = {span.id: span for span in record.spans}
    assert record.text == TEXT.removeprefix("\ufeff").replace("\r\n", "\n")
    assert {i: (s.label, record.text[s.start : s.end]) for i, s in spans.items()} == {
        "T1": ("Person", "Ana"), "T2": ("Place", "Tel\u00a0Aviv"), "T3": ("Person", "محمد"), "T4": ("Attack", "الهجوم"),
        "T5": ("March", "marched and left"), "T6": ("Person", "U.S. troops"), "T7": ("Claim", "troops marched and left"),
    }  # fmt: skip
    assert [record.text[s:e] for s, e in spans["T5"].fragments] == ["marched", "left"]
    assert spans["T1"].note == "who\nis it?\nsecond"
    assert spans["T2"].attributes == {"Reference": "Wikipedia:33453", "Reference_text": "Tel Aviv"}
    assert spans["T4"].attributes == {"Negation": "true"}
    assert spans["T5"].attributes == {"Confidence": "high"}
    assert spans["T7"].attributes == {"Speculation": "true"}
    assert Counter((r.type, r.head, r.tail) for r in record.relations) == Counter([
        ("knows", "T1", "T3"), ("before", "T4", "T5"), ("Equiv", "T1", "T3"), ("Equiv", "T3", "T6"),
        ("Agent", "T4", "T3"), ("Place", "T4", "T2"), ("Agent", "T5", "T6"), ("Agent", "T5", "T1"), ("Cause", "T5", "T4"),
        ("Agent", "T4", "T1"),
    ])  # fmt: skip
    knows = next(r for r in record.relations if r.type == "knows")
    assert (knows.id, knows.attributes, knows.note) == ("R1", {"Sure": "no"}, "unsure")
    assert {row["what"]: row["count"] for row in report.cleaned} == {
        "byte order marks": 1, "line ends": 3, "events joined with another of the same trigger": 1,
        "numbered event roles (Theme2) taken without their numbers": 1,
        "equivalences of several spans made relations from each to the next": 1,
    }  # fmt: skip


def test_what_is_wrong_with_a_line_is_said_and_the_rest_comes(tmp_path: Path) -> None:
    ann = "\n".join([
        line("T1", "Person", "Ana"), "T1\tPerson 0 2\tAn", "T2\tPerson 5 9\tBob!", "T3\tPerson 5 5\t", "T4\tPerson x 9\tAna",
        "T5\tPerson 900 904\tAna", "T6 Person 0 3 Ana", "Z1\tPerson T1", "R1\tknows Arg1:T1", "R2\tknows Arg1:T1 Arg2:T9",
        "E1\tAttack", "A1\tNegation", "A2\tSize T1 big", "A3\tSize T1 small", "#1\tAnnotatorNotes\tx", "A4\tNegation T9",
        "N1\tReference T1\tx", "#2\tTaglineAttribute T1\t[1]", "just words",
    ])  # fmt: skip
    [record], report = bring(tmp_path, ann)
    assert [(span.id, span.attributes) for span in record.spans] == [("T1", {"Size": "big"})]
    assert record.relations == ()
    assert reasons(report) == [
        ("line 2", "the line has the id T1 a second time"),
        ("line 5", "the line has no offsets but 'x 9'"),
        ("line 7", "the line is not in brat's form"),
        ("line 8", "the line is not in brat's form"),
        ("line 9", "the line does not name two ends"),
        ("line 11", "the line names no trigger"),
        ("line 12", "the line names no target"),
        ("line 14", "the line gives 'Size' of T1 a second value, 'small' beside 'big'"),
        ("line 15", "the line names no target"),
        ("line 17", "the line does not name a target and an entry"),
        ("line 18", "the line holds no JSON object"),
        ("line 19", "the line is not in brat's form"),
        ("line 3", "span 5–9 is said to read 'Bob!', but the text there reads '🚀 sa'"),
        ("T9", "1 attributes or notes of T9 have no span or relation to stand at"),
        ("line 4", "span 5–5 has no length"),
        ("line 6", "span 900–904 is outside the text, which has 93 characters"),
        ("line 10", "relation 'knows' points to span 'T9', which is not there"),
    ]
    assert {row["file"] for row in report.skipped} == {str(tmp_path / "a.ann")}


@pytest.mark.parametrize(
    ("unit", "count"),
    [
        ("UTF-16 units", lambda before: len(before.encode("utf-16-le")) // 2),
        ("bytes", lambda before: len(before.encode())),
        ("line ends as one", lambda before: len(before.replace("\r\n", "\n"))),
        ("from behind the byte order mark", lambda before: len(before) - 1),
    ],
)
def test_offsets_that_count_otherwise_are_known_by_their_quotes(tmp_path: Path, unit: str, count) -> None:  # type: ignore[no-untyped-def]
    def counted(match: re.Match[str]) -> str:
        return str(count(TEXT[: int(match.group())]))

    spans = [
        line("T1", "Person", "Ana"),
        line("T2", "Person", "محمد"),
        line("T3", "Claim", "marched", "left"),
    ]
    ann = "\n".join(re.sub(r"(?<= |;)\d+(?=[ \t;])", counted, one) for one in spans)
    [record], report = bring(tmp_path, ann)
    assert not report.skipped
    assert [[record.text[s:e] for s, e in span.fragments] for span in record.spans] == [
        ["Ana"],
        ["محمد"],
        ["marched", "left"],
    ]
    assert report.guessed == [{"file": str(tmp_path / "a.ann"), "offsets": unit}]


def test_blanks_in_quotes_make_no_difference(tmp_path: Path) -> None:
    start = TEXT.index("أمس")
    [record], report = bring(tmp_path, f"T1\tClaim {start} {TEXT.index(' troops')}\tأمس. U.S.")
    assert record.spans[0].text == "أمس.\nU.S."
    assert not report.skipped


def test_fragments_are_put_in_order_and_joined(tmp_path: Path) -> None:
    [record], report = bring(tmp_path, "T1\tClaim 9 11;1 3;3 4\tAna ai")
    assert [record.text[s:e] for s, e in record.spans[0].fragments] == ["Ana", "ai"]
    assert ("fragments put in order and joined where they touch", 1) in [
        (row["what"], row["count"]) for row in report.cleaned
    ]


def test_lines_in_another_folder(tmp_path: Path) -> None:
    for split in ("train", "test"):
        (tmp_path / split / "text").mkdir(parents=True)
        (tmp_path / split / "text" / "a.txt").write_text(f"Ana of {split}", "utf-8")
        (tmp_path / split / "ann").mkdir()
        (tmp_path / split / "ann" / "a.txt.ann").write_text(
            f"T1\tPlace 7 {7 + len(split)}\t{split}\n", "utf-8"
        )
    (tmp_path / "annotation.conf").write_text("[entities]\nPlace\n", "utf-8")
    found, report = read(tmp_path)
    assert sorted((record.text, record.spans[0].text) for record in found) == [
        ("Ana of test", "test"), ("Ana of train", "train"),
    ]  # fmt: skip
    assert not report.skipped
    assert report.formats[0]["files"] == 2


def test_names_that_end_like_texts_come_back(strategies: ModuleType, scheme: Scheme, tmp_path: Path) -> None:
    """The files of an article that is itself called a.txt, and of another that is called a."""
    texts = {"a.txt": "Raid in Rome", "a": "Raid in Paris", "b.TXT": "Raid in Bonn"}
    records = [
        strategies.article(text, strategies.span(text, "event", "Raid"), id=name)
        for name, text in texts.items()
    ]
    back, report = out_and_back(strategies.bundle(records, scheme), scheme, tmp_path)
    assert not report.skipped
    assert back.keys() == set(texts.values())
    assert all(len(record.spans) == 1 for record in back.values())


def test_lines_without_a_text(tmp_path: Path) -> None:
    (tmp_path / "a.ann").write_text("T1\tPlace 0 3\tAna\n", "utf-8")
    found, report = read(tmp_path / "a.ann")
    assert found == []
    assert reasons(report) == [("", "there is no text for it: no one file is called a.txt")]


def test_several_annotators_of_one_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ana met Bo", "utf-8")
    for name in ("bloom", "sean"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.ann").write_text("T1\tPerson 0 3\tAna\n", "utf-8")
    found, report = read(tmp_path)
    assert [record.spans[0].annotator for record in found] == ["bloom", "sean"]
    assert [row["annotator"] for row in report.guessed] == ["bloom", "sean"]
    assert len({record.article.id for record in found}) == 1
    assert read(tmp_path / "sean" / "a.ann")[0] == []


def test_the_two_files_of_a_shared_task(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("IL-2 binds p53", "utf-8")
    (tmp_path / "a.a1").write_text("T1\tProtein 0 4\tIL-2\nT2\tProtein 11 14\tp53\n", "utf-8")
    (tmp_path / "a.a2").write_text("T3\tBinding 5 10\tbinds\nE1\tBinding:T3 Theme:T1 Theme2:T2\n", "utf-8")
    [record], report = read(tmp_path)
    assert [span.text for span in record.spans] == ["IL-2", "p53", "binds"]
    assert [(r.type, r.head, r.tail) for r in record.relations] == [
        ("Theme", "T3", "T1"),
        ("Theme", "T3", "T2"),
    ]
    assert not report.skipped


def test_a_text_named_alone_brings_its_lines_along(tmp_path: Path) -> None:
    bring(tmp_path, line("T1", "Person", "Ana"))
    for paths in ([tmp_path / "a.txt"], [tmp_path / "a.ann"], [tmp_path / "a.txt", tmp_path / "a.ann"]):
        [record], _ = read(*paths)
        assert len(record.spans) == 1


def parts(record: Record) -> tuple[Counter[object], Counter[object]]:
    """Spans and relations without ids, which brat's files number anew."""
    of = {span.id: (span.label, span.fragments) for span in record.spans}
    spans = Counter(
        (s.label, s.fragments, s.text, repr(sorted(s.attributes.items())), s.note) for s in record.spans
    )
    relations = Counter(
        (r.type, of[r.head], of[r.tail], repr(r.attributes), r.note) for r in record.relations
    )
    return Counter(spans), Counter(relations)


def out_and_back(bundle: Bundle, scheme: Scheme, folder: Path) -> tuple[dict[str, Record], Report]:
    brat.write(folder, bundle, Plan(scheme))
    found, report = read(folder)
    return {record.text: record for record in found}, report


def test_the_reference_comes_back_whole(reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    back, report = out_and_back(reference, scheme, tmp_path)
    assert not report.skipped
    assert not report.cleaned
    spans = relations = 0
    for record in reference:
        assert parts(back[record.text]) == parts(record)
        spans += len(record.spans)
        relations += len(record.relations)
    assert (spans, relations) == (722, 773)


@given(data=st.data())
def test_what_is_written_comes_back(strategies: ModuleType, scheme: Scheme, data: st.DataObject) -> None:
    bundle: Bundle = data.draw(strategies.bundles(scheme))
    with tempfile.TemporaryDirectory() as folder:
        receipt = brat.write(Path(folder), bundle, Plan(scheme))
        found, report = read(Path(folder))
    assert not report.skipped
    gone = {(entry.article, entry.span) for entry in receipt.left_out}
    moved = {(entry.article, entry.span): entry.fragments for entry in receipt.changed}
    expected = Counter(
        (record.text, s.label, moved.get((record.article.id, s.id), s.fragments), repr(sorted(s.attributes.items())), s.note)
        for record in bundle for s in record.spans if (record.article.id, s.id) not in gone
    )  # fmt: skip
    assert expected == Counter(
        (record.text, s.label, s.fragments, repr(sorted(s.attributes.items())), s.note)
        for record in found for s in record.spans
    )  # fmt: skip
    kept = sum(len(record.relations) for record in bundle) - receipt.notes["relations_left_out"]
    assert sum(len(record.relations) for record in found) == kept
