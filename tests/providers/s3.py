"""A store that speaks S3 in a thread: objects and their list, for who signs as Amazon asks.

Written after https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html and, for signatures,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY: Final = "AKIAIOSFODNN7EXAMPLE"
SECRET: Final = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
REGION: Final = "eu-central-1"
BUCKET: Final = "loket-files"
_NAMESPACE: Final = "http://s3.amazonaws.com/doc/2006-03-01/"


class Refused(Exception):
    """The store's answer to what it does not take: status and code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class S3:
    """The server's state.

    Attributes:
        address: for `LOKET_ATTACHMENTS_URL`, with a folder "loket" in the bucket.
        objects: bytes by key, with the moment they were kept.
        page: most keys in one list.
        failing: how many of the next requests get 503 SlowDown.
        requests: how many came in.
    """

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.page = 2
        self.failing = 0
        self.requests = 0
        store = self

        class Handler(_Handler):
            state = store

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self.address = f"s3://{BUCKET}/loket?endpoint={self.endpoint}&region={REGION}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stops the server."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    state: S3
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.state.requests += 1
        try:
            if self.state.failing:
                self.state.failing -= 1
                raise Refused(503, "SlowDown")
            self._check_signature(body)
            status, answer = self._carry_out(body)
        except Refused as error:
            status = error.status
            answer = f"<Error><Code>{error.code}</Code><Message>-</Message></Error>".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_PUT = do_DELETE = _do  # noqa: N815 - names of http.server

    def _carry_out(self, body: bytes) -> tuple[int, bytes]:
        path, query = unquote(urlsplit(self.path).path), self._query()
        bucket, _, key = path.removeprefix("/").partition("/")
        if bucket != BUCKET:
            raise Refused(404, "NoSuchBucket")
        objects = self.state.objects
        match self.command, key:
            case "GET", "":
                return 200, self._listed(query)
            case "PUT", _:
                if any(each.startswith("x-amz-acl") for each in self.headers):
                    raise Refused(400, "AccessControlListNotSupported")
                objects[key] = (body, datetime.now(UTC))
                return 200, b""
            case "GET", _ if key in objects:
                return 200, objects[key][0]
            case "GET", _:
                raise Refused(404, "NoSuchKey")
            case _:
                objects.pop(key, None)
                return 204, b""

    def _listed(self, query: dict[str, str]) -> bytes:
        """https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html."""
        if query.get("list-type") != "2":
            raise Refused(400, "InvalidArgument")
        most = min(int(query.get("max-keys", "1000")), self.state.page)
        after = query.get("continuation-token", "")
        keys = sorted(
            each for each in self.state.objects if each.startswith(query.get("prefix", ""))
        )
        keys = [each for each in keys if each > after]
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>"
            f"{self.state.objects[key][1].isoformat(timespec='milliseconds')[:-6]}Z"
            "</LastModified></Contents>"
            for key in keys[:most]
        )
        more, after = str(len(keys) > most).lower(), ""
        if len(keys) > most:
            after = f"<NextContinuationToken>{escape(keys[most - 1])}</NextContinuationToken>"
        return (
            f'<ListBucketResult xmlns="{_NAMESPACE}"><IsTruncated>{more}</IsTruncated>'
            f"{rows}{after}</ListBucketResult>"
        ).encode()

    def _query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))

    def _check_signature(self, body: bytes) -> None:
        given = self.headers.get("authorization", "")
        kind, _, rest = given.partition(" ")
        parts = dict(each.strip().split("=", 1) for each in rest.split(",") if "=" in each)
        if kind != "AWS4-HMAC-SHA256":
            raise Refused(403, "AccessDenied")
        key, day, region, service, _ = parts["Credential"].split("/")
        if key != KEY:
            raise Refused(403, "InvalidAccessKeyId")
        if (region, service) != (REGION, "s3"):
            raise Refused(400, "AuthorizationHeaderMalformed")
        stamp = self.headers.get("x-amz-date", "")
        at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if abs(datetime.now(UTC) - at) > timedelta(minutes=15) or not stamp.startswith(day):
            raise Refused(403, "RequestTimeTooSkewed")
        digest = self.headers.get("x-amz-content-sha256", "")
        if digest not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
            raise Refused(400, "XAmzContentSHA256Mismatch")
        names = parts["SignedHeaders"].split(";")
        if not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names):
            raise Refused(403, "AccessDenied")
        canonical = "\n".join(
            (
                self.command,
                urlsplit(self.path).path,
                "&".join(
                    f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
                    for name, value in sorted(self._query().items())
                ),
                "".join(f"{name}:{(self.headers[name] or '').strip()}\n" for name in names),
                parts["SignedHeaders"],
                digest,
            )
        )
        scope = f"{day}/{region}/{service}/aws4_request"
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        secret = f"AWS4{SECRET}".encode()
        for each in (day, region, service, "aws4_request"):
            secret = hmac.digest(secret, each.encode(), "sha256")
        signed = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashed}".encode()
        if hmac.digest(secret, signed, "sha256").hex() != parts["Signature"]:
            raise Refused(403, "SignatureDoesNotMatch")
