"""Errors of storage: which ones may pass, and how often work is tried again."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_chain, wait_fixed

from copydesk.errors import DatasetError
from copydesk.text.strings import inert

T = TypeVar("T")
LOG = logging.getLogger("copydesk")
PERMANENT = frozenset({errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT, errno.EFBIG, errno.ENOTDIR, errno.EISDIR,
                       errno.ENAMETOOLONG, errno.EEXIST})
TRANSIENT = frozenset({errno.EIO, errno.EAGAIN, errno.EBUSY, errno.ETIMEDOUT, errno.ESTALE, errno.ENETDOWN, errno.ENETUNREACH,
                     errno.EHOSTUNREACH, errno.ECONNRESET, errno.ECONNREFUSED, errno.ECONNABORTED, errno.EINTR})
RETRY_SECONDS = (0.2, 1.0, 5.0)


@contextmanager
def dataset_errors(root: str | Path) -> Iterator[None]:
    """Storage errors that will not pass become `DatasetError`; others go on as they are."""
    try:
        yield
    except OSError as error:
        if error.errno not in PERMANENT:
            raise
        where = error.filename or root
        raise DatasetError(f"cannot write {where}: {os.strerror(error.errno or 0)}; what was committed before is intact") from error


def is_transient(error: BaseException) -> bool:
    """Whether an error of storage may be gone a moment later; a full disk or a missing permission is not."""
    return isinstance(error, TimeoutError | ConnectionError) or (isinstance(error, OSError) and error.errno in TRANSIENT)


def attempts(what: str = "storage") -> Retrying:
    """Attempts at work that is done again when storage fails in a way that may pass, three times at most, with growing pauses; each is
    a line in the log, which begins with ``what``. Use as ``for attempt in attempts(): with attempt: ...``."""
    def tell(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        LOG.warning("%s: %s; again in %g s (attempt %d of %d)", what, words_of(error), state.upcoming_sleep, state.attempt_number,
                    len(RETRY_SECONDS) + 1)

    return Retrying(retry=retry_if_exception(is_transient), stop=stop_after_attempt(len(RETRY_SECONDS) + 1), reraise=True,
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
