"""README.md, the dataset card: what is in a dataset, how it was made, how to load it, and what to beware of.

The block between the `---` lines is the metadata that the Hugging Face Hub and `load_dataset` read
(https://huggingface.co/docs/hub/datasets-cards). The card holds no clock time and no path outside the dataset.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from desktop import __version__
from desktop.datasets import agreement, card_splits, statistics
from desktop.datasets import markdown as md
from desktop.datasets.agreement import Agreement
from desktop.datasets.allot import Allotment
from desktop.datasets.distinct import Distinct
from desktop.datasets.examples import AT, OF
from desktop.datasets.picking import Picked
from desktop.datasets.splits import Sharing
from desktop.datasets.statistics import Shared, Statistics
from desktop.datasets.survey import Survey
from desktop.formats import find
from desktop.formats.receipt import Receipt
from desktop.model import Label, Scheme

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**9, "100K<n<1M"))
# A span of more words than this is beyond what span classifiers usually look at (GLiNER's max_width).
WIDE = 12


@dataclass(frozen=True)
class Contents:
    """All that a card tells of."""

    scheme: Scheme
    guidelines: str
    found: Survey
    numbers: Statistics
    agreement: Agreement
    receipts: Sequence[Receipt]
    allotment: Allotment
    picked: Sequence[Picked]
    shared: Sharing | None = None
    overlap: Sequence[Shared] = ()


def readme(
    contents: Contents,
    features: Sequence[str] = (),
    pictures: Mapping[str, str] | None = None,
    training: Sequence[str] = (),
    ways: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """The card; `features` are the lines of metadata that tell `load_dataset` where the files are and what they hold.

    `pictures` are paths in the dataset with what each shows, `training` the lines of the part that trains, `ways` those on how each
    format is read.
    """
    parts = (
        _what(contents), _loading(contents.receipts), _counts(contents, pictures or {}), _labels(contents), _relations(contents),
        card_splits.part(contents.shared, contents.allotment, contents.overlap), _work(contents), _formats(contents.receipts, ways or {}),
        _training(training), _papers(contents),
        ("## Known limits", "", *limits(contents)),
    )  # fmt: skip
    lines = ["---", *_header(contents), *features, "---", ""]
    for part in parts:
        written = list(part)
        lines += [*written, ""] if written else []
    return "\n".join(lines)


def loadable(readme: str, folder: str) -> list[str]:
    """The `configs` and `dataset_info` of a README.md that lies in `folder`, as they read one level above it."""
    block = readme.split("\n---\n", 1)[0].split("\n")
    first = next((place for place, line in enumerate(block) if line == "configs:"), len(block))
    return [line.replace('"path": "', f'"path": "{folder}/') for line in block[first:]]


def _header(contents: Contents) -> Iterator[str]:
    found = contents.found
    size = next(name for most, name in _SIZES if len(found.articles) < most or most == _SIZES[-1][0])
    yield f"pretty_name: {md.yaml(md.line(contents.scheme.scheme))}"
    languages = sorted({code for code in map(_code, found.languages) if code})
    if languages:
        yield f"language: {md.yaml(languages)}"
    yield 'task_categories: ["token-classification"]'
    yield f"size_categories: {md.yaml([size])}"
    yield f"tags: {md.yaml(['span-annotation', 'tagline', 'croissant'])}"


def _code(language: str) -> str:
    code = re.split("[-_]", language.strip().lower())[0]
    return code if re.fullmatch("[a-z]{2,3}", code) else ""


def summary(contents: Contents) -> str:
    """The dataset in a sentence."""
    found = contents.found
    characters = sum(article.length for article in found.articles)
    return (
        f"{md.counted(len(found.articles), 'article')} ({md.counted(characters, 'character')}) with "
        f"{md.counted(found.label_counts().total(), 'labelled span')} and {md.counted(found.relations.total(), 'relation')}, "
        f"exported with Tagline {__version__}."
    )


def _what(contents: Contents) -> Iterator[str]:
    yield f"# {md.line(contents.scheme.scheme)}"
    yield ""
    yield summary(contents)
    if contents.scheme.summary:
        yield ""
        yield md.line(contents.scheme.summary)
    for part in dict.fromkeys("\n".join(lines) for picked in contents.picked for lines in _picked(picked)):
        yield ""
        yield part


def _picked(picked: Picked) -> Iterator[list[str]]:
    """What the dataset has of the project, where that is not all."""
    whose = f" of the labels by {md.line(picked.layer)}" if picked.layer is not None else ""
    parts = [f"{count} {reason}" for reason, count in sorted(picked.articles_left_out.items())]
    counts: Counter[str] = Counter()
    for (reason, _), count in picked.left_out.items():
        counts[reason] += count
    spans = [f"{count} {reason}" for reason, count in sorted(counts.items())]
    if parts:
        yield [
            f"Of {picked.articles_in} articles {picked.articles_out} were taken{whose} (not taken: {', '.join(parts)})."
        ]
    if spans:
        yield [
            f"Of {picked.spans_in} spans{whose} {picked.spans_out} were taken (not taken: {', '.join(spans)})."
        ]
    if picked.owner:
        yield [
            f"The articles were cut into {picked.examples} examples: `meta.{OF}` names the article of each, `meta.{AT}` the",
            "stretches it was made of, each as [offset in the example, offset in the article, length]. No span was cut.",
        ]
    if picked.relations_left_out:
        relations = md.counted(picked.relations_left_out, "relation")
        yield [
            f"{relations}{whose} had an end in another example, or at a span that was not taken, and went with it."
        ]


def _loading(receipts: Sequence[Receipt]) -> Iterator[str]:
    yield "## Loading it"
    yield ""
    yield "Offsets count Unicode code points from 0, the end not included: `text[start:end]` in Python. Spans may nest, cross"
    yield "and have several fragments; each format's section below says what it holds and how to read it."
    if any(receipt.format == "huggingface" for receipt in receipts):
        yield ""
        yield "```python"
        yield "from datasets import load_dataset"
        yield ""
        yield 'dataset = load_dataset("path/to/this/folder")'
        yield "```"


def _counts(contents: Contents, pictures: Mapping[str, str]) -> Iterator[str]:
    numbers, labels = contents.numbers, contents.scheme.labels
    splits = numbers.splits()
    columns = [*splits, None] if len(splits) > 1 else splits
    yield "## What is in it"
    yield ""
    yield from md.head("", *(name or "all" for name in columns), "median words", "most words")
    for measure in (
        "articles",
        *(["examples"] if numbers.total("examples") != numbers.total("articles") else []),
        "words",
        "characters",
    ):
        yield from md.row(measure, *(numbers.total(measure, split=name) for name in columns), "", "")
    for label in labels:
        lengths = numbers.values_of("words", label.name)
        both = (statistics.median(lengths), max(lengths)) if lengths else ("", "")
        counts = (numbers.total("spans", label.name, name) for name in columns)
        yield from md.row(f"`{md.line(label.name)}`", *counts, *both)
    yield ""
    yield "A word is what stands between blanks. `statistics/table.csv` has these and more counts, one a line."
    for path, about in pictures.items():
        yield ""
        yield f"![{about}]({path})"
    yield from _structure(numbers)


def _structure(numbers: Statistics) -> Iterator[str]:
    kinds = (
        ("nested", "one inside the other"),
        ("crossing", "crossing"),
        ("same extent", "of the same extent"),
    )
    said = [
        f"{md.counted(numbers.pairs(name).total(), 'pair')} {what}"
        for name, what in kinds
        if numbers.pairs(name)
    ]
    parts = sum(count for (_, _, measure, _), count in numbers.counts.items() if measure == "fragmented")
    said += [f"{md.counted(parts, 'span')} in several fragments"] if parts else []
    if said:
        yield ""
        yield f"How the spans of one annotator lie, each from its start to its end: {', '.join(said)}."


def _labels(contents: Contents) -> Iterator[str]:
    yield "## Labels"
    for label in contents.scheme.labels:
        yield ""
        yield f"### `{md.line(label.name)}`"
        yield ""
        yield md.line(label.description) or "No definition was given."
        passage = md.definition(contents.guidelines, label.name)
        if passage:
            yield ""
            yield from passage
        used = _attributes(contents, label)
        if used:
            yield ""
            yield from used
    if contents.guidelines:
        yield ""
        yield "The annotators worked by [guidelines.md](guidelines.md); `scheme.json` is the scheme for programs."


def _attributes(contents: Contents, label: Label) -> list[str]:
    lines = []
    for attribute in label.attributes:
        about = f"- `{md.line(attribute.name)}`: {md.line(attribute.description)}".rstrip()
        place = f"{label.name}.{attribute.name}"
        names = reduce(
            or_, (held for (_, at), held in contents.numbers.names.items() if at == place), Distinct()
        )
        counts = contents.numbers.texts_of(f"attribute {attribute.name}", label.name)
        if names:
            lines.append(f"{about} ({len(names)} different)")
        elif counts:
            given = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            lines.append(f"{about} ({', '.join(f'{md.line(value)} {count}' for value, count in given)})")
    return lines


def _relations(contents: Contents) -> Iterator[str]:
    counts = contents.found.relations
    if not counts:
        return
    yield "## Relations"
    yield ""
    yield from md.head("type", "count", "meaning")
    for relation in contents.scheme.relations:
        if counts[relation.name]:
            yield from md.row(f"`{md.line(relation.name)}`", counts[relation.name], relation.description)


def _work(contents: Contents) -> Iterator[str]:
    found = contents.found
    states = Counter((annotator, state) for article in found.articles for annotator, state in article.status)
    yield "## Who tagged it"
    yield ""
    for annotator in sorted(found.with_spans | found.with_status):
        mine = [f"{count} {state}" for (who, state), count in sorted(states.items()) if who == annotator]
        yield f"- {md.line(annotator)}: {', '.join(mine) or 'no status'} (articles)"
    if not found.with_spans | found.with_status:
        yield "Nobody yet: the articles have no spans."
    yield from _agreement(contents)


def _agreement(contents: Contents) -> Iterator[str]:
    measured = agreement.rows(contents.agreement, (label.name for label in contents.scheme.labels))
    if not measured:
        return
    yield ""
    who = sorted({name for pair in contents.agreement.pairs for name in pair})
    count = md.counted(contents.agreement.articles, "article")
    yield f"Agreement of {', '.join(map(md.line, who))} on the {count} that more than one of them has begun:"
    yield ""
    yield from md.head("label", "F1 exact", "F1 overlap", "alpha")
    for row in measured:
        yield from md.row(
            f"`{row['label']}`" if row["label"] else "all", row["f1"], row["f1_overlap"], row["alpha"]
        )
    yield ""
    yield "F1 takes one annotator's spans as the truth for another's and is the mean over pairs of annotators: exact asks for"
    yield "the same label and edges, overlap for the same label and a character in common. Alpha is Krippendorff's, nominal, on"
    yield "whether each character is inside a span of the label."


def _formats(receipts: Sequence[Receipt], ways: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield "## Formats"
    yield ""
    yield "Every file was read back after it was written and compared with the project span by span. `receipt.json`"
    yield "names each span that is left out or moved; `manifest.json` has the checksums. The code runs in the folder of this file."
    for receipt in receipts:
        yield ""
        yield f"### `{receipt.format}/`"
        yield ""
        yield find(receipt.format).about
        yield ""
        if receipt.format in ways:
            yield from ways[receipt.format]
            yield ""
        yield f"- {receipt.spans_out} of {receipt.spans_in} spans"
        for what, entries in (("left out", receipt.left_out), ("moved", receipt.changed)):
            for row in entries.totals():
                yield f"- {row['count']} `{md.line(row['label'])}` {what}: {row['reason']}"
        if receipt.notes.get("relations_left_out"):
            yield f"- {md.counted(receipt.notes['relations_left_out'], 'relation')} left out"
        where = "`ents/`" if "ents" in receipt.flat else "the tag columns"
        for what, rows in (("not", receipt.not_flat()), ("moved", receipt.flat_changed())):
            for row in rows:
                yield f"- {row['count']} `{md.line(row['label'])}` {what} in {where}: {row['reason']}"


def _training(recipes: Sequence[str]) -> Iterator[str]:
    if recipes:
        yield "## Training on it"
        yield ""
        yield "Each begins in the folder of this file."
        yield ""
        yield from recipes


def _papers(contents: Contents) -> Iterator[str]:
    yield "## Beside the data"
    yield ""
    yield "- `manifest.json`: every file with its SHA-256, every article with its split and group, the options, one hash of all"
    yield "- `receipt.json`: what each format left out or moved, span by span"
    yield "- `croissant.json`: the same files for programs, after https://mlcommons.org/croissant"
    yield "- `scheme.json`: labels, attributes and relation types" + (
        ", `guidelines.md`: how they were to be used" if contents.guidelines else ""
    )
    yield "- `statistics/`: counts as a table and as pictures"


def limits(contents: Contents) -> Iterator[str]:
    """What to beware of, a list entry each."""
    numbers, found = contents.numbers, contents.found
    yield "- A model with one tag a token sees only a part of spans that nest or cross."
    wide = sum(
        count
        for label in contents.scheme.labels
        for length, count in numbers.values_of("words", label.name).items()
        if length > WIDE
    )
    if wide:
        be = "is" if wide == 1 else "are"
        yield f"- {md.counted(wide, 'span')} {be} longer than {WIDE} words: beyond what span classifiers look at, fit for taggers."
    yield from card_splits.limits(contents.shared, numbers, contents.scheme)
    bare = sum(1 for article in found.articles if not any(article.counts))
    if bare:
        have = "has" if bare == 1 else "have"
        yield f"- {md.counted(bare, 'article')} {have} no span: read {_papers_status(found)}"
    if len(found.with_spans) == 1:
        told = "" if contents.agreement.articles else "; nothing is known of agreement"
        yield f"- All labels are the judgement of one person{told}."
    elif not contents.agreement.articles and len(found.with_spans) > 1:
        yield "- No article was tagged by more than one of the annotators, so nothing is known of their agreement."
    yield "- Rights in the article texts are not covered by this card."


def _papers_status(found: Survey) -> str:
    done = sum(
        1
        for article in found.articles
        if not any(article.counts) and any(state == "done" for _, state in article.status)
    )
    return f"and found empty are {done}, of the others nothing is known."
