"""README.md, the dataset card: what is in a dataset, how it was made, how to load it, and what to beware of.

The block between the `---` lines is the metadata that the Hugging Face Hub and `load_dataset` read
(https://huggingface.co/docs/hub/datasets-cards). The card holds no clock time and no path outside the dataset.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from desktop import __version__
from desktop.datasets import agreement, statistics
from desktop.datasets import markdown as md
from desktop.datasets.agreement import Agreement
from desktop.datasets.allot import Allotment
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
) -> str:
    """The card; `features` are the lines of metadata that tell `load_dataset` where the files are and what they hold.

    `pictures` are paths in the dataset with what each shows, `training` the lines of the part that trains.
    """
    parts = (
        _what(contents), _loading(contents.receipts), _counts(contents, pictures or {}), _labels(contents), _relations(contents),
        _splits(contents), _work(contents), _formats(contents.receipts), _training(training), _papers(contents),
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
        f"{len(found.articles)} articles ({characters} characters) with {found.label_counts().total()} labelled spans and "
        f"{found.relations.total()} relations, exported with Tagline {__version__}."
    )


def _what(contents: Contents) -> Iterator[str]:
    yield f"# {md.line(contents.scheme.scheme)}"
    yield ""
    yield summary(contents)
    if contents.scheme.summary:
        yield ""
        yield md.line(contents.scheme.summary)
    for picked in contents.picked:
        yield from _picked(picked)


def _picked(picked: Picked) -> Iterator[str]:
    """What the dataset has of the project, where that is not all."""
    whose = f" of the labels by {md.line(picked.layer)}" if picked.layer is not None else ""
    parts = [f"{count} {reason}" for reason, count in sorted(picked.articles_left_out.items())]
    counts: Counter[str] = Counter()
    for (reason, _), count in picked.left_out.items():
        counts[reason] += count
    spans = [f"{count} {reason}" for reason, count in sorted(counts.items())]
    if parts:
        yield ""
        yield f"Of {picked.articles_in} articles {picked.articles_out} were taken{whose} (not taken: {', '.join(parts)})."
    if spans:
        yield ""
        yield f"Of {picked.spans_in} spans{whose} {picked.spans_out} were taken (not taken: {', '.join(spans)})."
    if picked.owner:
        yield ""
        yield (
            f"The articles were cut into {picked.examples} examples: `meta.{OF}` names the article of each, `meta.{AT}` the"
        )
        yield "stretches it was made of, each as [offset in the example, offset in the article, length]. No span was cut."


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
    counts = (("nested", "pairs of spans are one inside the other"), ("crossing", "pairs of spans cross"),
              ("same extent", "pairs of spans have the same extent"))  # fmt: skip
    said = [f"{numbers.pairs(m).total()} {what}" for m, what in counts if numbers.pairs(m)]
    parts = sum(count for (_, _, measure, _), count in numbers.counts.items() if measure == "fragmented")
    said += [f"{parts} spans have several fragments"] if parts else []
    if said:
        yield ""
        yield f"{', '.join(said)}."


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
        about = f"- `{md.line(attribute.name)}`: {md.line(attribute.description)}"
        names = {
            name
            for (_, place), held in contents.numbers.names.items()
            if place == f"{label.name}.{attribute.name}"
            for name in held
        }
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


def _splits(contents: Contents) -> Iterator[str]:
    if not contents.shared:
        return
    yield "## Splits"
    yield ""
    yield from _sharing(contents.shared, contents.allotment)
    if contents.overlap:
        yield ""
        yield "What the other splits have in common with `train`:"
        yield ""
        yield from md.head("split", "what", "different", "in train too", "share")
        for row in contents.overlap:
            yield from md.row(
                row.split, row.what, row.of, row.known, f"{(200 * row.known + row.of) // (2 * row.of)} %"
            )


_HOW = {
    "share": "by share",
    "source": "by share, all of one source together",
    "date": "by date, the oldest first",
}


def _sharing(shared: Sharing, allotment: Allotment) -> Iterator[str]:
    parts = [f"{name} {value}" if value is not None else name for name, value in shared.plain().items()]
    if shared.until is not None:
        parts = [f"{name} up to {day}" if day else f"{name} after it" for name, day in shared.plain().items()]
    seed = "" if shared.by == "date" else f" (seed {shared.seed})"
    yield f"Articles were shared out {_HOW[shared.by]}: {', '.join(parts)}{seed}. Which article goes where is decided by names,"
    yield "texts and the seed alone, never by chance or order, and kept: articles that come later move none of these."
    yield "Articles that share a group, a story, an address or half of their runs of three words are in one split."
    if allotment.copies:
        yield ""
        yield f"{allotment.copies} articles are copies of others, or nearly."
    if allotment.left_out:
        yield ""
        yield "Left out, since they have no place in a split:"
        yield ""
        yield from (f"- {md.line(name)}: {reason}" for name, reason in sorted(allotment.left_out.items()))


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
    yield f"Agreement of the annotators on the {contents.agreement.articles} articles that more than one of them has begun:"
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


def _formats(receipts: Sequence[Receipt]) -> Iterator[str]:
    yield "## Formats"
    yield ""
    yield "Every file was read back after it was written and compared with the project span by span. `receipt.json`"
    yield "names each span that is left out or moved; `manifest.json` has the checksums."
    for receipt in receipts:
        yield ""
        yield f"### `{receipt.format}/`"
        yield ""
        yield find(receipt.format).about
        yield ""
        yield f"- {receipt.spans_out} of {receipt.spans_in} spans"
        for what, entries in (("left out", receipt.left_out), ("moved", receipt.changed)):
            for row in entries.totals():
                yield f"- {row['count']} `{md.line(row['label'])}` {what}: {row['reason']}"
        if receipt.notes.get("relations_left_out"):
            yield f"- {receipt.notes['relations_left_out']} relations left out"


def _training(recipes: Sequence[str]) -> Iterator[str]:
    if recipes:
        yield "## Training on it"
        yield ""
        yield "From the folder of this file, each in a Python that has the libraries it names:"
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
        yield f"- {wide} spans are longer than {WIDE} words: beyond what span classifiers look at, fit for taggers."
    splits = numbers.splits()
    for split in splits if len(splits) > 1 else []:
        missing = [
            label.name
            for label in contents.scheme.labels
            if numbers.total("spans", label.name) and not numbers.total("spans", label.name, split)
        ]
        if missing:
            yield f"- No span of {', '.join(map(md.line, missing))} is in {split}."
    bare = sum(1 for article in found.articles if not found.labels[article.id])
    if bare:
        yield f"- {bare} articles have no span: read {_papers_status(found)}"
    if len(found.with_spans) == 1:
        yield "- All labels are the judgement of one person; nothing is known of agreement."
    elif not contents.agreement.articles and len(found.with_spans) > 1:
        yield "- No article was tagged by more than one of the annotators, so nothing is known of their agreement."
    yield "- Rights in the article texts are not covered by this card."


def _papers_status(found: Survey) -> str:
    done = sum(
        1
        for article in found.articles
        if not found.labels[article.id] and any(state == "done" for _, state in article.status)
    )
    return f"and found empty are {done}, of the others nothing is known."
