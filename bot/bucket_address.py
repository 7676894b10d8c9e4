"""The address of a bucket that speaks S3."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

#: Of bucket names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_PATH: Final = re.compile(r"/?|(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+/?", re.ASCII)
_REGION: Final = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
_ENDPOINT: Final = re.compile(r"https?://[^\s/?#@]+/?", re.ASCII)


@dataclass(frozen=True, slots=True)
class BucketAddress:
    """A place in a bucket, and how it is reached.

    Attributes:
        name: of the bucket.
        folder: what the keys of all files begin with, without a slash at its ends; may be empty.
        endpoint: address of a store that is not Amazon's, or empty.
        region: where the bucket is, or empty: as Amazon's own settings on this machine say.
        key: id of the access key, or empty: as Amazon's own settings on this machine say.
        secret: the access key; set when `key` is.
    """

    name: str
    folder: str = ""
    endpoint: str = ""
    region: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str, key: str = "", secret: str = "") -> Self:
        """The place that an address means.

        Args:
            url: `s3://bucket/folder?endpoint=https://...&region=...`; all but the bucket may be
                left out.
            key: see `BucketAddress`.
            secret: see `BucketAddress`.

        Raises:
            ValueError: it is no such address.
        """
        found = urlsplit(url)
        more = parse_qs(found.query, keep_blank_values=True, strict_parsing=bool(found.query))
        endpoint, region = (more.pop(name, [""])[-1] for name in ("endpoint", "region"))
        fits = (
            found.scheme == "s3"
            and _BUCKET.fullmatch(found.netloc)
            and _PATH.fullmatch(found.path)
            and (not endpoint or _ENDPOINT.fullmatch(endpoint))
            and (not region or _REGION.fullmatch(region))
        )
        if not fits or more or found.fragment:
            raise ValueError("this is no address of a bucket")
        return cls(found.netloc, found.path.strip("/"), endpoint.rstrip("/"), region, key, secret)
