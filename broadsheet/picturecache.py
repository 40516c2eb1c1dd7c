"""Encoded pictures, kept between builds by content and recipe: a picture is encoded once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from broadsheet import images, work
from broadsheet.digest import SIZE, digest, fingerprint
from broadsheet.errors import Diagnostic
from broadsheet.files import Files
from broadsheet.frozen import record
from broadsheet.pictured import SourcePicture

WORTH = 100  # sources: what encoding a picture costs


@record
class EncodeBatch:
    path: str
    data: bytes
    recipe: images.Recipe


def encode_batch(batch: EncodeBatch) -> images.Encoded | Diagnostic:
    """One picture's variants: the work of a worker process.

    Pages name the variants of a picture whose header was fine, so that damage found only here must stop the build:
    it has a code of its own, which no setting turns down.
    """
    made = images.encode(batch.data, batch.path, batch.recipe)
    return _damage(made) if isinstance(made, Diagnostic) else made


def try_batch(batch: EncodeBatch) -> Diagnostic | None:
    """Why a picture can't be encoded, if it can't, by decoding it alone."""
    found = images.damage(batch.data, batch.path)
    return _damage(found) if found else None


def _damage(found: Diagnostic) -> Diagnostic:
    return replace(found, code="damaged-picture") if found.code == "broken-picture" else found


class PictureCache:
    """Variants in `folder`: a file each, named by the digest of the picture and its recipe; it begins with a seal."""

    def __init__(self, files: Files, folder: str, recipe: images.Recipe) -> None:
        self._files = files
        self._folder = folder
        self.recipe = recipe

    def encoded(
        self, pictures: Iterable[SourcePicture], crew: work.Crew
    ) -> Iterator[tuple[SourcePicture, images.Encoded | Diagnostic]]:
        """Each picture with its variants: from the cache, else freshly made in workers and kept."""
        missing = []
        for picture in pictures:
            kept = self._kept(picture)
            if kept is None:
                missing.append(picture)
            else:
                yield picture, kept
        batches = (
            EncodeBatch(path=picture.path, data=self._files.read(picture.path), recipe=self.recipe)
            for picture in missing
        )
        for picture, made in zip(missing, crew.in_order(encode_batch, batches, len(missing) * WORTH), strict=True):
            if isinstance(made, images.Encoded):
                self._keep(picture, made)
            yield picture, made

    def damaged(self, pictures: Iterable[SourcePicture], crew: work.Crew) -> Iterator[Diagnostic | None]:
        """For each picture, why its pixels can't be decoded, if they can't. Those that the cache has are known to be
        good; nothing is kept."""
        unknown = []
        for picture in pictures:
            if self._kept(picture) is None:
                unknown.append(picture)
            else:
                yield None
        batches = (EncodeBatch(path=p.path, data=self._files.read(p.path), recipe=self.recipe) for p in unknown)
        yield from crew.in_order(try_batch, batches, len(unknown) * WORTH)

    def _kept(self, picture: SourcePicture) -> images.Encoded | None:
        files = []
        for index in range(len(picture.planned.variants)):
            data = self._files.read_or_none(self._place(picture, index))
            # A file that was cut off or tampered with is made again.
            if data is None or data[:SIZE] != self._seal(picture, index, data[SIZE:]):
                return None
            files.append(data[SIZE:])
        return images.Encoded(files=tuple(files))

    def _keep(self, picture: SourcePicture, made: images.Encoded) -> None:
        for index, data in enumerate(made.files):
            place = self._place(picture, index)
            fresh = f"{place}.{os.getpid()}.new"
            with suppress(OSError):  # nothing can be kept here: it is encoded again next time
                self._files.write(fresh, self._seal(picture, index, data) + data)
                self._files.rename(fresh, place)

    def _seal(self, picture: SourcePicture, index: int, data: bytes) -> bytes:
        """What a file begins with: of which picture it is, too, so that none is taken for another one."""
        return digest(fingerprint((picture.digest, self.recipe, index)), data)

    def _place(self, picture: SourcePicture, index: int) -> str:
        key = fingerprint((picture.digest, self.recipe)).hex()
        return os.path.join(self._folder, key[:2], f"{key}-{index}")
