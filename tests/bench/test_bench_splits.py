"""How long it takes to find what belongs together in many articles, and how much memory. Run with: pytest tests/bench --benchmark-only

`python tests/bench/test_bench_splits.py ARTICLES` makes the splits of so many articles and says both.
"""

from __future__ import annotations

import os
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.bundle import RawArticle, Record, Report, build
from desktop.datasets.allot import Allotment, Articles, allot, tied
from desktop.datasets.splits import sharing
from desktop.datasets.stories import Story, proposed

ROOT = Path(__file__).parents[2]
WORDS = [f"w{number}" for number in range(40_000)]


def articles(count: int) -> Iterator[Record]:
    """News of 450 words with Zipf's law in them; one in ten is an edited copy of the one before, all have a topic."""
    dice = random.Random(0)
    weights = [1 / (rank + 10) for rank in range(len(WORDS))]
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
        yield build(RawArticle(" ".join(words), "f", "", id=f"a{number}"), "A", Report())


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


def shared_out(given: Iterable[Record]) -> tuple[Articles, Allotment]:
    held, labels = Articles(), {}
    for number, record in enumerate(given):
        held.add(record)
        labels[record.article.id] = {"event": number % 7, "actor": number % 11}
    return held, allot(held, labels, sharing("train=80,validation=10,test=10"), {}, lambda: None)


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
    given = list(articles(10_000))

    def share_out() -> tuple[Allotment, int]:
        held, made = shared_out(given)
        return made, sum(1 for _ in held.likeness.stories())

    made, stories = benchmark.pedantic(share_out, rounds=1)
    assert made.copies == 1000
    assert len(made.places) == 10_000
    assert stories >= 1000
    assert benchmark.stats["max"] < 30


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "count", [10_000, 30_000, *([100_000] if os.environ.get("TAGLINE_BENCH_LARGE") else [])]
)
def test_split_memory(count: int) -> None:
    """In a process of its own; 100,000 articles, which take some minutes, where TAGLINE_BENCH_LARGE is set."""
    command = [sys.executable, __file__, str(count)]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    found = re.search(r"(\d+) MB at most", said)
    assert found, said
    assert int(found[1]) <= 400


def main(count: int) -> None:
    """Says the time of the sharing out alone: most goes into making the articles."""
    own = 0.0

    def given() -> Iterator[Record]:
        nonlocal own
        for record in articles(count):
            began = time.process_time()
            yield record
            own += time.process_time() - began
        own -= time.process_time()

    _, found = shared_out(given())
    own += time.process_time()
    assert found.copies == count // 10
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count} articles: {own:.1f} s of the processor, {held} MB at most")


if __name__ == "__main__":
    main(int(sys.argv[1]))
