"""Files and objects that cannot be opened."""

from __future__ import annotations

import pytest

from copydesk.storage.files import open_regular
from support.object_server import S3


def test_an_object_that_is_not_there_is_an_error(s3: S3) -> None:
    bucket = s3.bucket()
    with pytest.raises(FileNotFoundError):
        open_regular(f"s3://{bucket}/none")
    s3.put(bucket, "a", b"x")
    s3.faults.reset(lambda _request: "denied")
    with pytest.raises(PermissionError):
        open_regular(f"s3://{bucket}/a")
    assert len(s3.faults.done) == 1
