"""A real S3 server (moto) on this machine, and a proxy before it that does to requests what networks and busy stores do."""

from __future__ import annotations

import http.client
import re
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

SLOW_DOWN = b'<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'
DENIED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
HOP = {"connection", "transfer-encoding", "keep-alive", "content-length"}


@dataclass(frozen=True)
class Request:
    """A request: how, and for which object (bucket and key, query)."""

    method: str
    path: str


Fault = str | None
"""What is done: "slow" and "denied" answer in the place of the store, "cut" ends the body of its answer in the middle, "lose" passes the
request on and drops the answer, "drop" drops the request."""


@dataclass
class Faults:
    """Decides about each request. ``decide`` is asked in the order in which requests come; what they were stands in ``seen``."""

    decide: Callable[[Request], Fault] = lambda _request: None
    seen: list[Request] = field(default_factory=list)
    done: list[tuple[str, Request]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, request: Request) -> Fault:
        with self.lock:
            self.seen.append(request)
            fault = self.decide(request)
            if fault:
                self.done.append((fault, request))
            return fault

    def reset(self, decide: Callable[[Request], Fault] = lambda _request: None) -> None:
        with self.lock:
            self.seen.clear()
            self.done.clear()
            self.decide = decide


def first(methods: str, pattern: str, fault: str, times: int = 1) -> Callable[[Request], Fault]:
    """A fault at the first requests for each object."""
    met = Counter[str]()

    def decide(request: Request) -> Fault:
        key = request.method + request.path.partition("?")[0]
        if request.method not in methods.split("|") or not re.search(pattern, request.path):
            return None
        met[key] += 1
        return fault if met[key] <= times else None

    return decide


class Proxy(ThreadingHTTPServer):
    """Passes requests on to a server on this machine, with faults."""

    daemon_threads = True

    def __init__(self, target: tuple[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = target
        self.faults = Faults()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news here."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    server: Proxy

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def handle_one_request(self) -> None:
        """Any method."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline:
            self.close_connection = True
        elif self.parse_request():
            self._pass_on()

    def handle_expect_100(self) -> bool:
        """Ask for the body."""
        self.send_response_only(100)
        self.end_headers()
        self.wfile.flush()
        return True

    def _pass_on(self) -> None:
        body = self._body()
        fault = self.server.faults.of(Request(self.command, self.path))
        if fault in ("slow", "denied"):
            self._answer(503 if fault == "slow" else 403, {"Content-Type": "application/xml"}, SLOW_DOWN if fault == "slow" else DENIED)
            return
        if fault == "drop":
            self._hang_up()
            return
        status, headers, content = self._ask(body)
        if fault == "lose":
            self._hang_up()
        elif fault == "cut":
            self._answer(status, headers, content, len(content) // 2)
            self._hang_up()
        else:
            self._answer(status, headers, content)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            found = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                found += self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return found
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        link = http.client.HTTPConnection(*self.server.target)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in {*HOP, "expect"}}
        link.request(self.command, self.path, body, {**headers, "Content-Length": str(len(body))})
        answer = link.getresponse()
        content = answer.read()
        found = {name: value for name, value in answer.getheaders() if name.lower() not in HOP}
        if self.command == "HEAD":
            found["Content-Length"] = answer.getheader("Content-Length", "0")
        link.close()
        return answer.status, found, content

    def _answer(self, status: int, headers: dict[str, str], content: bytes, sent: int | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers and status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[:sent])
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(2)


@dataclass
class S3:
    """A running server: URL of the proxy, a direct client, new buckets."""

    endpoint: str
    faults: Faults
    client: Any

    def bucket(self) -> str:
        name = f"bucket-{uuid.uuid4().hex[:12]}"  # all servers of a process have the same buckets
        self.client.create_bucket(Bucket=name)
        return name

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [each["Key"] for page in pages for each in page.get("Contents", ())]

    def get(self, bucket: str, key: str) -> bytes:
        content: bytes = self.client.get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    def put(self, bucket: str, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=bucket, Key=key, Body=content)


CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1",
               "AWS_EC2_METADATA_DISABLED": "true"}


@contextmanager
def serving() -> Iterator[S3]:
    """A server with its proxy; skips the test where the packages are missing."""
    reason = "tests of object stores need s3fs and moto[s3] with its server (flask, flask-cors)"
    for name in ("s3fs", "moto.server", "flask", "flask_cors", "boto3"):
        pytest.importorskip(name, reason=reason)
    import logging

    import boto3
    import fsspec.config
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    proxy = Proxy((host, port))
    threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True).start()
    endpoint = f"http://127.0.0.1:{proxy.server_address[1]}"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**CREDENTIALS, "FSSPEC_S3_ENDPOINT_URL": endpoint}.items():
            patch.setenv(name, value)
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
            patch.delenv(name, raising=False)
        patch.setitem(fsspec.config.conf, "s3", {"endpoint_url": endpoint})
        client = boto3.client("s3", endpoint_url=f"http://{host}:{port}")
        try:
            yield S3(endpoint, proxy.faults, client)
        finally:
            proxy.shutdown()
            proxy.server_close()
            server.stop()
