"""Articles that may tell one story: proposed for a person to confirm or to reject, never joined unasked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from desktop.bundle import Bundle
from desktop.datasets.allot import Articles, Tick, tied
from desktop.datasets.groups import Groups
from desktop.datasets.likeness import Tied

Apart = Iterable[frozenset[str]]
"""Sets of articles, by id, of which a person has said that they do not tell one story."""


@dataclass(frozen=True)
class Story:
    """Articles that are linked by chains of likeness, by id; `likeness` is the cosine of the two that are most alike."""

    articles: tuple[str, ...]
    likeness: float


def proposed(articles: Articles, found: Groups, apart: Apart, tick: Tick) -> list[Story]:
    """The stories that no group holds together anyway; `tick` is called now and then and may raise to stop."""
    names = [member.id for member in articles.members]
    rejected: dict[str, set[int]] = defaultdict(set)
    for number, ids in enumerate(apart):
        for name in ids:
            rejected[name].add(number)
    likely = Tied(len(names))
    best: dict[int, float] = {}
    for one, other, alike in articles.likeness.stories(tick=tick):
        first, second = names[one], names[other]
        if found.of[first] == found.of[second] or rejected[first] & rejected[second]:
            continue
        likely.tie(one, other)
        for number in (one, other):
            best[number] = max(best.get(number, 0), alike)
    groups: dict[int, list[int]] = defaultdict(list)
    for number in best:
        groups[likely.top(number)].append(number)
    return [
        Story(tuple(sorted(names[number] for number in numbers)), max(best[number] for number in numbers))
        for numbers in groups.values()
    ]


def stories_of(bundle: Bundle, apart: Apart, tick: Tick) -> list[Story]:
    """The stories of all articles of a project, the most alike first."""
    articles = Articles()
    for record in bundle:
        tick()
        articles.add(record)
    found, _ = tied(articles, {}, tick)
    stories = proposed(articles, found, apart, tick)
    return sorted(stories, key=lambda story: (-story.likeness, story.articles))
