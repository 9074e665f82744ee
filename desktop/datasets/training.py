"""The part of a dataset card that trains: for each library a few lines that run as they stand in the dataset's folder.

One label is the example, the most frequent one that has spans to learn from; the others go the same way. The README of the
program shows the same lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Template

from desktop.datasets.statistics import Statistics
from desktop.formats.base import SPLITS
from desktop.formats.conll import COLUMNS, DOCUMENT, label_slugs
from desktop.formats.docbin import CONFIG, ENTS, SPANS, label_folders
from desktop.formats.rows import tag_columns
from desktop.model import Scheme

_SPACY = Template("""\
An entity recogniser in [spaCy](https://spacy.io/usage/training) (`pip install spacy`), on the flat layer of one label; without the
limit of steps, which suits a few articles, it goes on until nothing improves. The best model is then in `model/model-best`:

```
cd $folder
python -m spacy train config.cfg --output model --training.max_steps 200
```
""")
_SPANS = """\
Nested spans, those of labels with long spans apart, are learnt by a span categorizer, by the same command in `spacy/spans`.
"""
_CONLL = Template("""\
A conditional random field ([python-crfsuite](https://python-crfsuite.readthedocs.io); `pip install python-crfsuite seqeval`),
scored by the spans that it finds:

```python
from pathlib import Path

import pycrfsuite
from seqeval.metrics import f1_score


def sentences(path):
    for block in Path(path).read_text(encoding="utf-8").split("\\n\\n"):
        rows = [line.split(" ") for line in block.split("\\n") if line and not line.startswith($marks)]
        if rows:
            yield [row[0] for row in rows], [row[$tag] for row in rows]


def features(words):
    around = zip(["<", *words], words, [*words[1:], ">"])
    return [
        {"before": before, "word": word, "end": word[-3:], "after": after} for before, word, after in around
    ]


trainer = pycrfsuite.Trainer(verbose=False, params={"c2": 0.01})  # so that few articles count for something
for words, tags in sentences($train):
    trainer.append(features(words), tags)
trainer.train("model.crf")
tagger = pycrfsuite.Tagger()
tagger.open("model.crf")
tested = list(sentences($tested))
score = f1_score([tags for _, tags in tested], [tagger.tag(features(words)) for words, _ in tested])
print(f"F1 on $split: {score:.2f}")
```
""")
_HUGGINGFACE = Template("""\
Word pieces with their tags for a token classification model (`pip install datasets tokenizers`; here with a tokenizer made on the
spot, take that of your model):

```python
from datasets import load_dataset
from tokenizers import ByteLevelBPETokenizer

data = load_dataset("huggingface", split="train")
tokenizer = ByteLevelBPETokenizer(add_prefix_space=True)
tokenizer.train_from_iterator(data["text"], vocab_size=2000, show_progress=False)


def align(article):
    pieces = tokenizer.encode(article["tokens"], is_pretokenized=True)
    words = zip([None, *pieces.word_ids], pieces.word_ids)
    # The first piece of a word has its tag; -100 is what loss functions pass over.
    tags = [-100 if word is None or word == before else article[$column][word] for before, word in words]
    return {"input_ids": pieces.ids, "labels": tags}


rows = data.map(align, remove_columns=data.column_names)
print(data.features[$column].feature.names, rows[0]["labels"][:20])
```
""")


def recipes(folder: Path, scheme: Scheme, numbers: Statistics) -> list[str]:
    """The lines that train with what is in the folder of a dataset; none without a split to train on."""
    counts = {label.name: numbers.total("spans", label.name, SPLITS[0]) for label in scheme.labels}
    label = max(counts, key=lambda name: counts[name], default=None)
    if not label or not counts[label]:
        return []
    there = [text for path, text in _recipes(folder, scheme, label) if (folder / path).exists()]
    return "\n".join(there).split("\n")[:-1]


def _recipes(folder: Path, scheme: Scheme, label: str) -> Iterator[tuple[str, str]]:
    """Each recipe with the file that it begins with."""
    layer = f"spacy/{ENTS}/{label_folders(scheme)[label]}"
    yield f"{layer}/{CONFIG}", _SPACY.substitute(folder=layer)
    yield f"spacy/{SPANS}/{CONFIG}", _SPANS
    slug = label_slugs(scheme)[label]
    for path, marks, tag in (
        (f"conll/{SPLITS[0]}.{slug}.conll", f'"{DOCUMENT}"', -1),
        (f"conll/{SPLITS[0]}.conll", f'("{DOCUMENT}", "{COLUMNS.rstrip(" =")}")', _column(folder, slug)),
    ):
        of_split = {split: path.replace(SPLITS[0], split, 1) for split in SPLITS}
        tested = next((s for s in (*SPLITS[1:], SPLITS[0]) if (folder / of_split[s]).exists()), SPLITS[0])
        known = {
            "train": _quoted(path),
            "tested": _quoted(of_split[tested]),
            "split": tested,
            "marks": marks,
            "tag": tag,
        }
        yield path, _CONLL.safe_substitute(known)
    column = tag_columns(label.name for label in scheme.labels)[label]
    for ending in ("jsonl", "parquet"):
        yield f"huggingface/data/train.{ending}", _HUGGINGFACE.substitute(column=_quoted(column))


def _column(folder: Path, slug: str) -> int:
    """The number of a label's column in a file that has all of them; the last where there is none."""
    path = folder / f"conll/{SPLITS[0]}.conll"
    if not path.exists():
        return -1
    with path.open(encoding="utf-8") as file:
        return file.readline().removeprefix(COLUMNS).split().index(slug)


def _quoted(text: str) -> str:
    """`text` as the literal of a Python program."""
    plain = repr(text)[1:-1]
    return f'"{plain}"' if '"' not in plain else repr(text)
