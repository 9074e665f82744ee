-- Offsets are half-open code-point offsets. Lists and objects are JSON text. Keys are internal and never exported.

-- The file itself: a random name that its copies and backups share, and whether somebody was writing in it when it was
-- last heard of. A copy of a file that is being written to says so, and is checked row by row before it is opened.
CREATE TABLE file (
    key INTEGER PRIMARY KEY CHECK (key = 1),
    id TEXT NOT NULL,
    open INTEGER NOT NULL CHECK (open IN (0, 1))
) STRICT;

-- What each table below adds up to: its rows, and the sum of their hashes (16 bytes, little-endian).
CREATE TABLE tally (
    name TEXT PRIMARY KEY,
    rows INTEGER NOT NULL,
    sum BLOB NOT NULL
) STRICT;

CREATE TABLE property (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE article (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    length INTEGER NOT NULL,
    language TEXT,
    meta TEXT NOT NULL,
    note TEXT NOT NULL,
    flag INTEGER NOT NULL,
    "group" TEXT,
    outside TEXT NOT NULL,
    deleted INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX article_id ON article (id) WHERE deleted = 0;
CREATE INDEX article_sha256 ON article (text_sha256);

-- Apart from the article, so that lists do not read it and the journal never holds it. `origin` is the digest of the
-- path of the file that held this article alone, "" where there is none.
CREATE TABLE article_text (
    article INTEGER PRIMARY KEY REFERENCES article (key),
    text TEXT NOT NULL,
    origin TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX article_text_origin ON article_text (origin) WHERE origin <> '';

-- By which nearly equal texts are found: the smallest hashes of the runs of words of each article. Never journalled; the
-- rows of an article that is marked deleted stay.
CREATE TABLE sketch (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (key),
    value INTEGER NOT NULL
) STRICT;
CREATE INDEX sketch_value ON sketch (value, article);

CREATE TABLE span (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (key),
    id TEXT NOT NULL,
    start INTEGER NOT NULL CHECK (start >= 0),
    "end" INTEGER NOT NULL CHECK ("end" > start),
    label TEXT NOT NULL,
    text TEXT NOT NULL,
    fragments TEXT NOT NULL,
    attributes TEXT NOT NULL,
    annotator TEXT NOT NULL,
    note TEXT NOT NULL,
    created TEXT NOT NULL,
    changed TEXT NOT NULL,
    UNIQUE (article, id)
) STRICT;
-- Where a span of a layer begins, and the counts of the list without reading a span.
CREATE INDEX span_place ON span (article, annotator, start);
CREATE INDEX span_label ON span (annotator, article, label);

CREATE TABLE relation (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (key),
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    head TEXT NOT NULL,
    tail TEXT NOT NULL,
    attributes TEXT NOT NULL,
    annotator TEXT NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (article, id),
    FOREIGN KEY (article, head) REFERENCES span (article, id),
    FOREIGN KEY (article, tail) REFERENCES span (article, id)
) STRICT;
CREATE INDEX relation_head ON relation (article, head);
CREATE INDEX relation_tail ON relation (article, tail);

CREATE TABLE status (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (key),
    annotator TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('todo', 'in_progress', 'done')),
    read_to INTEGER NOT NULL DEFAULT 0 CHECK (read_to >= 0),
    UNIQUE (article, annotator)
) STRICT;

-- Which split an article is in: kept for each way of dealing them, so that later articles never move earlier ones.
CREATE TABLE assignment (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (key),
    deal TEXT NOT NULL,
    split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test', 'none')),
    UNIQUE (article, deal)
) STRICT;

-- What steps have removed from an article, until it is restored or the bin is emptied: the article itself (`whole`, which
-- is marked deleted then) or spans with their relations, as JSON. `title`, `annotator` and `made` are those of the step.
CREATE TABLE removal (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (key),
    whole INTEGER NOT NULL CHECK (whole IN (0, 1)),
    title TEXT NOT NULL,
    annotator TEXT NOT NULL,
    made TEXT NOT NULL,
    spans TEXT NOT NULL,
    relations TEXT NOT NULL
) STRICT;
CREATE INDEX removal_article ON removal (article);

-- The journal. `mode` is do, undo or redo; `of` is the step that an undo or redo reverts. A step is `live` until it
-- is reverted; an undo that a later step has overtaken is `ended` and can no longer be redone. `articles` holds the keys
-- of the articles it touched, NULL where they are more than 1,000; `done` counts what it did: {"span added": 2}. Where
-- `kept` is 0 the step can be read and no longer undone: its changes were let go, as those of all steps before it.
CREATE TABLE step (
    key INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    annotator TEXT NOT NULL,
    made TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('do', 'undo', 'redo')),
    of INTEGER REFERENCES step (key),
    state TEXT NOT NULL CHECK (state IN ('live', 'reverted', 'ended')),
    articles TEXT,
    done TEXT NOT NULL,
    kept INTEGER NOT NULL CHECK (kept IN (0, 1))
) STRICT;
CREATE INDEX step_state ON step (state, mode);

-- What to put back to revert a step, last change first. `before` is NULL for rows `first` to `last` that were not
-- there, else the rows as they were: deflated JSON with the names of the columns and a list of their values for each.
-- All of them belong to articles `low` to `high` (0: to none), so that the history of one article need not be looked for
-- in every change.
CREATE TABLE change (
    key INTEGER PRIMARY KEY,
    step INTEGER NOT NULL REFERENCES step (key),
    kind TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    low INTEGER NOT NULL,
    high INTEGER NOT NULL,
    before BLOB
) STRICT;
CREATE INDEX change_step ON change (step);
CREATE INDEX change_article ON change (low, high);
