"""Shares and who goes where."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.datasets.splits import assign, parse, sharing
from desktop.errors import UsageError

SHARES = {"train": Fraction(80), "validation": Fraction(10), "test": Fraction(10)}


def alone(count: int) -> dict[str, str]:
    return {f"a{number}": f"a{number}" for number in range(count)}


def test_shares() -> None:
    assert parse("train=80,validation=10,test=10") == SHARES
    assert list(parse(" test = 0.5 , train=1")) == ["train", "test"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("", "a part without a share"), ("train", "a part without a share"), ("train=80,", "a part without a share"),
        ("training=80", "no split is called 'training'"), ("train=-1", "no number"), ("train=x", "no number"),
        ("train=", "no number"), ("train=nan", "no number"), ("train=1e9", "no number"), ("train=٣", "no number"),
        ("train=0,test=0", "share 0"), ("train=1,train=2", "twice"), ("train=1;test=1", "no number"),
    ],
)  # fmt: skip
def test_nonsense(given: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse(given)


@pytest.mark.parametrize(
    ("articles", "counts"),
    [(10, (8, 1, 1)), (100, (80, 10, 10)), (5, (4, 1, 0)), (1, (1, 0, 0)), (7, (5, 1, 1)), (0, (0, 0, 0))],
)
def test_counts_come_as_near_as_possible(articles: int, counts: tuple[int, int, int]) -> None:
    found = Counter(assign(alone(articles), SHARES).values())
    assert (found["train"], found["validation"], found["test"]) == counts


def test_the_seed_decides_and_nothing_else_does() -> None:
    first = assign(alone(50), SHARES, seed=1)
    assert assign(dict(reversed(alone(50).items())), SHARES, seed=1) == first
    assert assign(alone(50), SHARES, seed=2) != first


def test_the_assignment_does_not_change_between_releases() -> None:
    assert assign(alone(6), parse("train=4,validation=1,test=1")) == {
        "a0": "test", "a1": "train", "a2": "train", "a3": "train", "a4": "train", "a5": "validation",
    }  # fmt: skip


def test_a_share_of_nothing_gets_nothing() -> None:
    groups = {f"a{number}": "big" for number in range(9)} | {"b": "b"}
    assert set(assign(groups, parse("train=90,test=10,validation=0")).values()) == {"train", "test"}


@given(
    st.dictionaries(st.text(max_size=4), st.sampled_from("abcdefgh"), max_size=40),
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)),
    st.integers(),
    st.randoms(),
)
def test_groups_stay_together_in_any_order(groups, numbers, seed, random) -> None:  # type: ignore[no-untyped-def]
    shares = dict(zip(SHARES, map(Fraction, numbers), strict=True))
    found = assign(groups, shares, seed)
    assert found.keys() == groups.keys()
    assert len({(group, found[article]) for article, group in groups.items()}) == len(set(groups.values()))
    assert all(shares[split] for split in found.values())
    shuffled = list(groups.items())
    random.shuffle(shuffled)
    assert assign(dict(shuffled), shares, seed) == found


@given(st.integers(0, 200), st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)))
def test_without_groups_no_split_is_a_whole_article_off(count: int, numbers: tuple[int, int, int]) -> None:
    shares = dict(zip(SHARES, map(Fraction, numbers), strict=True))
    found = Counter(assign(alone(count), shares).values())
    for name, share in shares.items():
        assert abs(found[name] - count * share / sum(numbers)) < 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("train=2021-06-30", "the last split, 'train', has no end"),
        ("train=2021-02-30,test", "'2021-02-30' is no day for 'train' to end with"),
        ("train=2021-06,test", "is no day"),
        ("test=2021-06-30,train", "does not come after 'test'"),
        ("train=2021-06-30,train", "does not come after 'train'"),
        ("train=2021-06-30,validation=2021-06-01,test", "not after the split before it"),
        ("later=2021-06-30,test", "no split is called 'later'"),
        ("train=x,test=1", "no number"),
    ],
)
def test_nonsense_by_date(given: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        sharing(given, "date")


def test_ways_and_their_names() -> None:
    assert sharing("train=1,test=1", seed=3).deal == "share:3"
    assert sharing("train=1,test=1", "source").deal == "source:0"
    assert sharing("train=1,test=1", "date", seed=3).deal == "date"
    assert sharing("train=2021-06-30,test", "date").plain() == {"train": "2021-06-30", "test": None}
    with pytest.raises(UsageError, match="no split by 'label'"):
        sharing("train=1", "label")  # type: ignore[arg-type]
