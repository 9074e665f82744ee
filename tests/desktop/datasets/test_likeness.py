"""Copies and stories, against the definitions computed pair by pair."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.bundle import RawArticle, Report, build
from desktop.datasets import setjoin
from desktop.datasets.allot import Articles, tied
from desktop.datasets.likeness import COPIES, STORY, WITHIN, Likeness
from desktop.datasets.stories import proposed
from desktop.datasets.tied import Tied
from desktop.errors import Cancelled

# Few words, so that short texts have triples in common.
texts = st.lists(st.sampled_from(["a", "b", "c", "d", "é", "İ", "中", "م", "7"]), max_size=25).map(" ".join)


def held(articles: list[str]) -> Likeness:
    made = Likeness()
    for text in articles:
        made.add(text)
    return made


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def shingles(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[n : n + 3]) for n in range(len(found) - 2)} or ({tuple(found)} if found else set())


def alike(mine: set[tuple[str, ...]], theirs: set[tuple[str, ...]]) -> float:
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def joined(articles: list[str], least: float) -> list[tuple[int, int]]:
    """The exact join: every pair looked at."""
    sets = [shingles(text) for text in articles]
    pairs = combinations(range(len(sets)), 2)
    return [(i, j) for i, j in pairs if alike(sets[i], sets[j]) >= least or within(sets[i], sets[j])]


def within(mine: set[tuple[str, ...]], theirs: set[tuple[str, ...]]) -> bool:
    size = min(len(mine), len(theirs))
    return size >= WITHIN.fewest and len(mine & theirs) >= WITHIN.least * size


def groups(count: int, pairs: list[tuple[int, int]]) -> list[list[int]]:
    tied = Tied(count)
    for one, other in pairs:
        tied.tie(one, other)
    return list(tied.together())


@given(st.lists(texts, max_size=12), st.sampled_from([0.2, 0.5, 0.8, 1.0]))
def test_copies_are_those_of_an_exact_join(articles: list[str], least: float) -> None:
    found = list(held(articles).copies(least))
    near = joined(articles, least)
    assert groups(len(articles), [(one, other) for one, other, _ in found]) == groups(len(articles), near)
    for one, other, share in found:
        assert share == pytest.approx(alike(shingles(articles[one]), shingles(articles[other])))


def news(count: int, seed: int) -> list[str]:
    """Articles of 100 to 300 words, a third of them made from an earlier one by cutting, changing and adding."""
    dice = random.Random(seed)
    vocabulary = [f"w{number}" for number in range(3000)]
    made: list[str] = []
    for _ in range(count):
        if made and dice.random() < 0.33:
            given = dice.choice(made).split()
            cut = given[dice.randrange(len(given) // 2) :]
            made.append(
                " ".join(
                    dice.choice(vocabulary) if dice.random() < dice.choice((0, 0.05, 0.15)) else w
                    for w in cut
                )
            )
        else:
            weights = [1 / (rank + 5) for rank in range(len(vocabulary))]
            made.append(" ".join(dice.choices(vocabulary, weights, k=dice.randint(100, 300))))
    return made


@pytest.mark.parametrize("part", [97, 1 << 20])
def test_every_copy_is_found_among_articles_as_they_are(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However little of them is sorted at a time."""
    monkeypatch.setattr(setjoin, "_PART", part)
    articles = news(300, 1)
    near = joined(articles, COPIES)
    found = [(one, other) for one, other, _ in held(articles).copies()]
    assert len(near) > 30
    assert groups(len(articles), found) == groups(len(articles), near)


def written(dice: random.Random, count: int) -> str:
    return " ".join(f"w{dice.randrange(5000)}" for _ in range(count))


@pytest.mark.parametrize("seed", range(5))
def test_what_stands_in_another_is_tied_to_it(seed: int) -> None:
    dice = random.Random(seed)
    articles = [written(dice, dice.choice((20, 60, 120))) for _ in range(40)]
    for number in dice.sample(range(40), 12):
        given = articles[number].split()
        for _ in range(dice.randrange(4)):
            given[dice.randrange(len(given))] = "edited"
        articles.append(" ".join([written(dice, 300), *given, written(dice, 900)]))
    likeness = held(articles)
    near = joined(articles, COPIES)
    assert near
    assert sorted((min(i, j), max(i, j)) for i, j, _ in likeness.copies()) == near
    assert all(likeness.copied(*pair) for pair in near)


def test_what_a_site_repeats_ties_nothing() -> None:
    dice = random.Random(9)
    footer = written(dice, 60)
    pages = [f"{written(dice, 100)} {footer}" for _ in range(WITHIN.most + 1)]
    assert list(held([footer, *pages]).copies()) == []
    assert len(list(held([footer, *pages[:5]]).copies())) == 5


def test_hundreds_of_copies_of_one_article_are_soon_found() -> None:
    text = " ".join(f"w{number}" for number in range(300))
    found = list(held([f"{text} number {number}" for number in range(400)]).copies())
    assert len(found) == 399


def on_one_story(count: int, seed: int) -> list[str]:
    """Articles made of the sentences of a few, a tenth of them edited copies of the one before."""
    dice = random.Random(seed)
    known = [" ".join(f"w{dice.randrange(400)}" for _ in range(12)) for _ in range(60)]
    made: list[str] = []
    for number in range(count):
        if number % 10 == 9:
            made.append(made[-1].replace(made[-1].split()[5], "changed"))
        else:
            made.append(" ".join(f"{s} {number}" for s in dice.sample(known, 10)))
    return made


@pytest.mark.parametrize("size", [40, 160])
def test_copies_among_articles_that_have_much_in_common(size: int) -> None:
    articles = on_one_story(size, 4)
    found = [(one, other) for one, other, _ in held(articles).copies()]
    assert groups(size, found) == groups(size, joined(articles, COPIES))
    assert len(found) >= size // 10


def test_stories_that_are_settled_are_passed_over() -> None:
    dice = random.Random(5)
    stories = [[f"s{story}w{number}" for number in range(100)] for story in range(3)]
    articles = [" ".join(dice.sample(stories[number % 3], 45)) for number in range(60)]
    made = Articles()
    for number, text in enumerate(articles):
        made.add(build(RawArticle(text, "f", "", id=f"a{number}"), "A", Report()))
    found, _ = tied(made, {}, lambda: None)
    exact = {
        frozenset((i, j)): alike
        for i, j, alike in made.likeness.stories()
        if found.of[f"a{i}"] != found.of[f"a{j}"]
    }
    together = Tied(len(articles))
    for pair in exact:
        together.tie(*pair)
    wanted = {}
    for members in map(frozenset, together.together()):
        if len(members) > 1:
            wanted[members] = max(alike for pair, alike in exact.items() if pair <= members)
    stories = proposed(made, found, (), lambda: None)
    told = {frozenset(int(name[1:]) for name in story.articles): story.likeness for story in stories}
    assert told == pytest.approx(wanted)
    assert len(exact) > 100, "most pairs are alike, and few are told"


def cosine(articles: list[str], i: int, j: int) -> float:
    often = Counter(word for text in articles for word in set(words(text)))

    def vector(text: str) -> dict[str, float]:
        counts = Counter(words(text))
        return {w: (1 + math.log(n)) * math.log(len(articles) / often[w]) for w, n in counts.items()}

    mine, theirs = vector(articles[i]), vector(articles[j])
    length = math.sqrt(sum(v * v for v in mine.values()) * sum(v * v for v in theirs.values()))
    return sum(weight * theirs.get(word, 0) for word, weight in mine.items()) / length if length else 0.0


@given(st.lists(texts, max_size=10), st.sampled_from([0.1, STORY, 0.9]))
def test_stories_are_those_of_all_cosines(articles: list[str], least: float) -> None:
    found = {(one, other): alike for one, other, alike in held(articles).stories(least)}
    for i, j in combinations(range(len(articles)), 2):
        exact = cosine(articles, i, j)
        if abs(exact - least) > 1e-6:
            assert ((i, j) in found) == (exact > least)
        if (i, j) in found:
            assert found[i, j] == pytest.approx(exact)


def test_order_makes_no_difference() -> None:
    articles = news(60, 2)
    order = list(range(len(articles)))
    random.Random(3).shuffle(order)
    forth, back = held(articles), held([articles[number] for number in order])
    one = {frozenset((articles[i], articles[j])): alike for i, j, alike in forth.stories(0.05)}
    other = {frozenset((articles[order[i]], articles[order[j]])): alike for i, j, alike in back.stories(0.05)}
    assert one == other


def test_page_furniture_says_nothing() -> None:
    menu = "home news sport weather subscribe to our letter "
    made = Likeness()
    for text in ("storm hits coast", "vote in the capital tomorrow"):
        made.add(menu + text, [(0, len(menu))])
    assert list(made.copies(0.1)) == []
    assert len(list(held([menu + "storm", menu + "vote"]).copies(0.1))) == 1


def test_texts_without_words_are_like_nothing() -> None:
    made = held(["", "...", "…", "one", "one"])
    assert [(one, other) for one, other, _ in made.copies()] == [(3, 4)]
    assert list(made.stories()) == [(3, 4, 1.0)]


def test_it_can_be_stopped() -> None:
    def stop() -> None:
        raise Cancelled

    made = held(["one two three four"] * 3)
    with pytest.raises(Cancelled):
        list(made.copies(tick=stop))
    with pytest.raises(Cancelled):
        list(made.stories(tick=stop))
