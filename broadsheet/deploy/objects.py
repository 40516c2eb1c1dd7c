"""S3 and what is like it, Google Cloud Storage, Azure Blob Storage: through obstore (`broadsheet[cloud]`).

Each object bears the digest of its content as metadata. A file that is new at the target is only put where nothing is
(If-None-Match), the manifest only where it is the one that was read (If-Match); a claim keeps others out meanwhile, and
tells after an interruption which objects to look at.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, TypeAlias

from broadsheet.deploy import commands
from broadsheet.deploy.records import (
    CLAIM,
    MANIFEST,
    BusyError,
    Claim,
    Deployed,
    DeployError,
    dump_claim,
    dumps,
    load_claim,
    loads,
)
from broadsheet.deploy.targets import Upload

_DIGEST = "broadsheet-digest"
_AZURE_DIGEST = "broadsheet_digest"  # names of metadata are identifiers there
_PRIVATE = {"Cache-Control": "no-store", "Content-Type": "application/octet-stream"}
# Where credentials for Google may be told; with none of them an endpoint is an emulator's.
_GOOGLES = (
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_SERVICE_ACCOUNT",
    "GOOGLE_SERVICE_ACCOUNT_PATH",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
    "GCE_METADATA_HOST",
)
# Where a platform's own credentials are asked for, since the environment has none, and what it would have to have.
_ASKED_FOR = {
    "/latest/(?:api/token|meta-data/)": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "/computeMetadata/": "GOOGLE_APPLICATION_CREDENTIALS",
    "/metadata/identity/": "AZURE_STORAGE_ACCOUNT_KEY",
}
# A put for which nothing is found has no bucket, whether the host says so or not.
_NO_BUCKET = re.compile(
    "<Code>(?:NoSuchBucket|ContainerNotFound)</Code>|performing PUT [^\n]* - Server returned non-2xx status code: 404 "
)
PATIENCE = 180  # seconds for which a request is tried again, unless the target says otherwise
_UNANSWERED = "error sending request"
_PAUSE = 0.2  # seconds between two tries of a put
_FEW = 200  # objects that are asked for one by one, not by a list of all there are
Version: TypeAlias = Mapping[str, str]


class ObjectsTarget:
    """The objects of a bucket below a prefix. `parallel` requests are under way at once."""

    switches = False
    keeps_headers = True

    def __init__(
        self, store: Any, prefix: str, where: str, *, parallel: int, patience: float, identifiers: bool = False
    ) -> None:
        """`store` is one of obstore's; `patience`: seconds for which a request is tried again; `identifiers`: names of
        metadata can't hold a hyphen."""
        self._store = store
        self._prefix = prefix
        self._parallel = parallel
        self._patience = patience
        self._mark = _AZURE_DIGEST if identifiers else _DIGEST
        self._version: Version | None = None  # of the manifest that was read
        self._claim_version: Version | None = None
        self._claim_id = ""
        self.where = where

    # --- looking -----------------------------------------------------------------------------------------------

    def manifest(self) -> Deployed | None:
        data, self._version = self._get(MANIFEST)
        return None if data is None else loads(data, self._names(MANIFEST))

    def remains(self, base_url: str) -> Deployed | None:
        return None

    def claim(self) -> Claim | None:
        data, self._claim_version = self._get(CLAIM)
        return None if data is None else load_claim(data, self._names(CLAIM))

    def probe(self, paths: Sequence[str]) -> Mapping[str, str]:
        return dict(zip(paths, self._all(self._digest, paths), strict=True))

    def altered(self, sizes: Mapping[str, int]) -> Collection[str]:
        return ()  # a look at all objects takes a request for each thousand of them

    def strangers(self, paths: Collection[str]) -> Sequence[str]:
        import obstore

        if len(paths) <= _FEW:
            return [path for path, there in zip(paths, self._all(self._lies, list(paths)), strict=True) if there]
        with self._said():
            there = {
                entry["path"].removeprefix(self._prefix)
                for chunk in obstore.list(self._store, prefix=self._prefix or None)
                for entry in chunk
            }
        return [path for path in paths if path in there]

    # --- changing ----------------------------------------------------------------------------------------------

    def begin(self, claim: Claim, after: Deployed, replacing: Claim | None) -> None:
        self._claim_id = claim.id
        mode: Any = dict(self._claim_version) if replacing and self._claim_version else "create"
        if not self._write(CLAIM, dump_claim(claim), _PRIVATE, mode):
            found = self._get(CLAIM)[0]
            if (
                found is None or load_claim(found, self._names(CLAIM)).id != claim.id
            ):  # else an answer was lost: it is ours
                raise BusyError(f"{self.where}: another deploy began at the same moment: wait for it to end")
        if self._get(MANIFEST)[1] != self._version:
            self._remove(CLAIM)
            raise DeployError(f"{self.where}: another deploy was made meanwhile: run this one again")

    def put(self, uploads: Iterable[Upload], read: Callable[[Upload], bytes], done: Callable[[Upload], object]) -> None:
        def one(upload: Upload) -> None:
            headers = {**upload.headers, self._mark: upload.digest}
            written = self._write(upload.path, read(upload), headers, "create" if upload.fresh else "overwrite")
            if not written and self._digest(upload.path) != upload.digest:  # else the answer to an earlier try was lost
                raise DeployError(
                    f"{self.where}: it holds {upload.path}, which no deploy has put: move it away, or the site's file"
                )
            done(upload)

        self._all(one, list(uploads))

    def delete(self, paths: Sequence[str]) -> None:
        self._all(self._remove, paths)

    def commit(self, deployed: Deployed) -> None:
        claimed = self._get(CLAIM)[0]
        if claimed is None or load_claim(claimed, self._names(CLAIM)).id != self._claim_id:
            raise DeployError(f"{self.where}: another deploy took over: nothing more was changed")
        data = dumps(deployed)
        mode: Any = dict(self._version) if self._version else "create"
        if not self._write(MANIFEST, data, _PRIVATE, mode) and self._get(MANIFEST)[0] != data:
            raise DeployError(f"{self.where}: another deploy was made meanwhile: run this one again")

    def end(self) -> None:
        self._remove(CLAIM)

    def close(self) -> None:
        pass

    # --- requests ----------------------------------------------------------------------------------------------

    def _get(self, path: str) -> tuple[bytes | None, Version | None]:
        import obstore

        with self._said():
            try:
                found = obstore.get(self._store, self._prefix + path)
                data = bytes(found.bytes())
            except FileNotFoundError as error:
                if _NO_BUCKET.search(str(error)):
                    raise
                return None, None
            meta = found.meta
            return data, {name: str(value) for name in ("e_tag", "version") if (value := meta[name])}

    def _digest(self, path: str) -> str:
        """The digest that an object of ours bears; "" where there is none of ours."""
        import obstore

        with self._said():
            try:
                found = obstore.get(self._store, self._prefix + path, options={"head": True})
            except FileNotFoundError:
                return ""
            return str(found.attributes.get(self._mark, ""))

    def _names(self, path: str) -> str:
        """An object, for messages."""
        return f"{self.where.rstrip('/')}/{path}"

    def _lies(self, path: str) -> bool:
        """Whether there is an object, whoever put it."""
        import obstore

        with self._said():
            try:
                obstore.head(self._store, self._prefix + path)
            except FileNotFoundError:
                return False
            return True

    def _write(self, path: str, data: bytes, headers: Mapping[str, str], mode: Any) -> bool:
        """Whether the object could be written: not where the condition didn't hold."""
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        with self._said():
            try:
                self._put(path, data, headers, mode)
            except (AlreadyExistsError, PreconditionError):
                return False
        return True

    def _put(self, path: str, data: bytes, headers: Mapping[str, str], mode: Any) -> None:
        """A put on a condition to which no answer comes is not tried again by obstore, which can't know whether it was
        done. We can: where the condition doesn't hold, all that ask for one look whose object is there."""
        import obstore
        from obstore.exceptions import BaseError

        where, until = self._prefix + path, time.monotonic() + self._patience
        while True:
            try:
                obstore.put(self._store, where, data, attributes=dict(headers), mode=mode, use_multipart=False)
                return
            except BaseError as error:
                if _UNANSWERED not in str(error) or time.monotonic() >= until:
                    raise
            time.sleep(_PAUSE)

    def _remove(self, path: str) -> None:
        import obstore

        with self._said(), suppress(FileNotFoundError):
            obstore.delete(self._store, self._prefix + path)

    def _all(self, function: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        """The results for all items, some at a time. The first failure stops what hasn't begun."""
        if not items:
            return []
        pool = ThreadPoolExecutor(min(self._parallel, len(items)))
        try:
            pending = [pool.submit(function, item) for item in items]
            for future in wait(pending, return_when=FIRST_EXCEPTION).done:
                future.result()
            return [future.result() for future in pending]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    @contextmanager
    def _said(self) -> Iterator[None]:
        """What went wrong, in one line and without credentials."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            raise DeployError(f"{self.where}: {_way_on(str(error))}") from None


def _way_on(said: str) -> str:
    """What is to be done about an error of obstore's."""
    if _NO_BUCKET.search(said):
        return "there is no such bucket: make it, or say another `url:`, `region:` or `endpoint:`"
    for asked, names in _ASKED_FOR.items():
        if re.search(rf"performing \w+ https?://[^/\s]+{asked}", said):
            return f"no credentials: set {names}, or deploy where the platform gives some ({explained(said)})"
    return f"{explained(said)}; run the same command again to go on"


def explained(said: str) -> str:
    """The first line of an error of obstore's, with the code that the server answered."""
    code = re.search(r"<Code>(\w+)</Code>", said)
    line = commands.without_secrets(next((line for line in said.splitlines() if line.strip()), "no answer"))
    line = re.sub(r"(status code: \d+[^:]*):.*", r"\1", line)  # what the server adds may hold what it was told
    line = re.sub(r"after \d+ retries,? ?|max_retries: ?\d+,? ?|retry_timeout: ?\S+ ?|in [\d.]+[mµ]?s\b ?", "", line)
    return line[:300] + (f" ({code[1]})" if code and code[1] not in line else "")


def open_store(kind: str, bucket: str, options: Mapping[str, Any]) -> Any:
    """A store of obstore's; credentials come from the environment or the platform. DeployError where it can't be
    made. Failed requests are tried again, waiting longer each time, for `retry_seconds`."""
    try:
        from obstore import store
        from obstore.exceptions import BaseError
    except ImportError:
        raise DeployError(
            f"a target of type {kind} needs the package obstore: pip install 'broadsheet[cloud]'"
        ) from None
    endpoint = str(options.get("endpoint", ""))
    seconds = int(options.get("retry_seconds", PATIENCE))
    retries: Any = {
        "max_retries": 10 if seconds else 0,
        "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=10), "base": 2},
        "retry_timeout": timedelta(seconds=seconds),
    }
    client: Any = {
        "timeout": timedelta(seconds=int(options.get("timeout", 60))),
        "connect_timeout": timedelta(seconds=10),
    }
    if endpoint.startswith("http://"):
        client["allow_http"] = True
    try:
        if kind == "s3":
            kept = {name: options[name] for name in ("region", "endpoint") if options.get(name)}
            return store.S3Store(bucket, client_options=client, retry_config=retries, **kept)
        if kind == "azure":
            kept = {"account_name": options["account"]} if options.get("account") else {}
            kept |= {"endpoint": endpoint} if endpoint else {}
            return store.AzureStore(bucket, client_options=client, retry_config=retries, **kept)
        if endpoint and not any(os.environ.get(name) for name in _GOOGLES):
            kept = {"service_account_key": _unsigned(endpoint)}
        else:
            kept = {"base_url": endpoint} if endpoint else {}
        return store.GCSStore(bucket, client_options=client, retry_config=retries, **kept)
    except (BaseError, ValueError, OSError) as error:
        raise DeployError(f"{kind}://{bucket}: {explained(str(error))}") from None


def _unsigned(endpoint: str) -> str:
    """An account of Google's that reaches an emulator: nothing is signed, and no token is asked for."""
    nothing = dict.fromkeys(("client_email", "private_key", "private_key_id"), "")
    return json.dumps({"gcs_base_url": endpoint, "disable_oauth": True, **nothing})
