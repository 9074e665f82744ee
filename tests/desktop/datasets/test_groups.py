"""What belongs together and what becomes of it when it has several splits already."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from desktop.datasets.groups import NONE, Groups, Member, group

SPLITS = ("train", "validation", "test")


def members(**ties: str) -> list[Member]:
    return [Member(name, tuple(held.split())) for name, held in ties.items()]


def test_what_shares_a_tie_is_one_group() -> None:
    found = group(members(a="x", b="x y", c="y", d="z", e=""), [(3, 4)], {})
    assert found.of == {"a": "a", "b": "a", "c": "a", "d": "d", "e": "d"}
    assert (found.kept, found.bound, found.conflicts) == ({}, {}, [])


def test_others_follow_the_one_that_has_a_split() -> None:
    found = group(members(a="x", b="x", c="x"), [], {"b": "test"})
    assert (found.bound, found.kept) == ({"a": "test", "c": "test"}, {"b": "test"})


def test_what_ties_two_splits_is_left_out_and_nothing_else() -> None:
    # a - x - b, and y hangs on x alone, z on b.
    found = group(members(a="1", b="2 4", x="1 2 3", y="3", z="4"), [], {"a": "train", "b": "test"})
    [conflict] = found.conflicts
    assert (conflict.article, conflict.others) == ("x", {"a": "train", "b": "test"})
    assert conflict.reason == "belongs with articles of different splits: train (a), test (b)"
    assert found.bound == {"z": "test"}
    assert found.of == {"a": "a", "b": "b", "z": "b", "x": "x", "y": "y"}


def test_two_that_meet_in_the_middle_are_both_left_out() -> None:
    found = group(members(a="1", x="1 2", y="2 3", b="3"), [], {"a": "train", "b": "test"})
    assert [conflict.article for conflict in found.conflicts] == ["x", "y"]


def test_of_two_with_splits_the_one_in_train_is_left_out() -> None:
    found = group(members(a="1", b="1"), [], {"a": "train", "b": "validation"})
    [conflict] = found.conflicts
    assert (conflict.article, conflict.reason) == (
        "a",
        "is in train, and belongs with articles of validation (b)",
    )
    assert found.kept == {"b": "validation"}


def test_an_article_left_out_for_good_ties_nothing() -> None:
    found = group(members(a="1", x="1 2", b="2"), [], {"a": "train", "b": "test", "x": NONE})
    assert (found.conflicts, found.kept) == ([], {"a": "train", "b": "test", "x": NONE})
    assert len(set(found.of.values())) == 3


def test_all_pairs_count_where_a_group_comes_apart() -> None:
    """Pairs that only connect would miss that b and c are copies of each other too."""
    copies = {frozenset(pair) for pair in ((0, 1), (0, 2), (1, 2))}
    kept = {"b": "train", "c": "test"}
    found = group(members(a="", b="", c=""), [(0, 1), (0, 2)], kept, lambda i, j: frozenset((i, j)) in copies)
    assert {conflict.article for conflict in found.conflicts} == {"a", "b"}


def test_of_thousands_on_one_story_with_two_splits_each_is_left_out() -> None:
    held = [Member(f"a{number:04}", ("story",)) for number in range(9_000)]
    found = group(held, [], {"a0003": "train", "a0005": "test"})
    told = {conflict.article: conflict.others for conflict in found.conflicts}
    assert told.keys() == {member.id for member in held} - {"a0005"}
    assert all(set(others.values()) == {"train", "test"} for others in told.values())
    assert found.kept == {"a0005": "test"}


@st.composite
def tied(draw: st.DrawFn) -> tuple[list[Member], list[tuple[int, int]], dict[str, str]]:
    count = draw(st.integers(1, 12))
    held = [draw(st.lists(st.sampled_from("pqrs"), max_size=2)) for _ in range(count)]
    made = [Member(f"a{number:02}", tuple(ties)) for number, ties in enumerate(held)]
    numbers = st.integers(0, count - 1)
    pairs = [pair for pair in draw(st.lists(st.tuples(numbers, numbers), max_size=6)) if pair[0] != pair[1]]
    names = st.sampled_from([member.id for member in made])
    return made, pairs, draw(st.dictionaries(names, st.sampled_from((*SPLITS, NONE)), max_size=6))


def placed(found: Groups) -> dict[str, str]:
    """The splits of all that have one, and of the free ones a split of their own for each group."""
    torn = {conflict.article for conflict in found.conflicts}
    return {
        name: found.kept.get(name) or found.bound.get(name) or f"free {top}"
        for name, top in found.of.items()
        if name not in torn
    }


@given(tied())
def test_nothing_that_belongs_together_is_parted(
    given: tuple[list[Member], list[tuple[int, int]], dict[str, str]],
) -> None:
    made, pairs, kept = given
    copies = {frozenset(pair) for pair in pairs}
    found = group(made, pairs, kept, lambda i, j: frozenset((i, j)) in copies)
    places = placed(found)
    assert found.of.keys() == {member.id for member in made}
    for (i, one), (j, other) in combinations(enumerate(made), 2):
        together = set(one.ties) & set(other.ties) or frozenset((i, j)) in copies
        if (
            together
            and NONE not in (kept.get(one.id), kept.get(other.id))
            and {one.id, other.id} <= places.keys()
        ):
            assert places[one.id] == places[other.id]
            assert found.of[one.id] == found.of[other.id]
    by_group: dict[str, set[str]] = {}
    for name, place in places.items():
        if place != NONE:
            by_group.setdefault(found.of[name], set()).add(place)
    assert all(len(found) == 1 for found in by_group.values())
    # What had a split and is not left out has the same one still.
    assert all(found.kept.get(name, split) == split for name, split in kept.items())


@given(tied(), st.randoms(use_true_random=False))
def test_order_makes_no_difference(
    given: tuple[list[Member], list[tuple[int, int]], dict[str, str]], dice: random.Random
) -> None:
    made, pairs, kept = given
    copies = {frozenset((made[i].id, made[j].id)) for i, j in pairs}
    order = list(range(len(made)))
    dice.shuffle(order)
    moved = [made[number] for number in order]
    where = {number: place for place, number in enumerate(order)}
    forth = group(made, pairs, kept, lambda i, j: frozenset((made[i].id, made[j].id)) in copies)
    back = group(
        moved, [(where[i], where[j]) for i, j in reversed(pairs)], kept,
        lambda i, j: frozenset((moved[i].id, moved[j].id)) in copies,
    )  # fmt: skip
    assert forth == back
