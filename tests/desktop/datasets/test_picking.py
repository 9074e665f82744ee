"""What goes out: by status, label, annotator, date, source; whole or as examples; and the account of it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.bundle import Bundle
from desktop.datasets.examples import AT, OF, UNITS
from desktop.datasets.export import Outcome, as_json, export
from desktop.datasets.options import ExportOptions
from desktop.errors import UsageError, UserError
from desktop.model import Scheme

FORMATS = ("jsonl", "huggingface", "conll", "brat")


@pytest.fixture
def news(strategies: ModuleType, scheme: Scheme) -> Bundle:
    """Three articles of July by two sources, and one without a date; Ben has only begun the first."""

    def article(name: str, text: str, *spans: Any, **values: Any) -> Any:
        return strategies.article(text, *spans, id=name, **values)

    def span(text: str, label: str, quote: str, annotator: str = "Ana") -> Any:
        return strategies.span(text, label, quote, annotator=annotator, id=f"{annotator} {quote}")

    first, second, third = "Menu\nRaid in Iraq. Ana left.", "Talks in Erbil.", "Nothing was there."
    return strategies.bundle(  # type: ignore[no-any-return]
        [
            article("one", first, span(first, "event", "Raid"), span(first, "location", "Iraq"), span(first, "actor", "Ana"),
                    span(first, "location", "Menu"), span(first, "event", "Raid", "Ben"), outside=((0, 4),),
                    relations=(strategies.RawRelation("place", "Ana Raid", "Ana Iraq", ""),),
                    meta={"date": "2021-07-01", "source": "Wire"}, status={"Ana": "done", "Ben": "in_progress"}),
            article("two", second, span(second, "event", "Talks"), span(second, "location", "Erbil"),
                    meta={"published": "2021-07-09T08:00:00Z", "url": "https://www.paper.org/x"}, status={"Ana": "in_progress"}),
            article("three", third, meta={"date": "2021-07-20", "source": "wire"}),
            article("four", "No date at all."),
        ],
        scheme,
    )  # fmt: skip


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def out(outcome: Outcome) -> tuple[int, int]:
    [picked] = outcome.picked
    assert picked.spans_in == picked.spans_out + picked.left_out.total()
    assert picked.articles_in == picked.articles_out + picked.articles_left_out.total()
    return picked.articles_out, picked.spans_out


@pytest.mark.parametrize(
    ("options", "counts", "reasons"),
    [
        ({}, (4, 6), {}),
        ({"status": "done"}, (1, 4), {"another status": 3}),
        ({"labels": ("location",)}, (4, 3), {}),
        ({"labels": ("location", "event")}, (4, 5), {}),
        ({"since": "2021-07-02"}, (2, 2), {"another date": 1, "no date": 1}),
        ({"since": "2021-07-01", "until": "2021-07-09"}, (2, 6), {"another date": 1, "no date": 1}),
        (
            {"until": "2021-07-09", "sources": ("WIRE",)},
            (1, 4),
            {"another date": 1, "another source": 1, "no date": 1},
        ),
        ({"sources": ("paper.org",)}, (1, 2), {"another source": 3}),
        ({"furniture": False}, (4, 5), {}),
    ],
)
def test_what_is_taken(
    options: dict[str, Any], counts: tuple[int, int], reasons: dict[str, int], news: Bundle, tmp_path: Path
) -> None:
    outcome = export(news, tmp_path / "new", ExportOptions(("jsonl", "brat"), layer="Ana", **options))
    assert out(outcome) == counts
    assert outcome.picked[0].articles_left_out == reasons
    assert all(r.verified and (r.articles, r.spans_out) == counts for r in outcome.receipts)


def test_relations_go_with_their_spans(news: Bundle, tmp_path: Path) -> None:
    whole = export(news, tmp_path / "a", ExportOptions(("jsonl",), layer="Ana"))
    cut = export(news, tmp_path / "b", ExportOptions(("jsonl",), layer="Ana", labels=("event",)))
    assert [o.picked[0].relations_left_out for o in (whole, cut)] == [0, 1]
    assert rows_of(tmp_path / "b" / "jsonl" / "articles.jsonl")[0]["relations"] == []


def test_the_scheme_has_the_labels_that_go_out(news: Bundle, tmp_path: Path) -> None:
    export(news, tmp_path / "new", ExportOptions(("conll",), layer="Ana", labels=("location", "event")))
    written = json.loads((tmp_path / "new" / "scheme.json").read_text("utf-8"))
    assert [label["name"] for label in written["labels"]] == ["event", "location"]
    assert {path.name for path in (tmp_path / "new" / "conll").glob("*.conll")} == {
        "train.event.conll",
        "train.location.conll",
    }


def test_an_example_a_sentence(news: Bundle, tmp_path: Path) -> None:
    options = ExportOptions(FORMATS, layer="Ana", unit="sentence", furniture=False, split="train=1,test=1")
    outcome = export(news, tmp_path / "new", options)
    [picked] = outcome.picked
    assert (picked.articles_out, picked.examples, picked.spans_out) == (4, 5, 5)
    assert [(entry.text, entry.reason) for entry in picked.listed] == [("Menu", "lies in page furniture")]
    assert all(receipt.verified and receipt.articles == 5 for receipt in outcome.receipts)
    rows = {
        row["id"]: (row, split)
        for split in ("train", "test")
        for row in rows_of(tmp_path / "new" / "jsonl" / f"{split}.jsonl")
    }
    assert rows["one:s1"][1] == rows["one:s2"][1]
    row = rows["one:s2"][0]
    assert (row["text"], row["meta"][OF], row["meta"][AT]) == ("Ana left.", "one", [[0, 19, 9]])
    manifest = json.loads((tmp_path / "new" / "manifest.json").read_text("utf-8"))
    assert [article["id"] for article in manifest["articles"]] == ["four", "one", "three", "two"]
    card = (tmp_path / "new" / "README.md").read_text("utf-8")
    assert "The articles were cut into 5 examples" in card
    assert "| examples |" in card


def test_an_article_of_blanks_is_counted_with_its_labels(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    blank = strategies.article(" \n ", strategies.span(" \n ", "claim", "\n"), id="blank")
    bundle = strategies.bundle([blank, strategies.article("A raid.", id="full")], scheme)
    [picked] = export(bundle, tmp_path / "new", ExportOptions(("jsonl",), unit="sentence")).picked
    assert picked.articles_left_out == {"no text": 1}
    assert (picked.spans_in, picked.spans_out, picked.left_out.total()) == (1, 0, 1)
    assert [(entry.span, entry.reason) for entry in picked.listed] == [("s1", "covers nothing but blanks")]


def test_what_a_format_leaves_out_is_named_by_article(
    strategies: ModuleType, scheme: Scheme, tmp_path: Path
) -> None:
    text = "First. The Iraq army left."
    spans = [strategies.span(text, "actor", quote) for quote in ("Iraq army", "Iraq")]
    bundle = strategies.bundle([strategies.article(text, *spans, id="a")], scheme)
    outcome = export(bundle, tmp_path / "new", ExportOptions(("conll",), unit="sentence"))
    [entry] = as_json(outcome)["formats"][0]["spans"]
    assert (entry["article"], entry["example"], entry["span"], entry["text"]) == ("a", "a:s2", "s2", "Iraq")
    assert outcome.article("a:s2") == outcome.article("a") == "a"


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data(), unit=st.sampled_from(UNITS))
def test_every_span_is_accounted_for(
    strategies: ModuleType,
    scheme: Scheme,
    data: st.DataObject,
    unit: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    bundle: Bundle = data.draw(strategies.bundles(scheme))
    labels = tuple(data.draw(st.sets(st.sampled_from(("event", "actor", "claim")))))
    options = ExportOptions(
        FORMATS, labels=labels, unit=unit, cut=data.draw(st.sampled_from(("widen", "leave_out")))
    )
    outcome = export(bundle, tmp_path_factory.mktemp("x") / "new", options)
    there = Counter(span.label for record in bundle for span in record.spans)
    for picked in outcome.picked:
        assert picked.spans_in == there.total() == picked.spans_out + picked.left_out.total()
        for receipt in outcome.receipts:
            assert receipt.spans_in == picked.spans_out
            assert receipt.verified


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            {"labels": ("weather",)},
            r"the scheme has no label 'weather' \(use one of event, actor, location, claim\)",
        ),
        ({"since": "2021"}, "'2021' is no day"),
        ({"until": "2021-02-30"}, "'2021-02-30' is no day"),
        ({"unit": "word"}, "no unit is called 'word'"),
        ({"cut": "round"}, "spans that cut a token cannot be 'round'"),
    ],
)
def test_nonsense(options: dict[str, Any], says: str, news: Bundle, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=says):
        export(news, tmp_path / "new", ExportOptions(("jsonl",), **options))


def test_nothing_left(news: Bundle, tmp_path: Path) -> None:
    options = ExportOptions(("jsonl",), sources=("nobody",), status="done", layer="Ana")
    with pytest.raises(UserError, match=r"no article is left of 4 \(1 another source, 3 another status\)"):
        export(news, tmp_path / "new", options)
