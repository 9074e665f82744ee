"""CAS files as INCEpTION and WebAnno write them, and damaged ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cassis
import pytest
from reading import open_bundle

from desktop import projects
from desktop.bundle import Record, Report
from desktop.errors import UserError
from desktop.formats import cas_loading, cas_reading
from desktop.formats.base import ReadOptions
from desktop.imports import import_bundle
from desktop.store import queries

TEXT = "🚀 Ana met Bo\u00a0Li in cafe\u0301 Tel\u00a0Aviv.\nقال محمد: وقع الهجوم."
META = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
TOKEN = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"


def types() -> cassis.TypeSystem:
    """The types of a project: DKPro's, and layers of its own as INCEpTION names them."""
    made = cassis.load_dkpro_core_typesystem()
    about = made.create_type(META, "uima.tcas.DocumentAnnotation")
    for name in ("documentTitle", "documentId", "documentUri"):
        made.create_feature(about, name, "uima.cas.String")
    event = made.create_type("webanno.custom.Event")
    made.create_feature(event, "kind", "uima.cas.String")
    made.create_feature(event, "certain", "uima.cas.Boolean")
    made.create_feature(event, "count", "uima.cas.Integer")
    made.create_feature(event, "weight", "uima.cas.Double")
    made.create_feature(event, "tags", "uima.cas.StringArray")
    link = made.create_type("webanno.custom.EventAgentLink", "uima.cas.TOP")
    made.create_feature(link, "role", "uima.cas.String")
    made.create_feature(link, "target", "uima.tcas.Annotation")
    made.create_feature(event, "agents", "uima.cas.FSArray", elementType=link)
    relation = made.create_type("webanno.custom.Supports")
    made.create_feature(relation, "Governor", ENTITY)
    made.create_feature(relation, "Dependent", ENTITY)
    made.create_feature(relation, "label", "uima.cas.String")
    user = made.create_type(
        "de.tudarmstadt.ukp.clarin.webanno.api.type.CASMetadata", "uima.cas.AnnotationBase"
    )
    for name in ("username", "sourceDocumentName"):
        made.create_feature(user, name, "uima.cas.String")
    return made


def export(folder: Path, annotator: str, *, newer: bool = False, label: str = "PER") -> Path:
    """One annotator's file of a project export: annotation/<document>/<annotator>.xmi with its type system."""
    known = types()
    made = cassis.Cas(known)
    made.sofa_string = TEXT

    def add(layer: str, words: str, **features: Any) -> Any:
        start = TEXT.index(words)
        fs = known.get_type(layer)(begin=start, end=start + len(words), **features)
        made.add(fs)
        return fs

    add(TOKEN, "Ana")
    about = known.get_type(META)(begin=0, end=len(TEXT), language="x-unspecified", documentTitle="doc.txt")
    about.documentId, about.documentUri = annotator, "project/doc.txt"
    made.add(about)
    if newer:
        made.add(known.get_type("de.tudarmstadt.ukp.clarin.webanno.api.type.CASMetadata")(
            username=annotator, sourceDocumentName="doc.txt"))  # fmt: skip
    add("de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS", "Ana", PosValue="NNP")
    ana = add(ENTITY, "Ana", value=label, identifier="http://example.org/ana")
    bo = add(ENTITY, "Bo\u00a0Li", value=label)
    add(ENTITY, "محمد")
    array, link = known.get_type("uima.cas.FSArray"), known.get_type("webanno.custom.EventAgentLink")
    tags = known.get_type("uima.cas.StringArray")(elements=["war", "two words"])
    add("webanno.custom.Event", "met", kind="meeting", certain=True, count=2, weight=float("nan"), tags=tags,
        agents=array(elements=[link(role="agent", target=ana), link(target=bo)]))  # fmt: skip
    made.add(known.get_type("webanno.custom.Supports")(
        begin=bo.begin, end=bo.end, Governor=ana, Dependent=bo, label="meets"))  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    known.to_xml(folder / "TypeSystem.xml")
    path = folder / f"{annotator}.xmi"
    made.to_xmi(path)
    return path


def read(path: Path) -> tuple[Record, Report]:
    report = Report()
    (record,) = cas_reading.read(path, ReadOptions("me"), report)
    return record, report


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Record, Report]]:
    folder = tmp_path_factory.mktemp("export") / "annotation" / "doc.txt"
    yield read(export(folder, "anna"))


def test_layers_become_labels(record: tuple[Record, Report]) -> None:
    assert [(s.label, s.text) for s in record[0].spans] == [
        ("PER", "Ana"), ("Event", "met"), ("PER", "Bo\u00a0Li"), ("NamedEntity", "محمد"),
    ]  # fmt: skip


def test_features_become_attributes(record: tuple[Record, Report]) -> None:
    ana, event, *_ = record[0].spans
    assert ana.attributes == {"identifier": "http://example.org/ana"}
    assert event.attributes == {
        "kind": "meeting", "certain": True, "count": 2, "weight": "nan", "tags": ["war", "two words"],
    }  # fmt: skip


def test_relation_layers_and_slots_become_relations(record: tuple[Record, Report]) -> None:
    text = {s.id: s.text for s in record[0].spans}
    assert {(r.type, text[r.head], text[r.tail]) for r in record[0].relations} == {
        ("meets", "Ana", "Bo\u00a0Li"), ("agent", "met", "Ana"), ("agents", "met", "Bo\u00a0Li"),
    }  # fmt: skip


def test_what_is_left_out_is_counted(record: tuple[Record, Report]) -> None:
    assert [(row["what"], row["count"]) for row in record[1].cleaned] == [("POS left out", 1)]
    assert record[1].skipped == []


@pytest.mark.parametrize("newer", [False, True])
def test_several_annotators_meet_on_one_article(newer: bool, tmp_path: Path) -> None:
    folder = tmp_path / "annotation" / "doc.txt"
    for name, label in (("anna", "PER"), ("ben", "ORG"), ("INITIAL_CAS", "PER")):
        export(folder, name, newer=newer, label=label)
    session = projects.create(tmp_path / "p.tagline", "me")
    report = Report()
    bundle = open_bundle([tmp_path / "annotation"], ReadOptions("me"), report)
    import_bundle(session, bundle, report, unknown="add")
    info = queries.info(session.store)
    session.store.close()
    assert (info["articles"], info["annotators"], info["spans"]) == (1, ["anna", "ben", "me"], 12)
    assert report.skipped == []


def test_the_version_of_xml_makes_no_difference(tmp_path: Path) -> None:
    path = export(tmp_path, "anna")
    before = read(path)[0].spans
    path.write_bytes(path.read_bytes().replace(b"version='1.0'", b"version='1.1'"))
    assert read(path)[0].spans == before


def test_cas_json(tmp_path: Path) -> None:
    path = export(tmp_path, "anna")
    known = cassis.load_typesystem(tmp_path / "TypeSystem.xml")
    other = tmp_path / "json" / "anna.json"
    other.parent.mkdir()
    cassis.load_cas_from_xmi(path, known).to_json(other)
    assert cas_loading.sniff(other, other.read_bytes())
    (one, _), (two, report) = read(path), read(other)
    assert [(s.label, s.text, s.attributes) for s in two.spans] == [
        (s.label, s.text, s.attributes) for s in one.spans
    ]
    assert (len(two.relations), two.article.id, report.skipped) == (3, "doc.txt", [])


@pytest.mark.parametrize("json", [False, True])
def test_offsets_that_are_none(json: bool, tmp_path: Path) -> None:
    """Offset 1 lies inside the rocket, 999 outside the text: cassis takes both for code points."""
    path = export(tmp_path, "anna")
    wrong = (('begin="7" end="10"', 'begin="1" end="10"'), ('begin="11" end="16"', 'begin="11" end="999"'))
    if json:
        known = cassis.load_typesystem(tmp_path / "TypeSystem.xml")
        path = tmp_path / "a.json"
        cassis.load_cas_from_xmi(tmp_path / "anna.xmi", known).to_json(path)
        wrong = (('"begin": 7, "end": 10', '"begin": 1, "end": 10'), ('"begin": 11, "end": 16', '"begin": 11, "end": 999'))  # fmt: skip
    data = path.read_text(encoding="utf-8")
    for old, new in wrong:
        assert old in data
        data = data.replace(old, new, 1)
    path.write_text(data, encoding="utf-8")
    found, report = read(path)
    assert [(s.label, s.text) for s in found.spans] == [("PER", "Ana"), ("NamedEntity", "محمد")]
    assert found.relations == ()
    assert [row["reason"] for row in report.skipped] == [
        "begins or ends outside the text or inside a character; correct its offsets",
        "begins or ends outside the text or inside a character; correct its offsets",
        "relation between what is no span; add its ends",
    ]
    assert {(row["what"], row["count"]) for row in report.cleaned} >= {("POS left out", 1)}


def test_a_type_that_is_not_in_the_type_system(tmp_path: Path) -> None:
    path = export(tmp_path, "anna")
    system = tmp_path / "TypeSystem.xml"
    system.write_text(
        system.read_text(encoding="utf-8").replace("webanno.custom.Supports", "webanno.custom.Other"),
        encoding="utf-8",
    )
    found, report = read(path)
    assert len(found.spans) == 4
    assert "webanno.custom.Supports is not in TypeSystem.xml: 1 left out" in report.skipped[0]["reason"]


def test_without_a_type_system(tmp_path: Path) -> None:
    path = export(tmp_path / "there", "anna").rename(tmp_path / "alone.xmi")
    with pytest.raises(UserError, match=r"no TypeSystem\.xml beside it or above it"):
        read(path)


BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">"""
    + b"".join(b'<!ENTITY %c "%s">' % (char, b"&%c;" % (char - 1) * 60) for char in b"bcdefg")
)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"no XML", b"<xmi:XMI", b'{"%TYPES": 7}',
        BOMB + b'] ><xmi:XMI xmlns:xmi="http://www.omg.org/XMI"><a b="&g;"/></xmi:XMI>',
        b'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"><cas:View sofa="1" members="9"/></xmi:XMI>',
        b'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"/>',
    ],
)  # fmt: skip
def test_damaged_files(content: bytes, tmp_path: Path) -> None:
    export(tmp_path, "anna")
    path = tmp_path / "bad.xmi"
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read(path)
    assert caught.value.file == str(path)
    assert "\n" not in caught.value.message


def test_a_damaged_type_system(tmp_path: Path) -> None:
    path = export(tmp_path, "anna")
    (tmp_path / "TypeSystem.xml").write_bytes(b"<typeSystemDescription>")
    with pytest.raises(UserError, match="cannot load"):
        read(path)


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    path = export(tmp_path, "anna")
    data = path.read_text(encoding="utf-8").split("?>", 1)[1]
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    path.write_text(
        doctype + data.replace('documentTitle="doc.txt"', 'documentTitle="doc.txt"/><a>&e;</a><b c="1"', 1),
        encoding="utf-8",
    )
    try:
        found, report = read(path)
    except UserError as error:
        assert "s3cret" not in str(error)
    else:
        assert "s3cret" not in f"{found}{report}"
