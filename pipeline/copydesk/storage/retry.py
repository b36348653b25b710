"""Decide which errors of storage are transient, and try work again after them."""

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
"""Errors that another attempt will not cure, such as a full disk or a missing permission."""
TRANSIENT = frozenset({errno.EIO, errno.EAGAIN, errno.EBUSY, errno.ETIMEDOUT, errno.ESTALE, errno.ENETDOWN, errno.ENETUNREACH,
                     errno.EHOSTUNREACH, errno.ECONNRESET, errno.ECONNREFUSED, errno.ECONNABORTED, errno.EINTR})
"""Errors that may be gone a moment later. An errno in neither set is not tried again, and `dataset_errors` lets it pass."""
RETRY_SECONDS = (0.2, 1.0, 5.0)
"""Pauses between attempts, in seconds: so there are at most four attempts."""


@contextmanager
def dataset_errors(root: str | Path) -> Iterator[None]:
    """Turn permanent storage errors inside the ``with`` block into `DatasetError`. Other errors pass unchanged."""
    try:
        yield
    except OSError as error:
        if error.errno not in PERMANENT:
            raise
        where = error.filename or root
        raise DatasetError(f"cannot write {where}: {os.strerror(error.errno or 0)}; what was committed before is intact") from error


def is_transient(error: BaseException) -> bool:
    """Tell whether another attempt may succeed after this error. After a full disk or a missing permission it will not."""
    return isinstance(error, TimeoutError | ConnectionError) or (isinstance(error, OSError) and error.errno in TRANSIENT)


def attempts(what: str = "storage") -> Retrying:
    """Return attempts for work that may fail with a transient storage error: ``for attempt in attempts(): with attempt: ...``.

    After the first attempt there are at most three more, with growing pauses. Before each, a line in the log, which begins with
    ``what``, tells why. The last error is raised unchanged.
    """
    def tell(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        LOG.warning("%s: %s; again in %g s (attempt %d of %d)", what, words_of(error), state.upcoming_sleep, state.attempt_number,
                    len(RETRY_SECONDS) + 1)

    return Retrying(retry=retry_if_exception(is_transient), stop=stop_after_attempt(len(RETRY_SECONDS) + 1), reraise=True,
                    wait=wait_chain(*map(wait_fixed, RETRY_SECONDS)), before_sleep=tell)


def words_of(error: BaseException | None) -> str:
    """Describe an error on one line: the file, where it is known, and the message.

    >>> words_of(OSError(errno.EBUSY, "503 SlowDown", "s3://bucket/key")), words_of(TimeoutError())
    ('s3://bucket/key: 503 SlowDown', 'TimeoutError')
    """
    told = str(error) or type(error).__name__
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        told = f"{os.fsdecode(error.filename)}: {error.strerror}"
    return inert(" ".join(told.split()))


def retry(work: Callable[[], T], what: str = "storage") -> T:
    """Do work and return its result; after transient errors, try again as `attempts` says."""
    return attempts(what)(work)
