"""GLiNER JSON out (https://github.com/urchade/GLiNER, its training data): `<split>.json`, examples of words with their spans.

Words are those of GLiNER's own splitter, which it uses again when it predicts. A span is [first word, last word, label], the
last one included; a relation [span, span, type] counts the spans of its example. Its defaults cut examples after 384 words and
learn no span of more than 12: articles are parted at sentences, and the receipt's notes count the spans that are wider.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from desktop.bundle import Bundle, Record
from desktop.errors import UserError
from desktop.formats import iob
from desktop.formats.base import Placed, Plan
from desktop.formats.objects import ArrayFile
from desktop.formats.receipt import Receipt
from desktop.formats.tokens import Run, covered, sentence_starts
from desktop.model import Scheme, Span
from desktop.spans import reading_order
from desktop.text import Bounds

MOST_WORDS, WIDEST = 384, 12
_WORD = re.compile(r"\w+(?:[-_]\w+)*|\S")


@dataclass(frozen=True)
class _Held:
    """A span and the words it covers."""

    span: Span
    run: Run


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """One file a split in `folder`; the receipt names spans with gaps or without words, and those moved to word bounds."""
    notes = {
        "examples": 0,
        "relations_left_out": 0,
        f"wider_than_{WIDEST}_words": {},
        f"longer_than_{MOST_WORDS}_words": 0,
    }
    receipt = Receipt("gliner", notes=notes)
    wide: Counter[str] = Counter()
    with ExitStack() as stack:
        files = {split: stack.enter_context(ArrayFile.open(folder / f"{split}.json")) for split in plan.names}
        for record in bundle:
            for example in _examples(record, plan.scheme, wide, receipt):
                files[plan.split(record.article.id)].add(example)
                receipt.notes["examples"] += 1
            receipt.articles += 1
            receipt.spans_in += len(record.spans)
    receipt.notes[f"wider_than_{WIDEST}_words"] = dict(sorted(wide.items()))
    return receipt


def words(text: str) -> list[Bounds]:
    """The words of `text` as GLiNER splits them."""
    return [match.span() for match in _WORD.finditer(text)]


def _examples(
    record: Record, scheme: Scheme, wide: Counter[str], receipt: Receipt
) -> Iterator[dict[str, Any]]:
    found = words(record.text)
    held = list(_held(record, found, receipt))
    wide.update(one.span.label for one in held if one.run[1] - one.run[0] > WIDEST)
    starts = sentence_starts(record.text, found, (one.run for one in held))
    tied = 0
    if not found:
        # There is nothing to learn from no words, and GLiNER stumbles over them.
        receipt.notes["articles_without_words"] = receipt.notes.get("articles_without_words", 0) + 1
    for first, last in _parts(starts, len(found)):
        receipt.notes[f"longer_than_{MOST_WORDS}_words"] += last - first > MOST_WORDS
        mine = [one for one in held if first <= one.run[0] < last]
        place = {one.span.id: number for number, one in enumerate(mine)}
        relations = [
            [place[relation.head], place[relation.tail], relation.type]
            for relation in record.relations if relation.head in place and relation.tail in place
        ]  # fmt: skip
        tied += len(relations)
        yield {
            "tokenized_text": [record.text[start:end] for start, end in found[first:last]],
            "ner": [[one.run[0] - first, one.run[1] - 1 - first, one.span.label] for one in mine],
            "ner_labels": [label.name for label in scheme.labels],
            "relations": relations,
            "article_id": record.article.id,
            "start": found[first][0],
        }
    receipt.notes["relations_left_out"] += len(record.relations) - tied


def _held(record: Record, found: Sequence[Bounds], receipt: Receipt) -> Iterator[_Held]:
    """The spans that stand on words, in reading order; the receipt names the others, and those that were moved."""
    for span in sorted(record.spans, key=lambda span: (*reading_order(span), span.id)):
        run = covered(found, span.start, span.end)
        if len(span.fragments) > 1 or not run:
            receipt.leave_out(
                record.article.id, span, iob.FRAGMENTS if len(span.fragments) > 1 else iob.NO_TOKEN
            )
            continue
        start, end = found[run[0]][0], found[run[1] - 1][1]
        if why := iob.moved(span, start, end):
            receipt.change(record.article.id, span, why, ((start, end),))
        yield _Held(span, run)


def _parts(starts: Sequence[int], count: int) -> Iterator[Run]:
    """Whole sentences put together up to MOST_WORDS words; a longer one stands alone."""
    first = last = 0
    for end in [*starts[1:], count]:
        if end - first > MOST_WORDS and last > first:
            yield first, last
            first = last
        last = end
    if last > first:
        yield first, last


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: the words of each example looked up in its article's text one after the other."""
    for path in sorted(folder.glob("*.json")):
        examples = (json.loads(line) for _, line in ArrayFile.lines(path))
        texts = (r for r in bundle if plan.split(r.article.id) == path.stem)
        for name, own in groupby(examples, key=lambda example: str(example["article_id"])):
            text = ""
            for record in texts:
                if record.article.id == name:
                    text = record.text
                    break
                yield from _wordless(record)
            placed: Counter[Placed] = Counter()
            for example in own:
                found = _placed_words(example, text)
                placed.update(
                    (label, ((found[first][0], found[last][1]),)) for first, last, label in example["ner"]
                )
            yield name, placed
        for record in texts:
            yield from _wordless(record)


def _wordless(record: Record) -> Iterator[tuple[str, Counter[Placed]]]:
    """An article without a word has no example, and is where it should be."""
    if not _WORD.search(record.text):
        yield record.article.id, Counter()


def _placed_words(example: dict[str, Any], text: str) -> list[Bounds]:
    position = example["start"]
    found = []
    for word in example["tokenized_text"]:
        start = text.find(word, position)
        if start < 0 or text[position:start].strip():
            raise UserError(f"the word {word!r} does not stand at character {position} of article {example['article_id']!r}",
                            "export again")  # fmt: skip
        found.append((start, position := start + len(word)))
    return found
