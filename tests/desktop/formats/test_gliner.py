"""GLiNER's examples: its words, spans whose last word is included, whole sentences, and what its defaults cannot learn."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop.bundle import Bundle
from desktop.formats import gliner
from desktop.formats.base import Plan
from desktop.model import Scheme


def examples(folder: Path, bundle: Bundle, scheme: Scheme) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    receipt = gliner.write(folder, bundle, Plan(scheme))
    return json.loads((folder / "train.json").read_text(encoding="utf-8")), receipt.notes


def test_the_reference(reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    made, notes = examples(tmp_path, reference, scheme)
    assert sum(len(example["ner"]) for example in made) == 722
    assert all(len(example["tokenized_text"]) <= 384 for example in made)
    assert notes["examples"] == len(made)
    assert notes["wider_than_12_words"].keys() == {"claim"}
    assert notes["longer_than_384_words"] == 0
    assert sum(len(example["relations"]) for example in made) + notes["relations_left_out"] == 773
    texts = {record.article.id: record.text for record in reference}
    for example in made:
        words = example["tokenized_text"]
        assert example["ner_labels"] == ["event", "actor", "location", "claim"]
        assert texts[example["article_id"]].startswith(words[0], example["start"])
        assert all(0 <= first <= last < len(words) for first, last, _ in example["ner"])
        assert all(max(head, tail) < len(example["ner"]) for head, tail, _ in example["relations"])


def test_words_and_spans(strategies: ModuleType, scheme: Scheme, tmp_path: Path) -> None:
    text = "😀 Non-combatant Ana’s cafe\u0301 in Tel\u00a0Aviv. قال محمد."
    spans = [strategies.span(text, "actor", "Ana", id="a"), strategies.span(text, "location", "Tel\u00a0Aviv", id="l"),
             strategies.span(text, "actor", "combatant"), strategies.span(text, "actor", "محمد", id="m")]  # fmt: skip
    relations = [strategies.RawRelation("agent", "a", "l", ""), strategies.RawRelation("agent", "m", "a", "")]
    bundle = strategies.bundle([strategies.article(text, *spans, relations=relations)], scheme)
    [example], _ = examples(tmp_path, bundle, scheme)
    words = example["tokenized_text"]
    assert words[:6] == ["😀", "Non-combatant", "Ana", "’", "s", "cafe"]
    assert [(" ".join(words[first : last + 1]), label) for first, last, label in example["ner"]] == [
        ("Non-combatant", "actor"), ("Ana", "actor"), ("Tel Aviv", "location"), ("محمد", "actor"),
    ]  # fmt: skip
    assert example["relations"] == [[1, 2, "agent"], [3, 1, "agent"]]


def test_long_articles_are_parted_at_sentences_that_cut_no_span(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    sentence = "One two three four five six seven eight nine. "
    text = (sentence * 100).strip()
    inside = text[text.index("nine", 1700) : text.index("nine", 1700) + 60]
    place = text.index(inside, 1700)
    span = strategies.RawSpan("claim", ((place, place + 60),), "")
    bundle = strategies.bundle([strategies.article(text, span)], scheme)
    made, notes = examples(tmp_path, bundle, scheme)
    assert [len(example["tokenized_text"]) for example in made] == [370, 380, 250]
    assert [word for example in made for word in example["tokenized_text"]] == [
        text[s:e] for s, e in gliner.words(text)
    ]
    assert sum(len(example["ner"]) for example in made) == 1
    long = strategies.bundle([strategies.article(text.replace(".", ","), span)], scheme)
    (tmp_path / "long").mkdir()
    _, notes = examples(tmp_path / "long", long, scheme)
    assert notes["longer_than_384_words"] == 1


@given(st.lists(st.integers(1, 500), min_size=1, max_size=30))
def test_parts_are_whole_sentences_and_leave_nothing_out(lengths: list[int]) -> None:
    starts = [sum(lengths[:number]) for number in range(len(lengths))]
    made = list(gliner._parts(starts, sum(lengths)))
    assert [first for first, _ in made] == [0, *(last for _, last in made[:-1])]
    assert made[-1][1] == sum(lengths)
    assert all(first in starts for first, _ in made)
    assert all(last - first <= 384 or sum(first <= s < last for s in starts) == 1 for first, last in made)
