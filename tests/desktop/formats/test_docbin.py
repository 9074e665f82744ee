"""The `spacy` folder as spaCy itself loads it, and .spacy files of its own and other making read in."""

from __future__ import annotations

import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span, SpanGroup

from desktop.bundle import Bundle, Record, Report
from desktop.datasets.export import ExportOptions, export
from desktop.errors import UserError
from desktop.formats import docbin, docbin_reading, iob, spacy_config
from desktop.formats.base import Plan, ReadOptions
from desktop.model import Label, Scheme

ROOT = Path(__file__).parents[3]
LABELS = ("event", "actor", "location", "claim")


def docs(folder: Path) -> list[Doc]:
    """What `spacy train` would get from a corpus folder."""
    vocab = spacy.blank("en").vocab
    return [
        doc for path in sorted(folder.rglob("*.spacy")) for doc in DocBin().from_disk(path).get_docs(vocab)
    ]


def group(doc: Doc, key: str = "sc") -> list[tuple[str, str, int, int]]:
    return [(span.id_, span.label_, span.start_char, span.end_char) for span in doc.spans[key]]


def read(path: Path) -> tuple[list[Record], Report]:
    report = Report()
    return list(docbin_reading.read(path, ReadOptions("me"), report)), report


def test_spacy_finds_every_reference_span(reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    docbin.write(tmp_path, reference, Plan(scheme))
    found = docs(tmp_path / "spans" / "train")
    for doc, record in zip(found, reference, strict=True):
        assert doc.text == record.text
        assert doc.user_data["id"] == record.article.id
        assert sorted(group(doc)) == sorted((s.id, s.label, s.start, s.end) for s in record.spans)
        assert {label for _, label, _, _ in group(doc, "short")} == {"event", "actor", "location"}
        assert group(doc, "short") == [place for place in group(doc) if place[1] != "claim"]
    assert sum(len(doc.spans["sc"]) for doc in found) == 722


@pytest.mark.parametrize("label", LABELS)
def test_a_flat_layer_for_each_label(label: str, reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    receipt = docbin.write(tmp_path, reference, Plan(scheme))
    gone = {(entry.article, entry.span) for entry in receipt.flat["ents"].left_out}
    for doc, record in zip(docs(tmp_path / "ents" / label / "train"), reference, strict=True):
        assert doc.text == record.text
        assert doc.has_annotation("ENT_IOB", require_complete=True)
        kept = [s for s in record.spans if s.label == label and (record.article.id, s.id) not in gone]
        assert [(e.label_, e.start_char, e.end_char) for e in doc.ents] == sorted(
            (label, s.start, s.end) for s in kept
        )


def test_what_the_flat_layers_cannot_hold_is_listed(
    reference: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    receipt = docbin.write(tmp_path, reference, Plan(scheme))
    assert (len(receipt.left_out), len(receipt.changed)) == (0, 0)
    entries = receipt.flat["ents"].left_out
    assert [entry.label for entry in entries].count("actor") == 8
    assert [entry.label for entry in entries].count("location") == 2
    assert {entry.reason for entry in entries} == {iob.NESTED}


def test_the_tricky_article(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    receipt = docbin.write(tmp_path, tricky, Plan(scheme, {"news/2021:07": "train", "Con": "test"}))
    (doc,) = docs(tmp_path / "spans" / "train")
    of_label = {name: [s.text for s in doc.spans["sc"] if s.label_ == name] for name in LABELS}
    assert of_label["actor"] == ["Ana", "محمد", "U.S. troops", "combatant", "👩‍👩‍👧"]
    assert of_label["claim"][0] == "cafe\u0301 in Tel\u00a0Aviv"
    assert of_label["location"] == ["Tel\u00a0Aviv", "Aviv", "U.S.", "base\nin the north"]
    assert {(entry.text, entry.reason) for entry in receipt.left_out} == {
        ("\n\n", iob.NO_TOKEN), ("marched on Jan. 5 and left", iob.FRAGMENTS),
    }  # fmt: skip
    assert {(entry.text, entry.reason) for entry in receipt.changed} == {
        ("U.S", iob.WIDENED), ("troops marched on Jan", iob.WIDENED), (".\n", iob.BLANKS),
    }  # fmt: skip
    (other,) = docs(tmp_path / "ents" / "event" / "test")
    assert other.text == "Nothing to see."
    assert other.has_annotation("ENT_IOB", require_complete=True)


def test_entities_never_begin_or_end_with_a_blank_token(
    tricky: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    docbin.write(tmp_path, tricky, Plan(scheme))
    found = [ent for doc in docs(tmp_path / "ents") for ent in doc.ents]
    assert found
    assert not [ent for ent in found if ent[0].is_space or ent[-1].is_space]


def test_a_large_corpus_is_several_files(
    reference: Bundle, scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docbin, "_FULL", 800)
    docbin.write(tmp_path, reference, Plan(scheme))
    assert [path.name for path in sorted((tmp_path / "spans" / "train").iterdir())] == ["00001.spacy", "00002.spacy", "00003.spacy"]  # fmt: skip
    assert [doc.text for doc in docs(tmp_path / "ents" / "actor")] == [record.text for record in reference]
    back = {name: found.total() for name, found in docbin.read_back(tmp_path, reference, Plan(scheme))}
    assert back == {record.article.id: len(record.spans) for record in reference}


@pytest.mark.slow
def test_the_bytes_are_the_same_in_another_process(reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    docbin.write(tmp_path, reference, Plan(scheme))
    program = (
        "import sys, pathlib\n"
        "from desktop.bundle import Bundle, Report\n"
        "from desktop.formats import docbin, jsonl, scheme\n"
        "from desktop.formats.base import Plan, ReadOptions\n"
        "records = list(jsonl.read(pathlib.Path('seeds/reference.jsonl'), ReadOptions('reference'), Report()))\n"
        "made = scheme.read(pathlib.Path('resources/schemes/conflict-news.json'))\n"
        "docbin.write(pathlib.Path(sys.argv[1]), Bundle(lambda: iter(records), made), Plan(made))\n"
    )
    other = tmp_path / "other"
    other.mkdir()
    command = [sys.executable, "-c", program, str(other)]
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    paths = [path.relative_to(other) for path in other.rglob("*") if path.is_file()]
    assert len(paths) == 10
    for path in paths:
        assert (other / path).read_bytes() == (tmp_path / path).read_bytes(), path


@pytest.mark.parametrize(
    ("part", "edit", "says"),
    [
        ("ents/actor", lambda doc: setattr(doc, "ents", doc.ents[1:]), "doc.ents of 'actor' in article"),
        (
            "ents/claim",
            lambda doc: doc.set_ents([Span(doc, 0, 1, "actor")]),
            "doc.ents of 'claim' in article",
        ),
        (
            "spans",
            lambda doc: doc.spans.update({"sc": list(doc.spans["sc"])[1:]}),
            "doc.ents of 'actor' in article",
        ),
        (
            "spans",
            lambda doc: doc.user_data.update(text_sha256="0"),
            "the text of article 'news/2021:07' is not",
        ),
    ],
)
def test_a_difference_is_noticed(
    part: str, edit: Callable[[Doc], None], says: str, tricky: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    docbin.write(tmp_path, tricky, Plan(scheme))
    path = tmp_path / part / "train" / "00001.spacy"
    found = docs(path.parent)
    edit(found[0])
    DocBin(store_user_data=True, docs=found).to_disk(path)
    with pytest.raises(UserError, match=says):
        list(docbin.read_back(tmp_path, tricky, Plan(scheme)))


def test_spans_that_cut_a_token_may_be_left_out(tricky: Bundle, tmp_path: Path) -> None:
    """The export removes them before the layers are made, so that others of their label take their place."""
    outcome = export(tricky, tmp_path / "new", ExportOptions(("spacy",), cut="leave_out"))
    (receipt,) = outcome.receipts
    assert receipt.verified
    assert sorted(entry.text for entry in receipt.left_out if entry.reason == "cuts a token") == [
        "U.S",
        "troops marched on Jan",
    ]
    assert [entry.reason for entry in receipt.changed] == [iob.BLANKS]


# The configs.


def config(path: Path) -> Any:
    return spacy.util.load_config(path, interpolate=True)


def test_configs_have_numbers_from_the_data(reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    docbin.write(tmp_path, reference, Plan(scheme))
    spans = config(tmp_path / "spans" / "config.cfg")
    component = spans["components"]["spancat"]
    longest = max(s.end - s.start for doc in docs(tmp_path / "spans") for s in doc.spans["short"])
    assert component["suggester"] == {"@misc": "spacy.ngram_range_suggester.v1", "min_size": 1, "max_size": longest}  # fmt: skip
    assert (component["spans_key"], spans["paths"]["dev"]) == ("short", "train")
    for label in LABELS:
        made = config(tmp_path / "ents" / label / "config.cfg")
        assert (made["nlp"]["lang"], made["nlp"]["pipeline"], made["paths"]["train"]) == (
            "en",
            ["ner"],
            "train",
        )


@pytest.mark.slow
def test_spacy_prepares_training_with_a_config(
    reference: Bundle, scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spacy.training.initialize import init_nlp

    ids = [record.article.id for record in reference]
    docbin.write(tmp_path, reference, Plan(scheme, {**dict.fromkeys(ids, "train"), ids[0]: "test"}))
    for part, labels in (("ents/location", {"location"}), ("spans", {"event", "actor", "location"})):
        monkeypatch.chdir(tmp_path / part)
        nlp = init_nlp(spacy.util.load_config("config.cfg", interpolate=False))
        assert nlp.config["paths"]["dev"] == "test"
        (name,) = nlp.pipe_names
        assert {label.split("-")[-1] for label in nlp.get_pipe(name).labels} == labels


def test_without_a_training_split_there_is_no_config(
    reference: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    docbin.write(tmp_path, reference, Plan(scheme, {record.article.id: "test" for record in reference}))
    assert list(tmp_path.rglob("*.cfg")) == []


def test_only_short_labels_need_no_second_group(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    record = strategies.article(
        "Storm in Bonn today", strategies.span("Storm in Bonn", "event", "Storm in Bonn")
    )
    docbin.write(tmp_path, strategies.bundle([record], scheme), Plan(scheme))
    (doc,) = docs(tmp_path / "spans")
    assert list(doc.spans) == ["sc"]
    component = config(tmp_path / "spans" / "config.cfg")["components"]["spancat"]
    assert (component["spans_key"], component["suggester"]["max_size"]) == ("sc", 3)


@pytest.mark.parametrize("label", ["claim", "event"])
def test_training_weighs_the_scores_that_there_are(
    label: str, strategies: ModuleType, scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spans with and without a second group: else every model would score 0, and the first one would be the best."""
    from spacy.training import Example
    from spacy.training.initialize import init_nlp

    text = "Storm " * 14 + "in Bonn"
    spans = [
        strategies.span(text, "location", "Bonn"),
        strategies.span(text, label, text if label == "claim" else "Storm"),
    ]
    docbin.write(tmp_path, strategies.bundle([strategies.article(text, *spans)], scheme), Plan(scheme))
    monkeypatch.chdir(tmp_path / "spans")
    nlp = init_nlp(spacy.util.load_config("config.cfg", interpolate=False))
    weights = {name: w for name, w in nlp.config["training"]["score_weights"].items() if w is not None}
    scores = nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in docs(tmp_path / "spans")])
    assert weights.keys() <= scores.keys()
    assert sum(weights.values()) == 1


def test_one_odd_span_does_not_make_a_label_long(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    text = "Storm " * 40
    spans = [strategies.RawSpan("event", ((n, n + 5),), "") for n in range(0, 190, 6)]
    long = strategies.RawSpan("event", ((0, 119),), "")
    record = strategies.article(text, *spans, long)
    receipt = docbin.write(tmp_path, strategies.bundle([record], scheme), Plan(scheme))
    assert receipt.notes["beyond_suggester"] == {"event": 1}
    component = config(tmp_path / "spans" / "config.cfg")["components"]["spancat"]
    assert component["suggester"]["max_size"] == spacy_config.WIDEST


def test_names_of_folders(scheme: Scheme, strategies: ModuleType, tmp_path: Path) -> None:
    names = ["big event", "con", "Con", "é/é", "\U0001f600"]
    odd = scheme.model_copy(
        update={"labels": tuple(Label(name=n, key="", colours=scheme.labels[0].colours) for n in names)}
    )
    record = strategies.article("word", *(strategies.span("word", name, "word") for name in names))
    receipt = docbin.write(tmp_path, strategies.bundle([record], odd), Plan(odd))
    assert receipt.notes["folders"] == {
        "big event": "big_event", "con": "_con", "Con": "_Con_2", "é/é": "é_é", "\U0001f600": "label",
    }  # fmt: skip
    assert [{ent.label_ for ent in doc.ents} for doc in docs(tmp_path / "ents" / "_Con_2")] == [{"Con"}]
    (found,) = (
        dict(spans) for _, spans in docbin.read_back(tmp_path, strategies.bundle([record], odd), Plan(odd))
    )
    assert found == {(name, ((0, 4),)): 1 for name in names}


# Reading.


def bare(record: Record) -> Record:
    """A record without what the format leaves out."""
    spans = tuple(s.model_copy(update={"created": "", "changed": ""}) for s in record.spans)
    article = record.article.model_copy(update={"note": "", "flag": False, "outside": ()})
    relations = tuple(sorted(record.relations, key=lambda r: r.id))
    return replace(record, article=article, spans=tuple(sorted(spans, key=lambda s: s.id)), relations=relations,
                   file="", position="", given_id=True)  # fmt: skip


def test_the_reference_comes_back_whole(reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    docbin.write(tmp_path, reference, Plan(scheme))
    records, report = read(tmp_path / "spans" / "train" / "00001.spacy")
    assert [bare(record) for record in records] == [bare(record) for record in reference]
    assert (report.skipped, report.cleaned) == ([], [])


def test_a_flat_layer_lands_on_the_same_article_and_layer(
    reference: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    docbin.write(tmp_path, reference, Plan(scheme))
    records, _ = read(tmp_path / "ents" / "claim" / "train" / "00001.spacy")
    for found, record in zip(records, reference, strict=True):
        assert (found.article.id, found.text, found.given_id) == (record.article.id, record.text, True)
        assert {(s.label, s.start, s.end, s.annotator) for s in found.spans} == {
            ("claim", s.start, s.end, "reference") for s in record.spans if s.label == "claim"
        }


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_record_comes_back(
    strategies: ModuleType, scheme: Scheme, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    record: Record = data.draw(strategies.records("a"))
    folder = tmp_path_factory.mktemp("spacy")
    receipt = docbin.write(folder, strategies.bundle([record], scheme), Plan(scheme))
    (found,), report = read(folder / "spans" / "train" / "00001.spacy")
    gone = {entry.span for entry in receipt.left_out}
    moved = {entry.span: entry.fragments for entry in receipt.changed}
    want, got = bare(record), bare(found)
    assert (got.text, got.article, got.status) == (want.text, want.article, want.status)
    assert {s.id: (s.label, s.fragments, s.attributes, s.note, s.annotator) for s in got.spans} == {
        s.id: (s.label, moved.get(s.id, s.fragments), s.attributes, s.note, s.annotator)
        for s in want.spans if s.id not in gone
    }  # fmt: skip
    assert got.relations == tuple(r for r in want.relations if not {r.head, r.tail} & gone)
    assert report.skipped == []


def foreign(tmp_path: Path) -> Path:
    """A file as other programs make it: a pipeline's annotations, several groups, no data of ours."""
    nlp = spacy.blank("en")
    doc = nlp("Ana 🚀 met Bo\u00a0Li in cafe\u0301 Tel\u00a0Aviv.\r\nThe end.")
    doc.ents = [Span(doc, 0, 1, "PER"), Span(doc, 3, 6, "PER")]
    doc.spans["sc"] = SpanGroup(doc, spans=[Span(doc, 0, 6, "CLAIM"), Span(doc, 0, 1, "PER")])
    doc.spans["model"] = [Span(doc, 0, 6, "CLAIM"), Span(doc, 7, 10, "LOC", span_id="here")]
    doc[0].tag_ = "NNP"
    doc.cats = {"war": 1.0}
    path = tmp_path / "foreign.spacy"
    DocBin(docs=[doc, nlp("Nothing.")], store_user_data=True).to_disk(path)
    return path


def test_a_file_of_another_program(tmp_path: Path) -> None:
    (first, second), report = read(foreign(tmp_path))
    assert [(s.label, s.text, s.annotator) for s in first.spans] == [
        ("CLAIM", "Ana 🚀 met Bo\u00a0Li", "me"), ("PER", "Ana", "me"), ("LOC", "cafe\u0301 Tel\u00a0", "me"), ("PER", "Bo\u00a0Li", "me"),
    ]  # fmt: skip
    assert first.article.meta == {"cats": {"war": 1.0}}
    assert (first.given_id, second.spans, second.text) == (False, (), "Nothing.")
    assert {(row["what"], row["count"]) for row in report.cleaned} == {
        ("TAG of tokens left out", 16), ("line ends", 1),
    }  # fmt: skip
    assert report.skipped == []


def spoilt(change: Callable[[dict[str, Any]], None], path: Path) -> None:
    import srsly

    message = srsly.msgpack_loads(zlib.decompress(path.read_bytes()))
    change(message)
    path.write_bytes(zlib.compress(srsly.msgpack_dumps(message)))


BROKEN: list[tuple[str, Callable[[dict[str, Any]], None]]] = [
    ("spaCy cannot load this", lambda message: message.pop("tokens")),
    ("spaCy cannot load this", lambda message: message.update(strings=[])),
    ("spaCy cannot load this", lambda message: message.update(lengths=b"\x01")),
]


@pytest.mark.parametrize(("says", "change"), BROKEN)
def test_a_damaged_file(says: str, change: Callable[[dict[str, Any]], None], tmp_path: Path) -> None:
    path = foreign(tmp_path)
    spoilt(change, path)
    with pytest.raises(UserError, match=says) as caught:
        read(path)
    assert caught.value.file == str(path)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("content", [b"", b"no zlib at all", b"x\x9c\x01", zlib.compress(b"[]")])
def test_no_docbin_at_all(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.spacy"
    path.write_bytes(content)
    with pytest.raises(UserError, match="spaCy cannot load this"):
        read(path)


def test_a_file_that_unpacks_to_more_than_memory_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docbin_reading, "_LARGEST", 1 << 22)
    path = tmp_path / "bomb.spacy"
    path.write_bytes(zlib.compress(bytes(1 << 23)))
    with pytest.raises(UserError, match="more than"):
        read(path)


def test_data_of_ours_that_somebody_damaged(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    docbin.write(tmp_path, tricky, Plan(scheme))
    path = tmp_path / "spans" / "train" / "00001.spacy"
    found = docs(path.parent)
    found[0].user_data["tagline"] = '{"spans": {"s1": {"attributes": 7}}}'
    found[1].user_data["tagline"] = b"\xff"
    DocBin(store_user_data=True, docs=found).to_disk(path)
    (first, second), report = read(path)
    assert (len(first.spans), first.relations, second.text) == (14, (), "Nothing to see.")
    assert [row["position"] for row in report.skipped] == ["doc 1", "doc 2"]
    assert "spans.s1.attributes" in report.skipped[0]["reason"]


def test_spans_that_are_none(tmp_path: Path) -> None:
    doc = spacy.blank("en")("Ana left.")
    doc.spans["sc"] = [Span(doc, 1, 1, "PER"), Span(doc, 0, 1), Span(doc, 1, 2, "EVENT")]
    path = tmp_path / "a.spacy"
    DocBin(docs=[doc]).to_disk(path)
    (record,), report = read(path)
    assert [(s.label, s.text) for s in record.spans] == [("EVENT", "left")]
    assert [row["position"] for row in report.skipped] == ["doc 1, sc 1", "doc 1, sc 2"]
