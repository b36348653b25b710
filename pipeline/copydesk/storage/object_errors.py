"""What goes wrong at an object store, as the `OSError` that a local disk would give: some errors pass, others do not.

fsspec and the libraries below it raise what they like. Here the HTTP status decides where there is one, else the kind of the error.
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
"""Others from 500 on are passing faults (EIO), the rest are mistakes in the request (EINVAL)."""
PASSING_NAMES = frozenset({
    "HTTPClientError", "ResponseParserError", "ResponseStreamingError", "IncompleteReadError", "IncompleteRead", "ProtocolError",
    "ClientPayloadError", "ClientConnectionError", "ServiceRequestError", "ServiceResponseError", "TransportError",
})
"""Classes of botocore, aiohttp, urllib3, google-auth and azure-core: the connection failed, or the answer was cut or garbled."""
UNREACHED_NAMES = frozenset({"EndpointConnectionError", "ConnectTimeoutError", "ClientConnectorError", "NewConnectionError"})
"""Classes of botocore, aiohttp and urllib3: there was no connection to begin with."""
DENIED_NAMES = frozenset({"NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "CredentialRetrievalError",
                          "ClientAuthenticationError", "DefaultCredentialsError"})
CHANGED_NAMES = frozenset({"FileExpired"})


class NoContainerError(FileNotFoundError):
    """The bucket is missing, not just an object in it."""


class ChangedError(OSError):
    """An object is not any more what it was when its reading began."""


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Errors of an object store become an `OSError` with an errno and the URL as its file name.

    Raises:
        OSError: what went wrong; `copydesk.storage.retry.is_transient` says whether it may be gone a moment later.
    """
    try:
        yield
    except (CopydeskError, ImportError):
        raise
    except Exception as error:  # libraries below fsspec have no common root of their errors
        raise as_os_error(error, url) from error


def refused(url: str, done: str, error: OSError) -> DatasetError:
    """The error of an input that could not be, say, "listed" or "read", in a sentence.

    >>> str(refused("s3://b/k", "read", OSError(errno.EACCES, "Forbidden")))
    'input s3://b/k cannot be read: Forbidden'
    """
    more = "; it was tried several times, try again later" if is_transient(error) else ""
    return DatasetError(f"input {display_path(url)} cannot be {done}: {error.strerror or error}{more}")


def as_os_error(error: Exception, url: str) -> OSError:
    """One error as an `OSError`.

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
    """The library's words, with the status of an answer that asks for another try, and why a name was not found."""
    told = str(getattr(error, "strerror", None) or error) or type(error).__name__
    status, code = _status(error), _code(error)
    if status is not None and (status >= 500 or status in (408, 429)):
        told = f"{status} {code}: {told}" if code and not str(code).isdecimal() else f"{status} {told}"
    unknown = next((each.strerror for each in _chain(error) if isinstance(each, socket.gaierror) and each.strerror), "")
    return told if unknown in told else f"{told} ({unknown})"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what led to it."""
    found: BaseException | None = error
    for _ in range(10):
        if found is None:
            return
        yield found
        found = found.__cause__ or found.__context__


def _number(error: Exception, names: set[str]) -> int:
    status = _status(error)
    if status is not None:
        return STATUS.get(status, errno.EIO if status >= 500 else errno.EINVAL)
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
    """What botocore keeps of the answer; s3fs has its error as the cause of its own."""
    for each in (error, error.__cause__):
        found = getattr(each, "response", None)
        if isinstance(found, dict):
            return found
    return {}


def _code(error: Exception) -> object:
    return _response(error).get("Error", {}).get("Code")


def _status(error: Exception) -> int | None:
    """The HTTP status of the answer, where there was one."""
    if _code(error) in ("SlowDown", "RequestTimeout"):
        return 503
    found: object = _response(error).get("ResponseMetadata", {}).get("HTTPStatusCode")
    for name in ("status_code", "status", "code"):
        found = found if found is not None else getattr(error, name, None)
    return found if isinstance(found, int) and found >= 300 else None


class CutError(ConnectionError):
    """Fewer bytes came than there are, or others."""
