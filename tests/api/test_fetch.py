"""fetch: the only command on the network, against a server of our own; it keeps whole files or nothing."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import finnet
from finnet.api.fetching import known_lists
from finnet.errors import FinnetError, UnknownNameError, UsageError

LIST = b"101,INVENTED\r\n"


class Desk(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/sdn.csv":
            self._send(200, LIST, {"Last-Modified": "Tue, 05 Mar 2019 00:00:00 GMT"}, len(LIST))
        elif self.path == "/short.csv":
            self._send(200, LIST, {}, len(LIST) + 10)
        elif self.path == "/away.csv":
            self._send(302, b"", {"Location": "ftp://elsewhere.invalid/x.csv"}, 0)
        else:
            self._send(404, b"", {}, 0)

    def _send(self, status, body, headers, length):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(length)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        pass


@pytest.fixture
def desk():
    server = HTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_file_is_fetched_whole_and_its_hash_is_said(desk, tmp_path):
    [row] = finnet.fetch(url=[f"{desk}/sdn.csv"], output=tmp_path / "lists").rows
    assert (tmp_path / "lists" / "sdn.csv").read_bytes() == LIST
    assert row["sha256"] == hashlib.sha256(LIST).hexdigest()
    assert (row["bytes"], row["last_modified"]) == (len(LIST), "Tue, 05 Mar 2019 00:00:00 GMT")


@pytest.mark.parametrize("path", ["missing.csv", "short.csv", "away.csv"])
def test_what_does_not_come_whole_leaves_nothing(desk, tmp_path, path):
    with pytest.raises(FinnetError):
        finnet.fetch(url=[f"{desk}/{path}"], output=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address",
    [
        "http://elsewhere.invalid/sdn.csv",
        "file:///etc/passwd",
        "https://elsewhere.invalid/",
        "https://elsewhere.invalid/..%2fx",
    ],
)
def test_only_safe_addresses_are_asked(tmp_path, address):
    with pytest.raises(UsageError):
        finnet.fetch(url=[address], output=tmp_path)


def test_the_lists_are_named_and_nothing_is_asked_without_one(tmp_path):
    answer = finnet.fetch()
    assert [row["name"] for row in answer.rows] == list(known_lists())
    assert all(address.startswith("https://") for row in answer.rows for address in row["files"])
    rows = finnet.fetch("ofac_sdn", output=tmp_path, dry_run=True).rows
    assert [row["file"] for row in rows] == ["sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UnknownNameError, match="ofac_sdn"):
        finnet.fetch("ofac_sdm")
