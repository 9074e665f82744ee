"""Articles that may tell one story: proposed for a person to confirm or to reject, never joined unasked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.bundle import Bundle
from desktop.datasets.allot import Articles, Tick, tied
from desktop.datasets.groups import Groups
from desktop.datasets.tied import Tied

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
    likely = _Likely([found.of[name] for name in names])
    for one, other, alike in articles.likeness.stories(tick=tick, settled=likely.settled):
        if not rejected[names[one]] & rejected[names[other]]:
            likely.tie(one, other, alike)
    return [
        Story(tuple(sorted(names[number] for number in numbers)), alike)
        for numbers, alike in likely.stories()
    ]


class _Likely:
    """Stories so far, and for each the cosine of the two that are most alike.

    What is in one group, or in one story and less alike than others of it, says nothing new: of ten thousand articles on one
    story most pairs need no look.
    """

    def __init__(self, groups: Sequence[str]) -> None:
        import numpy as np  # 0.1 s that only checks and proposals pay  # noqa: PLC0415

        self._groups = (
            np.unique(np.array(groups, dtype=object), return_inverse=True)[1] if groups else np.zeros(0)
        )
        self._tied = Tied(len(groups))
        self._best = np.zeros(len(groups))

    def settled(self, number: int, others: Any, most: Any) -> Any:
        story = self._tied.of[number]
        known = (self._tied.of[others] == story) & (most <= self._best[story])
        return known | (self._groups[others] == self._groups[number])

    def tie(self, one: int, other: int, alike: float) -> None:
        best = max(self._best[self._tied.of[one]], self._best[self._tied.of[other]], alike)
        self._best[self._tied.tie(one, other)] = best

    def stories(self) -> Iterator[tuple[list[int], float]]:
        for numbers in self._tied.together():
            if len(numbers) > 1:
                yield numbers, float(self._best[self._tied.of[numbers[0]]])


def stories_of(bundle: Bundle, apart: Apart, tick: Tick) -> list[Story]:
    """The stories of all articles of a project, the most alike first."""
    articles = Articles()
    for record in bundle:
        tick()
        articles.add(record)
    found, _ = tied(articles, {}, tick)
    stories = proposed(articles, found, apart, tick)
    return sorted(stories, key=lambda story: (-story.likeness, story.articles))
