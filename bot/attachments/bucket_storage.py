"""Where the bytes of files are when several machines share no folder: a bucket that speaks S3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from bot.attachments.storage import is_stored_name
from bot.bucket_address import BucketAddress

#: Seconds to reach the bucket, and to wait for its next bytes. A file is under way for 200 seconds
#: at most (`bot.delivery.file_fetcher.TIMEOUT`), with each of three tries within it.
_CONNECT: Final = 5
_READ: Final = 20
_TRIES: Final = 3


class BucketStorage:
    """A `bot.attachments.storage.Storage` in a bucket.

    The bucket's own settings say who reads it and how it is encrypted: nothing is made public here.

    Args:
        bucket: where.
    """

    def __init__(self, bucket: BucketAddress) -> None:
        self._bucket = bucket
        self._prefix = f"{bucket.folder}/" if bucket.folder else ""
        self._client = _client(bucket)

    def put(self, name: str, data: bytes) -> None:
        """See `Storage`. A bucket keeps an object whole or not at all."""
        with _answers():
            self._client.put_object(
                **self._object(name), Body=data, ContentType="application/octet-stream"
            )

    def get(self, name: str) -> bytes:
        """See `Storage`."""
        with _answers():
            found: bytes = self._client.get_object(**self._object(name))["Body"].read()
        return found

    def delete(self, name: str) -> None:
        """See `Storage`."""
        with _answers():
            self._client.delete_object(**self._object(name))

    def names(self, before: datetime) -> Iterator[str]:
        """See `Storage`."""
        pages = self._client.get_paginator("list_objects_v2")
        with _answers():
            for page in pages.paginate(Bucket=self._bucket.name, Prefix=self._prefix):
                for each in page.get("Contents", ()):
                    name = each["Key"].removeprefix(self._prefix)
                    if each["LastModified"] < before and is_stored_name(name):
                        yield name

    def check(self) -> None:
        """See `Storage`."""
        with _answers():
            self._client.list_objects_v2(Bucket=self._bucket.name, Prefix=self._prefix, MaxKeys=1)

    def _object(self, name: str) -> dict[str, str]:
        if not is_stored_name(name):
            raise ValueError("this is no name of a stored file")
        return {"Bucket": self._bucket.name, "Key": f"{self._prefix}{name}"}


# An installation has one bucket, and several parts of a process use it: a client is made once.
@lru_cache(maxsize=1)
def _client(bucket: BucketAddress) -> Any:
    import boto3  # noqa: PLC0415 - a third of a second, which few installations need
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        connect_timeout=_CONNECT,
        read_timeout=_READ,
        retries={"mode": "standard", "total_max_attempts": _TRIES},
        signature_version="s3v4",
        # Stores other than Amazon's often know no name of a bucket in a host's.
        s3={"addressing_style": "path" if bucket.endpoint else "auto"},
        # Nor its newer checksums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.session.Session().client(
        "s3",
        endpoint_url=bucket.endpoint or None,
        region_name=bucket.region or None,
        aws_access_key_id=bucket.key or None,
        aws_secret_access_key=bucket.secret or None,
        config=config,
    )


@contextmanager
def _answers() -> Iterator[None]:
    """Tells what a bucket said as a file system would, without a word of its answer."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in ("NoSuchKey", "404"):
            raise FileNotFoundError("no such file in the bucket") from None
        raise OSError(f"the bucket answered {code}") from None
    except BotoCoreError as error:
        raise OSError(f"the bucket gave no answer ({type(error).__name__})") from None
