"""Errors of object stores in words, and which may pass."""

from __future__ import annotations

import socket

import pytest

from copydesk.storage.object_errors import as_os_error
from copydesk.storage.retry import is_transient, words_of


def test_a_name_that_is_not_found_is_told_and_may_pass() -> None:
    exceptions = pytest.importorskip("botocore.exceptions")
    error = exceptions.EndpointConnectionError(endpoint_url="http://nowhere.invalid:9/b")
    error.__context__ = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    for each, words in ((error, 'Could not connect to the endpoint URL: "http://nowhere.invalid:9/b" (Name or service not known)'),
                        (error.__context__, "Name or service not known")):
        found = as_os_error(each, "s3://b/k")
        assert (found.strerror, found.filename, type(found), is_transient(found)) == (words, "s3://b/k", OSError, True)
        assert words_of(found) == f"s3://b/k: {words}"
