"""CoNLL files as spaCy's own converter reads them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.bundle import Bundle
from desktop.datasets.verify import verify
from desktop.errors import UserError
from desktop.formats import conll, find, iob
from desktop.formats.base import Plan
from desktop.formats.iob import column
from desktop.formats.tokens import tokenize
from desktop.model import Label, Scheme

Entity = tuple[str, tuple[str, ...], int]


def entities_of(path: Path) -> Iterator[list[Entity]]:
    """For each article the label, words and first token of every entity, by spaCy."""
    from spacy.training.converters import conll_ner_to_docs

    for doc in conll_ner_to_docs(path.read_text(encoding="utf-8"), no_print=True):
        yield [(ent.label_, tuple(token.text for token in ent), ent.start) for ent in doc.ents]


def expected(bundle: Bundle, label: str) -> Iterator[list[Entity]]:
    for record in bundle:
        tokens = tokenize(record.text, record.article.language)
        words = [record.text[start:end] for start, end in tokens]
        runs = column([span for span in record.spans if span.label == label], tokens).runs
        yield [(label, tuple(words[first:last]), first) for first, last in runs]


@pytest.mark.parametrize("label", ["event", "actor", "location", "claim"])
def test_spacy_finds_our_spans(label: str, reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    receipt = conll.write(tmp_path, reference, Plan(scheme))
    found = list(entities_of(tmp_path / f"train.{label}.conll"))
    assert found == list(expected(reference, label))
    spans = sum(span.label == label for record in reference for span in record.spans)
    assert sum(map(len, found)) == spans - sum(entry.label == label for entry in receipt.left_out)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_spacy_finds_any_spans(
    strategies: ModuleType, scheme: Scheme, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    record = data.draw(strategies.records("a"))
    folder = tmp_path_factory.mktemp("conll")
    receipt = conll.write(folder, strategies.bundle([record], scheme), Plan(scheme))
    found = [entity for path in folder.glob("*.conll") for doc in entities_of(path) for entity in doc]
    assert len(found) == receipt.spans_out


def test_seqeval_and_our_readers_agree_in_every_spelling(
    reference: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    from seqeval.metrics.sequence_labeling import get_entities
    from seqeval.scheme import IOB2, IOBES, Entities

    held = {}
    for tags, grammar in (("iob2", IOB2), ("bioes", IOBES)):
        folder = tmp_path / tags
        folder.mkdir()
        plan = Plan(scheme, options={"tags": tags, "files": "columns", "nested": "layers"})
        receipt = conll.write(folder, reference, plan)
        assert (receipt.spans_in, receipt.spans_out, len(receipt.changed)) == (722, 722, 0)
        lines = (folder / "train.conll").read_text(encoding="utf-8").split("\n")
        header = lines[0].split(" ")
        assert header[:6] == ["#", "global.columns", "=", "FORM", "POS", "CHUNK"]
        rows = [line.split(" ") for line in lines[1:]]
        columns = [
            [row[number] if len(row) > 1 else "O" for row in rows] for number in range(3, len(header) - 3)
        ]
        strict = [Entities([column], grammar).entities[0] for column in columns]
        assert sum(map(len, strict)) == 722
        assert [len(get_entities(column)) for column in columns] == [len(found) for found in strict]
        held[tags] = dict(zip(header[6:], map(len, strict), strict=True))
    assert held["iob2"] == held["bioes"]
    assert sum(count for name, count in held["iob2"].items() if "." in name) == 10


@pytest.mark.parametrize("files", ["labels", "columns"])
@pytest.mark.parametrize("tags", ["iob2", "bioes"])
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_layers_lose_only_gaps(
    strategies: ModuleType, scheme: Scheme, files: str, tags: str, data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    bundle: Bundle = data.draw(strategies.bundles(scheme))
    plan = Plan(scheme, options={"tags": tags, "files": files, "nested": "layers"})
    folder = tmp_path_factory.mktemp("conll")
    receipt = conll.write(folder, bundle, plan)
    verify(find("conll"), folder, bundle, plan, receipt, lambda: None)
    assert {entry.reason for entry in receipt.left_out} <= {iob.FRAGMENTS, iob.NO_TOKEN}


def test_spacy_convert(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    from spacy import blank
    from spacy.tokens import DocBin

    conll.write(tmp_path, tricky, Plan(scheme))
    command = [
        sys.executable,
        "-m",
        "spacy",
        "convert",
        "train.location.conll",
        ".",
        "-c",
        "conll",
        "-n",
        "0",
    ]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    docs = list(DocBin().from_disk(tmp_path / "train.location.spacy").get_docs(blank("xx").vocab))
    assert [[ent.text for ent in doc.ents] for doc in docs] == [["Tel Aviv", "U.S.", "base in the north"], []]


def test_all_layers_of_a_split_have_the_same_tokens_and_sentences(
    reference: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    conll.write(tmp_path, reference, Plan(scheme))
    columns = {
        tuple(line.split(" ")[0] for line in path.read_text(encoding="utf-8").split("\n"))
        for path in tmp_path.glob("*.conll")
    }
    assert len(columns) == 1


def test_no_sentence_ends_inside_a_span(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    conll.write(tmp_path, tricky, Plan(scheme))
    for path in tmp_path.glob("*.conll"):
        for sentence in path.read_text(encoding="utf-8").split("\n\n"):
            assert not sentence.split("\n")[0].split(" ")[-1].startswith("I-")


def test_articles_are_named_in_order(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    conll.write(tmp_path, tricky, Plan(scheme))
    found = json.loads((tmp_path / "train.articles.json").read_text(encoding="utf-8"))
    assert [(article["id"], article["text"]) for article in found] == [(r.article.id, r.text) for r in tricky]


def test_labels_with_blanks(strategies: ModuleType, scheme: Scheme, tmp_path: Path) -> None:
    label = Label(name="big event", key="b", colours=scheme.labels[0].colours)
    odd = scheme.model_copy(update={"labels": (label,)})
    record = strategies.article("Storm here.", strategies.span("Storm here.", "big event", "Storm"))
    bundle = strategies.bundle([record], odd)
    receipt = conll.write(tmp_path, bundle, Plan(odd))
    assert receipt.notes["tags"] == {"big event": "big_event"}
    assert "Storm -X- _ B-big_event\n" in (tmp_path / "train.big_event.conll").read_text(encoding="utf-8")
    assert [dict(found) for _, found in conll.read_back(tmp_path, bundle, Plan(odd))] == [
        {("big event", ((0, 5),)): 1}
    ]


def test_a_text_that_looks_like_the_mark_of_an_article(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    bundle = strategies.bundle([strategies.article("a -DOCSTART- -X- O O\n\n-DOCSTART-s b")], scheme)
    conll.write(tmp_path, bundle, Plan(scheme))
    lines = (tmp_path / "train.event.conll").read_text(encoding="utf-8").split("\n")
    assert [line for line in lines if line.startswith("-DOCSTART-")] == ["-DOCSTART- -X- O O"]


def test_a_token_that_is_not_in_the_text(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    conll.write(tmp_path, tricky, Plan(scheme))
    path = tmp_path / "train.actor.conll"
    path.write_text(path.read_text(encoding="utf-8").replace("said", "sang"), encoding="utf-8")
    with pytest.raises(
        UserError, match="article 'news/2021:07': the token 'sang' does not stand at character 6"
    ):
        list(conll.read_back(tmp_path, tricky, Plan(scheme)))
