"""Checks of what splits keep together, may part, or cannot place; and of what a split lacks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from desktop.bundle import Record
from desktop.datasets.allot import Articles, Kept, Tick, tied
from desktop.datasets.findings import Finding, Fix, Severity
from desktop.datasets.groups import NONE, Groups
from desktop.datasets.stories import Apart, proposed
from desktop.model import Scheme

Deals = Mapping[str, Kept]
"""The kept splits of each deal."""
# Of a group so many others are named.
_NAMED = 4
_SHARE = 100


@dataclass(frozen=True)
class SplitCheck:
    """One line of the table of what this file finds; `refusal` is what is done where a proposal is not to be followed."""

    kind: str
    severity: Severity
    title: str
    remedy: str = ""
    refusal: str = ""


SAME_TEXT = SplitCheck("split.same_text", "warning", "Same text twice", "Give them one group")
COPIES = SplitCheck("split.copies", "note", "Nearly the same text")
STORY = SplitCheck(
    "split.same_story", "note", "Maybe one story", "Give them one group", "They are different stories"
)
CONFLICT = SplitCheck("split.conflict", "warning", "Ties two splits together", "Leave it out for good")
LACKS = SplitCheck("split.label_missing", "warning", "Label missing from a split", "Forget this split")
SPLIT_CHECKS = (SAME_TEXT, COPIES, STORY, CONFLICT, LACKS)


@dataclass
class Ground:
    """What is gathered of all articles in the first walk; `apart` are stories that were rejected."""

    apart: Apart = ()
    articles: Articles = field(default_factory=Articles)
    texts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    labels: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        article = record.article
        self.articles.add(record)
        self.texts[article.text_sha256].append((article.id, article.group or article.id))
        self.labels[article.id] = Counter(span.label for span in record.spans)


def find(
    ground: Ground, scheme: Scheme, deals: Deals, tick: Tick
) -> Iterator[tuple[SplitCheck, str, Finding]]:
    """Check, article and finding, in no order of the articles."""
    yield from _same_texts(ground)
    found, _ = tied(ground.articles, {}, tick)
    yield from _copies(ground, tick)
    yield from _stories(ground, found, tick)
    for deal, kept in deals.items():
        yield from _conflicts(ground, deal, kept, tick)
        yield from _lacking(ground, scheme, deal, kept)


def _same_texts(ground: Ground) -> Iterator[tuple[SplitCheck, str, Finding]]:
    for there in ground.texts.values():
        first, group = there[0]
        for name, other in there[1:]:
            if other != group:
                fix = Fix("group", articles=tuple(name for name, _ in there))
                yield SAME_TEXT, name, Finding("", f"has the same text as article {first!r} but another group, so it counts twice in "
                                               "training; remove one, or give both one group", fix)  # fmt: skip


def _copies(ground: Ground, tick: Tick) -> Iterator[tuple[SplitCheck, str, Finding]]:
    members = ground.articles.members
    for one, other, share in ground.articles.likeness.copies(tick=tick):
        if not set(members[one].ties) & set(members[other].ties):
            first, second = sorted((members[one].id, members[other].id))
            yield COPIES, second, Finding("", f"has {int(share * _SHARE)} % of the runs of three words, of both or of the shorter one, in "
                                          f"common with article {first!r}; splits keep the two together")  # fmt: skip


def _stories(ground: Ground, found: Groups, tick: Tick) -> Iterator[tuple[SplitCheck, str, Finding]]:
    for story in proposed(ground.articles, found, ground.apart, tick):
        first, *others = story.articles
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        fix = Fix("group", articles=story.articles)
        no = Fix("apart", articles=story.articles)
        yield STORY, first, Finding("", f"may tell one story with {', '.join(others[:_NAMED])}{more} (likeness up to "
                                    f"{story.likeness:.2f}), and a split may part them; give them one group if they do", fix, refuse=no)  # fmt: skip


def _conflicts(
    ground: Ground, deal: str, kept: Kept, tick: Tick
) -> Iterator[tuple[SplitCheck, str, Finding]]:
    found, _ = tied(ground.articles, kept, tick)
    for conflict in found.conflicts:
        fix = Fix("place", NONE, name=deal)
        yield CONFLICT, conflict.article, Finding("", f"{conflict.reason}; it is left out of exports until they are moved into one split, "
                                                  "its group is changed, or it is left out for good", fix)  # fmt: skip


def _lacking(
    ground: Ground, scheme: Scheme, deal: str, kept: Kept
) -> Iterator[tuple[SplitCheck, str, Finding]]:
    held: dict[str, Counter[str]] = defaultdict(Counter)
    for name, split in kept.items():
        held[split].update(ground.labels.get(name, {}))
    used = {label for counts in ground.labels.values() for label in counts}
    for split in sorted(set(held) - {NONE}):
        for label in scheme.labels:
            if label.name in used and not held[split][label.name]:
                yield LACKS, "", Finding("", f"no span of {label.name} is in {split} of the split {deal}; label more articles of "
                                         f"{split}, or deal them anew", Fix("forget", name=deal))  # fmt: skip
