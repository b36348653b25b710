"""Where things lie in an output folder, and writing that survives a power cut."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_chain, wait_fixed

from copydesk.errors import DatasetError, SettingsError
from copydesk.text import inert

T = TypeVar("T")
LOG = logging.getLogger("copydesk")
PERMANENT = frozenset({errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT, errno.EFBIG, errno.ENOTDIR, errno.EISDIR,
                       errno.ENAMETOOLONG, errno.EEXIST})
PASSING = frozenset({errno.EIO, errno.EAGAIN, errno.EBUSY, errno.ETIMEDOUT, errno.ESTALE, errno.ENETDOWN, errno.ENETUNREACH,
                     errno.EHOSTUNREACH, errno.ECONNRESET, errno.ECONNREFUSED, errno.ECONNABORTED, errno.EINTR})
RETRY_SECONDS = (0.2, 1.0, 5.0)


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of a dataset."""

    root: Path

    @property
    def data(self) -> Path:
        """Batches that plain readers glob."""
        return self.root / "data"

    @property
    def commits(self) -> Path:
        """One JSON a commit."""
        return self.root / "_commits"

    @property
    def staging(self) -> Path:
        """Work under way; nothing here belongs to the dataset."""
        return self.root / "_staging"

    @property
    def retired(self) -> Path:
        """Replaced batches, by the commit that replaced them."""
        return self.root / "_retired"

    @property
    def ledger(self) -> Path:
        """What is known about records and articles."""
        return self.root / "_ledger"

    @property
    def card(self) -> Path:
        """The dataset card."""
        return self.root / "README.md"

    def check(self) -> None:
        """See that a dataset may be here: the folder is one, or is not there yet, or holds hidden files only.

        Raises:
            SettingsError: the folder holds something else, which a run would overwrite or sweep.
        """
        if self.commits.is_dir() or self.ledger.is_dir():
            return
        try:
            with os.scandir(self.root) as found:
                other = sorted(entry.name for entry in found if not entry.name.startswith("."))
        except FileNotFoundError:
            return
        if other:
            raise SettingsError(f"the output folder {inert(str(self.root))} holds {inert(', '.join(other[:3]))}{' …' if other[3:] else ''} "
                                "and is no dataset (it has neither _commits nor _ledger); name a new or an empty folder")

    def make(self) -> None:
        """Create the folders, first the one that shows whose they are."""
        for folder in (self.ledger, self.commits, self.staging, self.retired, self.data):
            folder.mkdir(parents=True, exist_ok=True)


def batch_number(name: str) -> int:
    """The commit number in a batch's name.

    >>> batch_number("batch=000042-9f3c1a")
    42
    """
    return int(name.removeprefix("batch=").partition("-")[0])


@contextmanager
def storage(root: str | Path) -> Iterator[None]:
    """Storage errors that will not pass become `DatasetError`; others go on as they are."""
    try:
        yield
    except OSError as error:
        if error.errno not in PERMANENT:
            raise
        where = error.filename or root
        raise DatasetError(f"cannot write {where}: {os.strerror(error.errno or 0)}; what was committed before is intact") from error


def is_passing(error: BaseException) -> bool:
    """Whether an error of storage may be gone a moment later; a full disk or a missing permission is not."""
    return isinstance(error, TimeoutError | ConnectionError) or (isinstance(error, OSError) and error.errno in PASSING)


def attempts(what: str = "storage") -> Retrying:
    """Attempts at work that is done again when storage fails in a way that may pass, three times at most, with growing pauses; each is
    a line in the log, which begins with ``what``. Use as ``for attempt in attempts(): with attempt: ...``."""
    def tell(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        LOG.warning("%s: %s; again in %g s (attempt %d of %d)", what, words_of(error), state.upcoming_sleep, state.attempt_number,
                    len(RETRY_SECONDS) + 1)

    return Retrying(retry=retry_if_exception(is_passing), stop=stop_after_attempt(len(RETRY_SECONDS) + 1), reraise=True,
                    wait=wait_chain(*map(wait_fixed, RETRY_SECONDS)), before_sleep=tell)


def words_of(error: BaseException | None) -> str:
    """An error on one line: what it happened to, where that is known, and what was said of it.

    >>> words_of(OSError(errno.EBUSY, "503 SlowDown", "s3://bucket/key")), words_of(TimeoutError())
    ('s3://bucket/key: 503 SlowDown', 'TimeoutError')
    """
    told = str(error) or type(error).__name__
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        told = f"{os.fsdecode(error.filename)}: {error.strerror}"
    return inert(" ".join(told.split()))


def retry(work: Callable[[], T], what: str = "storage") -> T:
    """Do something, with `attempts`."""
    return attempts(what)(work)


def write_file(path: Path, content: bytes) -> None:
    """A new file with its content on disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: bytes) -> None:
    """A file that always has either its old or its new content."""
    new = path.with_name(f".{path.name}.new")
    write_file(new, content)
    new.replace(path)
    sync_folder(path.parent)


def create_exclusively(path: Path, content: bytes) -> None:
    """A file that appears with all its content, and only when there is none of its name.

    Raises:
        FileExistsError: there is one.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    write_file(new, content)
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a file system without hard links
        _create(path, content)
    finally:
        new.unlink(missing_ok=True)
    sync_folder(path.parent)


def _create(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)  # it is ours, and torn
            raise


def sync_folder(path: Path) -> None:
    """A folder's entries on disk; where folders cannot be synced (Windows) the file system does what it does."""
    with suppress(PermissionError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
