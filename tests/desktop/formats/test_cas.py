"""The `cas` folder as Apache UIMA and dkpro-cassis read it."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path
from types import ModuleType

import cassis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.bundle import Bundle, RawArticle, Record, Report, build
from desktop.errors import UserError
from desktop.formats import cas, cas_reading
from desktop.formats.base import Plan, ReadOptions
from desktop.model import Label, Scheme

ROOT = Path(__file__).parents[3]
JAR = "/usr/share/java/uimaj-core.jar"


def read(path: Path) -> tuple[Record, Report]:
    report = Report()
    (record,) = cas_reading.read(path, ReadOptions("me"), report)
    return record, report


def utf16(text: str, place: int) -> int:
    return len(text[:place].encode("utf-16-le")) // 2


@pytest.mark.outside("javac")
@pytest.mark.outside(JAR)
@pytest.mark.parametrize("sample", ["reference", "tricky"])
def test_apache_uima_finds_every_span_and_relation(
    sample: str, scheme: Scheme, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    bundle: Bundle = request.getfixturevalue(sample)
    stems = cas.write(tmp_path, bundle, Plan(scheme)).notes["files"]
    paths = [tmp_path / "train" / f"{stems.get(r.article.id, r.article.id)}.xmi" for r in bundle]
    program = ROOT / "tests" / "data" / "java" / "Annotations.java"
    command = ["java", "-cp", JAR, str(program), str(tmp_path / "TypeSystem.xml"), *map(str, paths)]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    found = result.stdout.split("text\t")[1:]
    for lines, record in zip(found, bundle, strict=True):
        text, *rows = lines.splitlines()
        assert base64.b64decode(text).decode() == record.text
        rows = [row.split("\t") for row in rows]
        spans = {
            ("custom.Span", str(utf16(record.text, start)), str(utf16(record.text, end)), record.text[start:end], s.label, s.id)
            for s in record.spans for start, end in s.fragments
        }  # fmt: skip
        assert {
            (*row[:3], base64.b64decode(row[3]).decode(), *row[4:6])
            for row in rows
            if row[0] == "custom.Span"
        } == spans
        assert {tuple(row[4:]) for row in rows if row[0] == "custom.Relation"} == {
            (r.type, r.id, r.head, r.tail) for r in record.relations
        }


def bare(record: Record) -> tuple[object, ...]:
    """What the format keeps of a record."""
    article = record.article
    spans = {
        (
            s.id,
            s.label,
            s.fragments,
            s.text,
            s.note,
            s.annotator,
            tuple(sorted(as_text(s.attributes).items())),
        )
        for s in record.spans
    }
    relations = {
        (r.id, r.type, r.head, r.tail, r.note, r.annotator, tuple(sorted(r.attributes.items()))) for r in record.relations
    }  # fmt: skip
    return article.id, article.title, article.language, record.text, spans, relations


def as_text(attributes: dict[str, object]) -> dict[str, str]:
    """As every format with texts alone has it; no value, no attribute."""
    return {name: v if isinstance(v, str) else str(v) for name, v in attributes.items() if v is not None}


def test_the_reference_comes_back(reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    receipt = cas.write(tmp_path, reference, Plan(scheme))
    assert (receipt.spans_in, len(receipt.left_out), len(receipt.changed)) == (722, 0, 0)
    assert receipt.notes["renamed"] == {"type": "type_2"}
    for record in reference:
        found, report = read(tmp_path / "train" / f"{record.article.id}.xmi")
        assert bare(found) == bare(record)
        assert (report.skipped, report.cleaned) == ([], [])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_record_comes_back(
    strategies: ModuleType, scheme: Scheme, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    record: Record = data.draw(strategies.records("a"))
    folder = tmp_path_factory.mktemp("cas")
    cas.write(folder, strategies.bundle([record], scheme), Plan(scheme))
    found, report = read(folder / "train" / "a.xmi")
    assert bare(found) == bare(record)
    assert report.skipped == []


def test_names_that_are_no_identifiers(strategies: ModuleType, scheme: Scheme, tmp_path: Path) -> None:
    names = ("begin", "label", "type", "self", "two words", "Two Words", "été", "7", "_x", "ﷺ", "a\tb")
    attributes = {name: f"value of {name}" for name in names}
    span = strategies.span("word", "big event", "word", attributes=attributes, note="bell \x07")
    label = Label(name="big event", key="b", colours=scheme.labels[0].colours)
    odd = scheme.model_copy(update={"labels": (label,)})
    bundle = strategies.bundle([strategies.article("word", span, id="a\x01")], odd)
    cas.write(tmp_path, bundle, Plan(odd))
    features = cassis.load_typesystem(tmp_path / "TypeSystem.xml").get_type("custom.Span").all_features
    assert all(feature.name.isidentifier() and feature.name.isascii() for feature in features)
    (path,) = tmp_path.glob("train/*.xmi")
    found, _ = read(path)
    assert found.spans[0].attributes == attributes
    assert (found.spans[0].label, found.spans[0].note) == ("big event", "bell \ufffd")


def test_the_type_system_has_what_inception_asks_of_a_layer(
    tricky: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    """Its LayerFactory takes direct subtypes of Annotation with primitive features for spans, and for relations those with
    exactly two other features, Governor and Dependent, of one span layer."""
    cas.write(tmp_path, tricky, Plan(scheme))
    types = cassis.load_typesystem(tmp_path / "TypeSystem.xml")
    for name, ends in (("custom.Span", []), ("custom.Relation", ["Dependent", "Governor"])):
        layer = types.get_type(name)
        assert layer.supertype.name == "uima.tcas.Annotation"
        others = [feature for feature in layer.features if not types.is_primitive(feature.rangeType)]
        assert sorted(feature.name for feature in others) == ends
        assert {feature.rangeType.name for feature in others} <= {"custom.Span"}


def test_another_text_is_noticed(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    cas.write(tmp_path, tricky, Plan(scheme))
    path = tmp_path / "train" / "_Con.xmi"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Nothing to see", "Nothing to sea"), encoding="utf-8"
    )
    with pytest.raises(UserError, match="does not hold the article's text"):
        list(cas.read_back(tmp_path, tricky, Plan(scheme)))


def test_line_ends_of_the_text_as_given(tmp_path: Path) -> None:
    """Offsets of a text that needs cleaning move with it, also behind characters of two UTF-16 units."""
    made = cassis.Cas(types := cassis.TypeSystem())
    layer = types.create_type("webanno.custom.Actor")
    made.sofa_string = "🚀🚀\r\nAna\r\nand Bo"
    for start, end in ((4, 7), (13, 15)):
        made.add(layer(begin=start, end=end))
    types.to_xml(tmp_path / "TypeSystem.xml")
    made.to_xmi(tmp_path / "a.xmi")
    record, report = read(tmp_path / "a.xmi")
    assert record.text == "🚀🚀\nAna\nand Bo"
    assert [(s.label, s.text) for s in record.spans] == [("Actor", "Ana"), ("Actor", "Bo")]
    assert build(RawArticle(made.sofa_string, "", ""), "", Report()).article.id == record.article.id
    assert not report.skipped
