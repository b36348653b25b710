"""Translate the errors of object stores into the `OSError` that a local disk would raise.

fsspec and the libraries below it raise errors of many classes. The HTTP status of the answer decides which errno an error gets. Where
there is no status, the class of the error decides. The errno then decides whether `copydesk.storage.retry` tries again.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from copydesk.errors import CopydeskError, DatasetError
from copydesk.storage.locations import display_path
from copydesk.storage.retry import is_transient

STATUS = {401: errno.EACCES, 403: errno.EACCES, 404: errno.ENOENT, 408: errno.ETIMEDOUT, 409: errno.EBUSY, 412: errno.EEXIST,
          425: errno.EAGAIN, 429: errno.EAGAIN, 503: errno.EBUSY, 504: errno.ETIMEDOUT}
"""The errno of an HTTP status. Other statuses from 500 on become EIO, which is transient; the rest become EINVAL."""
PASSING_NAMES = frozenset({
    "HTTPClientError", "ResponseParserError", "ResponseStreamingError", "IncompleteReadError", "IncompleteRead", "ProtocolError",
    "ClientPayloadError", "ClientConnectionError", "ServiceRequestError", "ServiceResponseError", "TransportError",
})
"""Classes of botocore, aiohttp, urllib3, google-auth and azure-core: the connection failed, or the answer was cut or garbled."""
UNREACHED_NAMES = frozenset({"EndpointConnectionError", "ConnectTimeoutError", "ClientConnectorError", "NewConnectionError"})
"""Classes of botocore, aiohttp and urllib3: there was no connection to begin with."""
DENIED_NAMES = frozenset({"NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "CredentialRetrievalError",
                          "ClientAuthenticationError", "DefaultCredentialsError"})
"""Classes of botocore, azure-core and google-auth: the store accepted no credentials, or there are none."""
CHANGED_NAMES = frozenset({"FileExpired"})
"""The class that s3fs raises when an object has changed since it was opened."""
_SERVER_FAULT = 500
"""HTTP statuses from here on are faults of the server."""
_NOT_A_SUCCESS = 300
"""HTTP statuses from here on are errors; smaller numbers in an error are not its status."""
_TRY_LATER = (408, 429)
"""HTTP statuses below 500 that ask for another attempt: request timeout, too many requests."""
_UNAVAILABLE = 503
"""The HTTP status that S3's error codes SlowDown and RequestTimeout are treated as."""
_MOST_CAUSES = 10
"""The most errors of a chain of causes that are examined: a chain may be a circle."""


class NoContainerError(FileNotFoundError):
    """The bucket does not exist. (When only the object is missing, the error is a plain `FileNotFoundError`.)"""


class ChangedError(OSError):
    """Somebody changed the object while it was read."""


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn each error of an object store inside the ``with`` block into an `OSError` with an errno, and the URL as its file name.

    `CopydeskError` and `ImportError` pass unchanged.

    Raises:
        OSError: the translated error; `copydesk.storage.retry.is_transient` tells whether another attempt may succeed.
    """
    try:
        yield
    except (CopydeskError, ImportError):
        raise
    except Exception as error:  # the libraries below fsspec have no common base class for their errors
        raise as_os_error(error, url) from error


def refused(url: str, done: str, error: OSError) -> DatasetError:
    """Make the error that tells the user which input failed.

    Args:
        url: the path or URL of the input.
        done: what was tried with the input, as a participle: "listed", "read".
        error: what the storage raised.

    Returns:
        The error, for the caller to raise. Its message says so when the work was tried several times.

    >>> str(refused("s3://b/k", "read", OSError(errno.EACCES, "Forbidden")))
    'input s3://b/k cannot be read: Forbidden'
    """
    more = "; it was tried several times, try again later" if is_transient(error) else ""
    return DatasetError(f"input {display_path(url)} cannot be {done}: {error.strerror or error}{more}")


def as_os_error(error: Exception, url: str) -> OSError:
    """Translate one error into an `OSError`.

    >>> as_os_error(TimeoutError(), "s3://b/k").errno == errno.ETIMEDOUT, as_os_error(PermissionError("no"), "s3://b/k").strerror
    (True, 'no')
    """
    told = _told(error)
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & CHANGED_NAMES:
        return ChangedError(errno.ESTALE, "the object was changed while it was read", url)
    if _code(error) == "NoSuchBucket":
        return NoContainerError(errno.ENOENT, told, url)
    return OSError(_number(error, names), told, url)


def _told(error: Exception) -> str:
    """Return the library's message, with the HTTP status of a transient error and the reason why a host name was not found."""
    told = str(getattr(error, "strerror", None) or error) or type(error).__name__
    status, code = _status(error), _code(error)
    if status is not None and (status >= _SERVER_FAULT or status in _TRY_LATER):
        told = f"{status} {code}: {told}" if code and not str(code).isdecimal() else f"{status} {told}"
    unknown = next((each.strerror for each in _chain(error) if isinstance(each, socket.gaierror) and each.strerror), "")
    return told if unknown in told else f"{told} ({unknown})"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and its causes."""
    found: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if found is None:
            return
        yield found
        found = found.__cause__ or found.__context__


def _number(error: Exception, names: set[str]) -> int:
    status = _status(error)
    if status is not None:
        return STATUS.get(status, errno.EIO if status >= _SERVER_FAULT else errno.EINVAL)
    if names & DENIED_NAMES:
        return errno.EACCES
    if names & UNREACHED_NAMES or any(isinstance(each, socket.gaierror) for each in _chain(error)):
        return errno.EHOSTUNREACH
    if names & PASSING_NAMES:
        return errno.ECONNRESET
    return _of_kind(error)


def _of_kind(error: Exception) -> int:
    if isinstance(error, OSError) and error.errno:
        return errno.EIO if error.errno == getattr(errno, "EREMOTEIO", 0) else error.errno
    kinds: tuple[tuple[type[Exception], int], ...] = (
        (TimeoutError, errno.ETIMEDOUT), (ConnectionError, errno.ECONNRESET), (EOFError, errno.ECONNRESET), (PermissionError, errno.EACCES),
        (FileNotFoundError, errno.ENOENT), (FileExistsError, errno.EEXIST), (IsADirectoryError, errno.EISDIR), (OSError, errno.EIO))
    return next((number for kind, number in kinds if isinstance(error, kind)), errno.EINVAL)


def _response(error: BaseException) -> dict[str, dict[str, object]]:
    """Return the answer that botocore attaches to its error. s3fs raises an error of its own, with botocore's as the cause."""
    for each in (error, error.__cause__):
        found = getattr(each, "response", None)
        if isinstance(found, dict):
            return found
    return {}


def _code(error: Exception) -> object:
    return _response(error).get("Error", {}).get("Code")


def _status(error: Exception) -> int | None:
    """Return the HTTP status of the answer, or None when the error has none."""
    if _code(error) in ("SlowDown", "RequestTimeout"):
        return _UNAVAILABLE
    found: object = _response(error).get("ResponseMetadata", {}).get("HTTPStatusCode")
    for name in ("status_code", "status", "code"):
        found = found if found is not None else getattr(error, name, None)
    return found if isinstance(found, int) and found >= _NOT_A_SUCCESS else None


class CutError(ConnectionError):
    """The store sent fewer bytes than the object has, or wrong ones."""
