"""One project file, open: transactions, rows in and out. The connection belongs to the thread that opened it."""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop import openfiles
from desktop.errors import UserError
from desktop.openfiles import Identity
from desktop.store import lock, migrate, tally
from desktop.store.access import KEPT, Access
from desktop.store.header import LARGEST, check_header, damaged, explained, left_journal, older, vanished
from desktop.store.rows import COLUMNS
from desktop.store.tally import Count, Tally

# Files up to this many bytes are checked page by page when opened (about 300 ms at the limit).
QUICK_CHECK_BYTES = 100_000_000
# A copy is made in pieces of this many pages (400 kB, a few milliseconds), between which other work is done.
_PAGES_AT_ONCE = 100
SQLITE_VERSION = sqlite3.sqlite_version
_PRAGMAS = (
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",
    "temp_store = MEMORY",
    "secure_delete = ON",
    "foreign_keys = ON",
    "locking_mode = EXCLUSIVE",
    "synchronous = EXTRA",
    f"cache_size = -{KEPT}",
)
# What a project never needs is refused to whatever a stranger's file may hold.
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LARGEST,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 1_000_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 64,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 10_000,
}


class Store(Access):
    """An open project file. Made with `create` or `open`; `close` leaves a single file.

    `id` is a random name that copies and backups of a project share. `shown` is the path the person knows it by,
    `locked` says why nothing can be changed ("" if it can), `afterwards` is called when it has been closed, `upgraded`
    says that an older Tagline made the file.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, identity: Identity, *, read_only: bool
    ) -> None:
        super().__init__(path, connection)
        self.shown = path
        self.id = ""
        self.read_only = read_only
        self.locked = "it was opened for reading only" if read_only else ""
        self.afterwards: Callable[[], None] = lambda: None
        self.upgraded = False
        self._identity = identity
        self._tally: Tally = {}
        self._attempted: Tally = {}
        self._marked = False

    @classmethod
    def create(cls, path: Path) -> Store:
        """A new, empty project file. Raises UserError if there is something at `path` or it cannot be written."""
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise UserError(
                "there is a file of that name already", "choose another name", file=str(path)
            ) from None
        except OSError as error:
            raise UserError(f"the project cannot be made here: {error.strerror}", "choose a folder of your own",
                            file=str(path)) from None  # fmt: skip
        store = None
        try:
            store = cls._connect(path, read_only=False)
            store.id = secrets.token_hex(16)
            store.query("INSERT INTO file (key, id, open) VALUES (1, ?, 0)", (store.id,))
        except BaseException:
            if store:
                store.close()
            path.unlink(missing_ok=True)
            raise
        lock.leave(path)
        return store

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, full: bool = False, as_is: bool = False) -> Store:
        """An existing project file, its header, schema and (up to 100 MB) pages checked.

        A file that somebody was writing in when it was copied, or when the machine went down, is checked row by row,
        and so is every file where `full` asks for it. A file of an older schema can only be checked, copied and upgraded:
        it is opened where it may stay `as_is`.
        Raises UserError when it is missing, not ours, newer, older, damaged or in use.
        """
        if openfiles.is_open(path):
            raise UserError("this project is open already", "go on in the window that has it",
                            file=str(path), kind="file.open_here")  # fmt: skip
        check_header(path)
        left = left_journal(path)
        store = cls._connect(path, read_only=read_only)
        try:
            with explained(path):
                store._check_contents(full=full or left)
            if store.is_older and not as_is:
                raise older(path)
        except BaseException:
            store._let_go()  # and leave a damaged file as it is
            raise
        if not read_only:
            lock.leave(path)
        return store

    @classmethod
    def _connect(cls, path: Path, *, read_only: bool) -> Store:
        uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"
        with explained(path):
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=0.2)
            try:
                _prepare(connection, read_only=read_only, left=left_journal(path))
            except BaseException:
                connection.close()
                raise
        return cls(path, connection, openfiles.hold(path), read_only=read_only)

    def _check_contents(self, *, full: bool) -> None:
        there, wanted = migrate.schema(self._connection), migrate.expected(self.version)
        if there != wanted:
            strange = sorted(name for _, name, _, _ in there - wanted)
            raise damaged(
                self.path, f"it defines {', '.join(strange[:3])}" if strange else "a table is missing"
            )
        row = self._connection.execute("SELECT id, open FROM file").fetchone()
        if row is None:
            raise damaged(self.path, "it does not say what it is")
        self.id, self._marked = row[0], bool(row[1])
        if self._marked or full:
            cut = "it was copied, or cut off, in the middle of a step: " if self._marked else ""
            tables = migrate.columns(self.version)
            for problem in self.integrity_problems() or tally.problems(self._connection, tables):
                raise damaged(self.path, f"{cut}{problem}")
        elif self.path.stat().st_size <= QUICK_CHECK_BYTES:
            (answer,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
            if answer != "ok":
                raise damaged(self.path, str(answer).split("\n")[-1])
        self._tally = self._attempted = tally.read(self._connection)

    def integrity_problems(self) -> list[str]:
        """SQLite's full check of pages, rows, indexes and links."""
        answers = [row[0] for row in self._connection.execute("PRAGMA integrity_check(100)")]
        broken = self._connection.execute("PRAGMA foreign_key_check").fetchall()
        return [
            *(answer for answer in answers if answer != "ok"),
            *(f"row {row[1]} of {row[0]} points to nothing" for row in broken),
        ]

    def tally_problems(self) -> list[str]:
        """The tables that hold something else than was written through this program."""
        return list(tally.problems(self._connection))

    def recount(self) -> None:
        """Take the rows as they are for what was written."""
        with self.transaction():
            self._mark()
            for table in COLUMNS:
                there, found = self._tally.get(table, Count()), tally.count(self._connection, table)
                self._moved[table] = Count(found.rows - there.rows, found.sum - there.sum)

    def rebuild_indexes(self) -> None:
        """Make all indexes anew from the rows."""
        with self.transaction():
            self._mark()
            self._connection.execute("REINDEX")

    def copy_into(self, path: Path, progress: Callable[[int, int], None]) -> None:
        """Write everything that is stored into a new file, some pages at a time. Raises OSError where it cannot be made.

        `progress` hears pages copied of all after each piece, and may use this store meanwhile: what it changes before
        the last piece is in the copy too.
        """
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        target = sqlite3.connect(path, isolation_level=None)
        try:
            target.execute("PRAGMA synchronous = OFF")  # synced once, at the end
            with explained(self.path):
                self._connection.backup(
                    target, pages=_PAGES_AT_ONCE, progress=lambda _, left, total: progress(total - left, total), sleep=0
                )  # fmt: skip
        except UserError as error:
            if error.kind == "file.full":  # the disk of the copy: the other one is only read
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise
        finally:
            target.close()
        with path.open("rb+") as written:
            os.fsync(written.fileno())

    def write_anew(self, path: Path) -> None:
        """Write all rows, and nothing else that may be left in the pages, into a new file. Raises OSError if it cannot."""
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 1)
        try:
            with explained(self.path):
                self._connection.execute("VACUUM INTO ?", (os.fspath(path),))
        except UserError as error:
            if error.kind == "file.full":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise
        finally:
            self._connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        with path.open("rb+") as written:
            os.fsync(written.fileno())

    def give_way(self, to: Path) -> None:
        """Put a file with the same rows in the place of this one, and go on with it. Raises OSError if it cannot."""
        self.still_there()
        self._connection.close()
        openfiles.release(self._identity)
        try:
            to.replace(self.path)
        finally:
            self._adopt(Store.open(self.path))

    def state(self) -> str:
        """Names everything that is stored: equal only for equal rows."""
        with explained(self.path):
            return tally.state(self._connection)

    @property
    def version(self) -> int:
        """How many steps of the schema the file has."""
        return migrate.version_of(self._connection)

    @property
    def is_older(self) -> bool:
        return self.version < migrate.CURRENT.version

    def upgrade(self) -> None:
        """Bring a file of an older schema to the present one: all steps or none, and its tally with them."""
        with explained(self.path):
            self.still_there()
            with migrate.migrating(self._connection):
                self._connection.execute("DELETE FROM tally")
                tables = migrate.columns()
                tally.write(
                    self._connection, {name: tally.count(self._connection, name, tables) for name in tables}
                )
                self.still_there()
            self._tally = self._attempted = tally.read(self._connection)

    def close(self) -> None:
        """Leave one file that says that nobody is writing in it."""
        if self._marked and not self.read_only:
            with suppress(UserError, sqlite3.Error):  # then it is checked when it is next opened
                self.still_there()
                self._connection.execute("UPDATE file SET open = 0")
        if not self.read_only:
            lock.remove(self.path)
        self._let_go()

    def _let_go(self) -> None:
        self._connection.close()
        openfiles.release(self._identity)
        self.afterwards()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside reaches the disk together, or nothing does. Not to be nested."""
        with explained(self.path):
            self.still_there()
            self._moved = {}
            self._begin()
            try:
                yield
                sums = {name: self._tally.get(name, Count()).plus(by) for name, by in self._moved.items()}
                if sums:
                    tally.write(self._connection, sums)
                self.still_there()
                self._attempted = {**self._tally, **sums}
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    with suppress(sqlite3.Error):  # what went wrong first is what counts
                        self._connection.execute("ROLLBACK")
                self.text_read = None  # it may be of an article that is not there now
                raise
            self._tally = self._attempted

    def is_there(self) -> bool:
        """Whether the file is still where it was opened."""
        try:
            return openfiles.identity(self.path) == self._identity
        except OSError:
            return False

    def revive(self) -> bool:
        """After the disk refused a step: make sure that the file can be used, and holds what was saved last.

        A file that came back with its drive is opened anew. Returns whether the step had been saved after all. Raises
        UserError where the file still cannot be used, or another one has taken its place; nothing has changed then.
        """
        if not self.is_there():
            if not self.path.exists():
                raise vanished(self.path)
            self._adopt(Store.open(self.path))
            return False
        with explained(self.path):
            found = tally.read(self._connection)
        if found not in (self._tally, self._attempted):
            raise damaged(self.path, "it holds neither what was saved last nor what was saved before")
        saved, self._tally = found != self._tally, found
        return saved

    def _adopt(self, again: Store) -> None:
        if again.id != self.id or again._tally != self._tally:
            again._let_go()
            raise UserError("another project lies where this one was", "put it back, or save a copy elsewhere",
                            file=str(self.path), kind="file.vanished")  # fmt: skip
        openfiles.release(self._identity)
        with suppress(sqlite3.Error):
            self._connection.close()
        self._connection, self._identity, self._marked = again._connection, again._identity, again._marked
        self.text_read = None

    def _begin(self) -> None:
        if self.locked:
            raise UserError(f"nothing can be changed in this project: {self.locked}",
                            "save a copy elsewhere and work there", file=str(self.shown))  # fmt: skip
        self._connection.execute("BEGIN IMMEDIATE")
        # Undo puts rows back in reverse; links are checked when all are there.
        self._connection.execute("PRAGMA defer_foreign_keys = ON")

    def _mark(self) -> None:
        """Before anything else is written, let the file say that it is being written to."""
        if not self._marked:
            with explained(self.path):
                self._connection.execute("COMMIT")  # nothing was written yet
                self._connection.execute("UPDATE file SET open = 1")
                self._begin()
            self._marked = True

    def still_there(self) -> None:
        """Raises UserError where the file was removed or replaced, or its drive is gone.

        Such a file can be written to until it is closed, and nobody would ever read it again.
        """
        if not self.is_there():
            raise vanished(self.path)


def _prepare(connection: sqlite3.Connection, *, read_only: bool, left: bool) -> None:
    for limit, value in _LIMITS.items():
        connection.setlimit(limit, value)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    if sys.platform == "darwin":
        connection.execute("PRAGMA fullfsync = ON")  # fsync does not flush the drive there
    if read_only:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("BEGIN IMMEDIATE")  # take the lock now, so that a second program is refused at once
    if left:  # Only a write makes SQLite remove what a crash left, once it was rolled back.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("COMMIT")
    if migrate.version_of(connection) == 0:
        migrate.migrate(connection)
