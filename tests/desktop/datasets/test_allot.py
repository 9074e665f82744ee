"""From articles to splits: stable, whole, as asked, and balanced."""

from __future__ import annotations

import random
from collections import Counter
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.bundle import Record
from desktop.datasets.allot import Allotment, Articles, allot
from desktop.datasets.groups import NONE
from desktop.datasets.splits import Sharing, sharing

USUAL = sharing("train=80,validation=10,test=10")
LABELS = ("event", "actor", "claim")


def article(strategies: ModuleType, name: str, text: str = "", **values: Any) -> Record:
    made: Record = strategies.article(text or f"{name} alone has these words {name}{name}", id=name, **values)
    return made


def shared_out(
    records: list[Record], how: Sharing = USUAL, kept: dict[str, str] | None = None,
    labels: dict[str, dict[str, int]] | None = None,
) -> Allotment:  # fmt: skip
    articles = Articles(by_source=how.by == "source")
    for record in records:
        articles.add(record)
    chosen = {record.article.id: (labels or {}).get(record.article.id, {}) for record in records}
    return allot(articles, chosen, how, kept or {}, lambda: None)


@given(data=st.data(), count=st.integers(1, 25))
@settings(max_examples=40)
def test_additions_move_nothing_and_order_does_not_matter(
    strategies: ModuleType, data: st.DataObject, count: int
) -> None:
    dice = random.Random(data.draw(st.integers(0, 9)))
    stories = [" ".join(dice.choices("abcdefghij", k=30)) for _ in range(6)]
    records = [
        article(strategies, f"a{n:02}", f"{dice.choice(stories)} {n}", group=dice.choice((None, "g", "h")))
        for n in range(count)
    ]
    first = records[: data.draw(st.integers(0, count))]
    before = shared_out(first)
    after = shared_out(records, kept=before.places)
    assert {name: after.places.get(name, before.places[name]) for name in before.places} == before.places
    torn = {conflict.article for conflict in after.conflicts}
    assert after.places.keys() | after.left_out.keys() == {record.article.id for record in records}
    assert after.left_out.keys() == torn
    for name, top in after.groups.items():
        if name in after.places and top in after.places:
            assert after.places[name] == after.places[top]
    dice.shuffle(records)
    again = shared_out(records, kept=before.places)
    assert (again.places, again.groups, again.conflicts) == (after.places, after.groups, after.conflicts)


def test_near_copies_stories_and_addresses_stay_together(strategies: ModuleType) -> None:
    text = " ".join(f"word{n}" for n in range(40))
    other = " ".join(f"other{n}" for n in range(40))
    records = [
        article(strategies, "a", text), article(strategies, "b", f"Update: {text} and more"),
        article(strategies, "c", other, meta={"url": "https://www.example.org/news/1/#top"}),
        article(strategies, "d", meta={"url": "http://example.org/news/1"}),
        article(strategies, "e", meta={"url": "http://example.org/"}), article(strategies, "f", meta={"url": "http://example.org"}),
        article(strategies, "g", meta={"story": "s1"}), article(strategies, "h", meta={"story": "s1"}),
    ]  # fmt: skip
    found = shared_out(records)
    assert found.groups == {"a": "a", "b": "a", "c": "c", "d": "c", "e": "e", "f": "f", "g": "g", "h": "g"}
    assert found.copies == 1


def test_a_group_may_be_named_after_an_article(strategies: ModuleType) -> None:
    found = shared_out([article(strategies, "a"), article(strategies, "b", group="a")])
    assert found.groups == {"a": "a", "b": "a"}


def test_a_new_article_that_ties_two_splits_waits(strategies: ModuleType) -> None:
    text = " ".join(f"word{n}" for n in range(40))
    records = [
        article(strategies, "a", text),
        article(strategies, "b", group="story"),
        article(strategies, "x", f"{text} and more", group="story"),
    ]
    found = shared_out(records, kept={"a": "train", "b": "test"})
    assert found.places == {"a": "train", "b": "test"}
    assert found.left_out == {"x": "belongs with articles of different splits: train (a), test (b)"}
    decided = shared_out(records, kept={"a": "train", "b": "test", "x": NONE})
    assert (decided.conflicts, list(decided.left_out)) == ([], ["x"])
    moved = shared_out(records, kept={"a": "train", "b": "train"})
    assert moved.places == {"a": "train", "b": "train", "x": "train"}


def test_articles_that_are_not_exported_hold_their_copies(strategies: ModuleType) -> None:
    text = " ".join(f"word{n}" for n in range(40))
    records = [
        article(strategies, "a", text),
        article(strategies, "b", text + " more"),
        article(strategies, "c"),
    ]
    articles = Articles()
    for record in records:
        articles.add(record)
    found = allot(articles, {"b": {}, "c": {}}, sharing("train=1"), {"a": "test"}, lambda: None)
    assert found.places == {"b": "test", "c": "train"}


@pytest.mark.parametrize("count", [150, 400])
def test_labels_are_spread_evenly(strategies: ModuleType, count: int) -> None:
    dice = random.Random(count)
    records = [article(strategies, f"a{n}", group=f"g{n // dice.randint(1, 4)}") for n in range(count)]
    labels = {
        f"a{n}": {label: dice.randrange(0, 60 // (place + 1) ** 2) for place, label in enumerate(LABELS)}
        for n in range(count)
    }
    found = shared_out(records, labels=labels)
    articles = Counter(found.places.values())
    total: Counter[str] = Counter()
    for counts in labels.values():
        total.update(counts)
    for split, share in (("train", 0.8), ("validation", 0.1), ("test", 0.1)):
        assert articles[split] == pytest.approx(share * count, abs=1)
        for label in LABELS:
            mine = sum(labels[name][label] for name, place in found.places.items() if place == split)
            assert mine / total[label] == pytest.approx(share, abs=4 / count)


def dated(strategies: ModuleType, *days: str) -> list[Record]:
    return [article(strategies, f"a{n:02}", meta={"date": day} if day else {}) for n, day in enumerate(days)]


def test_by_date_the_oldest_train(strategies: ModuleType) -> None:
    records = dated(strategies, *(f"2021-07-{day:02}" for day in range(1, 11)), "")
    found = shared_out(records, sharing("train=80,validation=10,test=10", "date"))
    assert [found.places[f"a{n:02}"] for n in range(10)] == ["train"] * 8 + ["validation", "test"]
    assert found.left_out == {"a10": "has no date, so that it has no place in a split by date"}


def test_by_date_what_comes_later_is_later(strategies: ModuleType) -> None:
    records = dated(strategies, *(f"2021-07-{day:02}" for day in range(1, 11)))
    how = sharing("train=60,validation=20,test=20", "date")
    kept = shared_out(records, how).places
    more = dated(
        strategies, *(f"2021-07-{day:02}" for day in range(1, 11)), "2021-07-03", "2021-08-01", "2021-07-07"
    )
    found = shared_out(more, how, kept)
    assert {name: found.places[name] for name in kept} == kept
    assert [found.places[name] for name in ("a10", "a11", "a12")] == ["train", "test", "validation"]


def test_by_last_days(strategies: ModuleType) -> None:
    how = sharing("train=2021-06-30,test", "date")
    found = shared_out(dated(strategies, "2021-06-30", "2021-07-01", "2020-01-01"), how)
    assert list(found.places.values()) == ["train", "test", "train"]


def test_a_group_goes_by_its_latest_day(strategies: ModuleType) -> None:
    records = [
        article(strategies, "a", group="g", meta={"date": "2020-01-01"}),
        article(strategies, "b", group="g", meta={"date": "2021-07-01"}),
    ]
    found = shared_out(records, sharing("train=2021-06-30,test", "date"))
    assert set(found.places.values()) == {"test"}


def test_by_source_no_source_is_parted(strategies: ModuleType) -> None:
    records = [article(strategies, f"a{n}", meta={"source": f"Wire {n % 7}"}) for n in range(70)]
    found = shared_out(records, sharing("train=5,test=2", "source"))
    by_source = {(n % 7, found.places[f"a{n}"]) for n in range(70)}
    assert len(by_source) == 7
    assert Counter(found.places.values()) == {"train": 50, "test": 20}
