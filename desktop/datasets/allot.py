"""From articles to splits: what belongs together, what has its split already, and where the rest goes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from desktop.bundle import Record
from desktop.datasets import origin
from desktop.datasets.groups import NONE, Conflict, Groups, Member, group
from desktop.datasets.likeness import Likeness
from desktop.datasets.splits import Dealt, Sharing, deal

Tick = Callable[[], object]
Kept = Mapping[str, str]
"""The split that an article has already, by its id; `none` for one that is to be left out."""
UNDATED = "has no date, so that it has no place in a split by date"
DECIDED = "is to be left out of all splits"


class Articles:
    """Every article of a project as far as splits are concerned: those that are not exported now tie others as well."""

    def __init__(self, *, by_source: bool = False) -> None:
        self._by_source = by_source
        self.members: list[Member] = []
        self.days: dict[str, str] = {}
        self.likeness = Likeness()

    def add(self, record: Record) -> None:
        article = record.article
        day = origin.day(article.meta)
        if day:
            self.days[article.id] = day
        self.members.append(Member(article.id, tuple(self._ties(record))))
        self.likeness.add(record.text, article.outside)

    def _ties(self, record: Record) -> list[str]:
        article = record.article
        # A group may be named after an article that is to be in it.
        ties = [f"group {article.group or article.id}", f"text {article.text_sha256}"]
        story, address = article.meta.get("story"), _address(article.meta)
        source = origin.source(article.meta) if self._by_source else None
        ties += [f"story {story}"] if isinstance(story, str) and story.strip() else []
        ties += [f"address {address}"] if address else []
        return [*ties, f"source {source.casefold()}"] if source else ties


def _address(meta: Mapping[str, object]) -> str | None:
    """A web address without what does not tell pages apart: scheme, `www.`, the part behind `#`, a closing slash."""
    for name in origin.LINKS:
        host = origin.host(meta.get(name))
        if host:
            parts = urlsplit(str(meta[name]).strip())
            path = parts.path.rstrip("/")
            return f"{host}{path}?{parts.query}" if path or parts.query else None
    return None


@dataclass
class Allotment:
    """`places` gives the split of each article that has one, `new` those of them that had none before.

    `groups` names the group of each article; `left_out` says why an article has no place, `conflicts` being among them.
    """

    places: dict[str, str] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    copies: int = 0


def tied(articles: Articles, kept: Kept, tick: Tick) -> tuple[Groups, int]:
    """The groups of all articles, and how many of these are copies of others."""
    likeness = articles.likeness
    pairs = [(one, other) for one, other, _ in likeness.copies(tick=tick)]
    texts = Counter(tie for member in articles.members for tie in member.ties if tie.startswith("text "))
    same = sum(count - 1 for count in texts.values())
    found = group(articles.members, pairs, kept, likeness.copied)
    return found, max(len(pairs), same)


def allot(
    articles: Articles, chosen: Mapping[str, Mapping[str, int]], sharing: Sharing, kept: Kept, tick: Tick
) -> Allotment:
    """Share out the `chosen` articles (their ids, with the number of their spans by label).

    In this order: what belongs together is not parted, what has its split keeps it, the shares are met, the labels are
    spread evenly. What cannot have a place by this is left out and named.
    """
    found, copies = tied(articles, kept, tick)
    made = Allotment(
        groups=found.of, conflicts=[c for c in found.conflicts if c.article in chosen], copies=copies
    )
    torn = {conflict.article: conflict.reason for conflict in found.conflicts}
    waiting: dict[str, list[str]] = defaultdict(list)
    there: dict[str, list[Dealt]] = defaultdict(list)
    for name in chosen:
        split = found.kept.get(name) or found.bound.get(name)
        if name in torn:
            made.left_out[name] = torn[name]
        elif split == NONE:
            made.left_out[name] = DECIDED
        elif split:
            made.places[name] = split
            there[split].append(Dealt(name, 1, chosen[name], articles.days.get(name)))
        else:
            waiting[found.of[name]].append(name)
    groups = [_dealt(name, ids, chosen, articles.days) for name, ids in waiting.items()]
    dealt = deal(groups, sharing, there)
    for name, ids in waiting.items():
        if name in dealt:
            made.places |= dict.fromkeys(ids, dealt[name])
        else:
            made.left_out |= dict.fromkeys(ids, UNDATED)
    made.new = {name: split for name, split in made.places.items() if name not in kept}
    return made


def _dealt(
    name: str, ids: Sequence[str], chosen: Mapping[str, Mapping[str, int]], days: Mapping[str, str]
) -> Dealt:
    labels = chosen[ids[0]]
    if len(ids) > 1:
        labels = Counter()
        for article in ids:
            labels.update(chosen[article])
    return Dealt(name, len(ids), labels, max((days[a] for a in ids if a in days), default=None))
