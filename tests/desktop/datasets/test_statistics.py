"""What is counted, how it is written down, and the pictures of it."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from collections import Counter
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.bundle import Bundle
from desktop.datasets import charts, statistics
from desktop.datasets.statistics import Statistics
from desktop.model import Scheme

SVG = "{http://www.w3.org/2000/svg}"


def counted(bundle: Bundle, scheme: Scheme, test: frozenset[str] = frozenset()) -> Statistics:
    found = Statistics(statistics.text_attributes(scheme))
    for record in bundle:
        found.add(record, "test" if record.article.id in test else "train", "wire")
    return found


def test_counts_of_the_reference_data(reference: Bundle, scheme: Scheme) -> None:
    found = counted(reference, scheme)
    spans = {label.name: found.total("spans", label.name) for label in scheme.labels}
    assert spans == {"event": 198, "actor": 276, "location": 152, "claim": 96}
    assert found.pairs("crossing") == {}
    nested = found.pairs("nested")
    assert (nested["actor", "actor"], nested["location", "location"]) == (8, 2)
    assert sum(count for (outer, _), count in nested.items() if outer == "claim") == 413
    words = found.values_of("words", "claim")
    assert (words.total(), max(words)) == (96, 70)
    assert sum(found.values_of("depth", label.name).total() for label in scheme.labels) == 722


def test_nesting_crossing_and_fragments(strategies: ModuleType, scheme: Scheme) -> None:
    text = "The army of Iraq left Anbar today"
    record = strategies.article(
        text,
        strategies.span(text, "actor", "army of Iraq"),
        strategies.span(text, "location", "Iraq"),
        strategies.span(text, "location", "Iraq left"),
        strategies.span(text, "event", "left", "today"),
        strategies.span(text, "event", "Anbar"),
        strategies.span(text, "location", "Anbar"),
    )
    found = counted(strategies.bundle([record], scheme), scheme)
    assert found.pairs("nested") == {("actor", "location"): 1, ("location", "location"): 1, ("event", "event"): 1,
                                     ("event", "location"): 1}  # fmt: skip
    assert found.pairs("crossing") == {("actor", "location"): 1, ("location", "event"): 1}
    assert found.pairs("same extent").total() == 1
    assert found.total("fragmented", "event") == 1


def test_spans_of_two_annotators_do_not_nest(strategies: ModuleType, scheme: Scheme) -> None:
    text = "army of Iraq"
    record = strategies.article(
        text,
        strategies.span(text, "actor", text, annotator="a"),
        strategies.span(text, "location", "Iraq", annotator="b"),
    )
    assert counted(strategies.bundle([record], scheme), scheme).pairs("nested") == {}


def test_what_the_splits_share(strategies: ModuleType, scheme: Scheme) -> None:
    def article(name: str, *forms: str) -> object:
        text = " and ".join(forms)
        spans = [strategies.span(text, "actor", form, attributes={"entity": form}) for form in forms]
        return strategies.article(text, *spans, id=name)

    made = [article("a", "Iraq", "The  Army"), article("b", "IRAQ", "the army", "Iran", "Nato")]
    found = counted(strategies.bundle(made, scheme), scheme, frozenset({"b"}))
    rows = {row.what: (row.split, row.of, row.known) for row in statistics.overlap(found)}
    assert rows == {
        "forms of actor": ("test", 4, 2),
        "names in actor.entity": ("test", 4, 0),
        "sources": ("test", 1, 1),
    }


def test_the_table_is_read_by_any_reader_of_csv(strategies: ModuleType, scheme: Scheme) -> None:
    odd = scheme.labels[0].model_copy(update={"name": 'say "yes", or\nno'})
    scheme = scheme.model_copy(update={"labels": (odd, *scheme.labels[1:])})
    text = "one two three"
    record = strategies.article(text, strategies.span(text, odd.name, "one two"))
    table = statistics.table(counted(strategies.bundle([record], scheme), scheme))
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {"split": "train", "label": odd.name, "measure": "words", "value": "2", "count": "1"} in rows
    assert "\r" not in table


@given(st.lists(st.integers(0, 50), min_size=1))
def test_the_median_is_the_lower_one(values: list[int]) -> None:
    assert statistics.median(Counter(values)) == sorted(values)[(len(values) - 1) // 2]


def test_pictures_show_every_count(reference: Bundle, scheme: Scheme) -> None:
    made = charts.pictures(counted(reference, scheme), scheme)
    assert list(made) == ["labels.svg", "lengths.svg", "nesting.svg"]
    for text in made.values():
        root = ET.fromstring(text)
        assert root.tag == f"{SVG}svg"
        assert root.get("aria-label")
        width, height = int(root.get("width", "")), int(root.get("height", ""))
        for shape in root.iter(f"{SVG}rect"):
            x, y, w, h = (int(shape.get(name, "0")) for name in ("x", "y", "width", "height"))
            assert x >= 0 and x + w <= width
            assert y >= 0 and y + h <= height
    shown = {element.text for element in ET.fromstring(made["labels.svg"]).iter(f"{SVG}text")}
    assert {"198", "276", "152", "96"} <= shown
    shown = {element.text for element in ET.fromstring(made["nesting.svg"]).iter(f"{SVG}text")}
    assert {"172", "143", "98", "8", "2", "1"} <= shown


def test_names_with_signs_of_xml_stay_names(strategies: ModuleType, scheme: Scheme) -> None:
    odd = scheme.labels[0].model_copy(update={"name": "<b>&\"'"})
    scheme = scheme.model_copy(update={"labels": (odd,)})
    record = strategies.article("word", strategies.span("word", odd.name, "word"))
    made = charts.pictures(counted(strategies.bundle([record], scheme), scheme), scheme)
    assert odd.name in {element.text for element in ET.fromstring(made["labels.svg"]).iter()}


def test_nothing_to_show(strategies: ModuleType, scheme: Scheme) -> None:
    found = counted(strategies.bundle([strategies.article("Nothing.")], scheme), scheme)
    assert charts.pictures(found, scheme) == {}
    assert statistics.overlap(found) == []


@pytest.mark.parametrize("count", [1, 7, 60])
def test_many_labels_stay_on_the_page(strategies: ModuleType, scheme: Scheme, count: int) -> None:
    labels = [scheme.labels[0].model_copy(update={"name": f"label number {n}"}) for n in range(count)]
    scheme = scheme.model_copy(update={"labels": tuple(labels)})
    text = "around inside"
    spans = [strategies.span(text, l.name, q) for l in labels for q in (text, "inside")]  # noqa: E741
    found = counted(strategies.bundle([strategies.article(text, *spans)], scheme), scheme)
    for picture in charts.pictures(found, scheme).values():
        root = ET.fromstring(picture)
        rights = [int(r.get("x", "0")) + int(r.get("width", "0")) for r in root.iter(f"{SVG}rect")]
        assert max(rights) <= int(root.get("width", ""))
