"""How long it takes to find what belongs together in many articles. Run with: pytest tests/bench --benchmark-only"""

from __future__ import annotations

import random
from typing import Any

from desktop.bundle import RawArticle, Record, Report, build
from desktop.datasets.allot import Allotment, Articles, allot, tied
from desktop.datasets.splits import sharing
from desktop.datasets.stories import Story, proposed

WORDS = [f"w{number}" for number in range(40_000)]


def articles(count: int) -> list[Record]:
    """News of 450 words with Zipf's law in them; one in ten is an edited copy of the one before, all have a topic."""
    dice = random.Random(0)
    weights = [1 / (rank + 10) for rank in range(len(WORDS))]
    made: list[Record] = []
    words: list[str] = []
    for number in range(count):
        if number % 10 == 1:
            for _ in range(30):
                words[dice.randrange(len(words))] = dice.choice(WORDS)
        else:
            topic = dice.choices(WORDS[2000:], k=30)
            words = [
                dice.choice(topic) if dice.random() < 0.15 else word
                for word in dice.choices(WORDS, weights, k=450)
            ]
        made.append(build(RawArticle(" ".join(words), "f", "", id=f"a{number}"), "A", Report()))
    return made


def one_story(count: int) -> list[Record]:
    """Reports of 330 words, nine of ten on one story: each has 130 of its 300 words."""
    story, usual = WORDS[3000:3300], WORDS[:200]
    made = []
    for number in range(count):
        dice = random.Random(number)
        words = dice.sample(story, 130) if number % 10 else dice.choices(WORDS, k=130)
        text = " ".join(words + dice.choices(usual, k=200))
        made.append(build(RawArticle(text, "f", "", id=f"a{number}"), "A", Report()))
    return made


def test_split_10k_on_one_story(benchmark: Any) -> None:
    """50 million pairs of articles of which most are alike: 90 s, and the story is found whole."""
    given = one_story(10_000)

    def propose() -> list[Story]:
        held = Articles()
        for record in given:
            held.add(record)
        found, _ = tied(held, {}, lambda: None)
        return proposed(held, found, (), lambda: None)

    stories = benchmark.pedantic(propose, rounds=1)
    assert [len(story.articles) for story in stories] == [9000]
    assert benchmark.stats["max"] < 90


def test_split_10k(benchmark: Any) -> None:
    """Groups and splits of 10,000 articles, stories to be confirmed among them: 30 s."""
    given = articles(10_000)
    labels = {record.article.id: {"event": n % 7, "actor": n % 11} for n, record in enumerate(given)}

    def share_out() -> tuple[Allotment, int]:
        held = Articles()
        for record in given:
            held.add(record)
        made = allot(held, labels, sharing("train=80,validation=10,test=10"), {}, lambda: None)
        return made, sum(1 for _ in held.likeness.stories())

    made, stories = benchmark.pedantic(share_out, rounds=1)
    assert made.copies == 1000
    assert len(made.places) == 10_000
    assert stories >= 1000
    assert benchmark.stats["max"] < 30
