"""The output folder: what is published there, and how a build replaces it without ever leaving it half done.

Everything is staged first, on the same file system. Then a journal that says what to rename and what to delete is
synced; from that moment the publication is certain: a crash is rolled forward by whoever opens the folder next. The
manifest lists every file that Broadsheet made, with its digest; nothing else in the folder is ever changed or deleted.
Where the manifest is lost, `adoption` tells what is ours.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress

from broadsheet import adoption, buildnotes, journal, manifests
from broadsheet.buildnotes import Note
from broadsheet.errors import OutputError, UnfinishedError
from broadsheet.files import Files, LockedError
from broadsheet.frozen import record
from broadsheet.journal import Journal
from broadsheet.manifestfiles import ManifestFiles, write_synced
from broadsheet.manifests import STATE, Manifest
from broadsheet.staging import Aside, SetAside, Stage, set_aside

_JOURNAL = "journal.json"
_NOTE = "build.json"


@record
class Published:
    """What a publication did, in files."""

    written: int
    unchanged: int
    deleted: int


class Output:
    """An output folder opened for one publication, under its lock. Use `open_output`."""

    def __init__(self, files: Files, folder: str, *, adopt: bool, known: manifests.Known | None = None) -> None:
        self._files = files
        self._known = known
        self.folder = os.path.realpath(folder)
        self._state = os.path.join(self.folder, STATE)
        self._stage = Stage(files, os.path.join(self._state, "stage"))
        self._journal = os.path.join(self._state, _JOURNAL)
        self.manifest = ManifestFiles(files, self.folder)
        self._adopt = adopt
        self._staged: dict[str, str] = {}  # path -> staged file's name
        self._whole: dict[str, tuple[str, bool]] = {}  # new folder -> its name in the stage, "" without; of pages
        self._digests: dict[str, str] = {}  # path -> digest, of what was staged or found in place for the new site
        self._changed: dict[str, str] = {}  # … and those of them that the manifest doesn't give
        self._left: frozenset[str] | None = None  # all other files stay as they are, but for these; None: none does
        self.certain = False  # whether the journal of this publication was in place: the old site is no more
        self.others: Sequence[str] = ()  # files in a folder without a sound manifest that are not ours
        self._listed = self._roll_forward()  # None: there is no sound one
        self.old: Mapping[str, str] = self._adopted() if self._listed is None else self._listed.files

    # --- staging -----------------------------------------------------------------------------------------------

    def stage(self, path: str, data: bytes, *, page: bool = True) -> bool:
        """Take a file into the new site; False where the very same bytes are already in place. `page`: it is none of
        those that pages show, which are staged before all pages."""
        return self.staged(set_aside(self._files, self.aside([path], page=page), 0, data))

    def aside(self, paths: Sequence[str], *, page: bool = True) -> Aside:
        """Where the files of these paths go until they are published. `page`: as for `stage`.

        Several get a folder of their own: workers that make files in the same one wait for each other.
        """
        group = f"{self._stage.new_name()}/" if len(paths) > 1 else ""
        return Aside(
            folder=self.folder,
            stage=self._stage.folder,
            paths=tuple(paths),
            ours=tuple([path in self.old for path in paths]),
            names=tuple([self._name(path, page, group) for path in paths]),
            adopt=self._adopt,
        )

    def _name(self, path: str, page: bool, group: str) -> str:
        """What a file is called in the stage. A folder that isn't there yet is staged as it will be, and moved as a
        whole: with pages, or with what these show, by what comes first, so that the order of publication holds."""
        top, _, below = path.partition("/")
        if below and top not in self._whole:
            fresh = self._stage.hands_down_as(self.folder) and not os.path.lexists(os.path.join(self.folder, top))
            self._whole[top] = (self._stage.new_name() if fresh else "", page)
        name, pages = self._whole.get(top, ("", page))
        return f"{name}/{below}" if name and page == pages else group + self._stage.new_name()

    def staged(self, done: SetAside) -> bool:
        """Take into the new site what was set aside for it; False where the very same bytes are already in place."""
        if "\n" in done.path:
            raise OutputError(f"{self.folder}: no manifest can list a file whose name is {done.path!r}")
        self._digests[done.path] = done.digest
        if self.old.get(done.path) != done.digest:
            self._changed[done.path] = done.digest
        if done.name:
            self._staged[done.path] = done.name
        return bool(done.name)

    def keep_all_but(self, others: Iterable[str]) -> None:
        """Take into the new site the files of the last publication that lie in their places as they were put there:
        all but these, of which some may not be listed."""
        self._left = frozenset(others)

    def digest_of(self, path: str) -> str:
        """The digest (in hex) of a file of the new site."""
        return self._digests[path] if path in self._digests else self.old[path]

    def gone(self) -> Collection[str]:
        """The files that are ours and no longer belong to the site."""
        return [path for path in (self.old if self._left is None else self._left) if self._leaves(path)]

    def _leaves(self, path: str) -> bool:
        return path not in self._digests and path in self.old

    def size(self) -> int:
        """How many files the new site has."""
        come = [path for path in self._digests if path not in self.old]
        return len(self.old) - len(self.gone()) + len(come)

    @property
    def mark(self) -> bytes:
        """What stands for all that the manifest lists."""
        return self._listed.mark if self._listed else b""

    # --- publishing --------------------------------------------------------------------------------------------

    def publish(self, note: Note | None = None) -> Published:
        """Put the staged files in place and delete what no longer belongs to the site. Files go in staging order; the
        note comes last, and where the publication is completed by the next build, then."""
        # Pages before what they show.
        gone = sorted(self.gone(), key=lambda path: (not path.endswith((".html", ".htm")), path))
        if self._staged or gone or self._changed or self.manifest.is_former:
            self._check_targets(gone)
            coming = Journal(
                first=journal.blocking(gone, self._staged),
                renames=tuple(self._moves().items()),
                delete=tuple(gone),
                files=self._new_site() if self._listed is None else self._changed,
                whole=self._listed is None,
                note=note.plain() if note else None,
            )
            try:
                self._files.sync_all(self._waiting(), self._state)
                with self._certain():
                    write_synced(self._files, self._journal, journal.dumps(coming))
                    self.certain = True
                    self._listed = self._apply(coming, self._listed)
                self._stage.empty()  # only empty folders are left there
            except OSError:  # a full disk needs the space
                self._stage.empty()
                raise
        elif note:
            self._write_note(note.plain())
        return Published(written=len(self._staged), unchanged=self.size() - len(self._staged), deleted=len(gone))

    def _moves(self) -> Mapping[str, str]:
        """The staged files, and folders as a whole, by where they go: each with its name in the stage."""
        whole = {name: top for top, (name, _) in self._whole.items()}
        found: dict[str, str] = {}
        for path, name in self._staged.items():
            number = name.partition("/")[0]
            if number in whole:
                found.setdefault(whole[number], number)
            else:
                found[path] = name
        return found

    def _waiting(self) -> Sequence[str]:
        """The places of all that was staged: files, and the folders among them."""
        names = self._staged.values()
        return [f"{self._stage.folder}/{name}" for name in (*names, *journal.folders_of(names))]

    def _new_site(self) -> Mapping[str, str]:
        """Every file of the new site, with its digest."""
        kept = {} if self._left is None else {path: made for path, made in self.old.items() if path not in self._left}
        return {**kept, **self._digests}

    @contextmanager
    def _certain(self) -> Iterator[None]:
        """What stops a publication once its journal is in place does not stop it for good, and is told as that."""
        try:
            yield
        except (OSError, KeyboardInterrupt) as error:
            if not os.path.lexists(self._journal):
                raise
            reason = (error.strerror or str(error)) if isinstance(error, OSError) else "interrupted"
            raise UnfinishedError(
                f"{self.folder}: {reason} in the middle of publishing: the next build completes it",
                1 if isinstance(error, OSError) else 130,
            ) from error

    def discard(self) -> None:
        """Forget what was staged: the site stays as it is."""
        self._stage.empty()

    def _check_targets(self, gone: Iterable[str]) -> None:
        """What the journal will say must be possible, and stay in the folder. Checked before anything is changed."""
        leaving = set(gone)
        fresh = self._check_folders(leaving)
        for path in self._staged:
            if path.rpartition("/")[0] in fresh:
                continue
            target = os.path.join(self.folder, path)
            if os.path.isdir(target) and not os.path.islink(target):
                for kept in _kept_below(target, self.folder, leaving):
                    raise OutputError(f"{kept}: the new site needs a file in place of this folder: move it away")

    def _check_folders(self, leaving: Collection[str]) -> Collection[str]:
        """No link may stand on the way to a file, nor a file of others. Gives the folders that aren't there yet."""
        fresh: set[str] = set()
        for step in sorted(journal.folders_of((*self._staged, *leaving))):
            place = os.path.join(self.folder, step)
            if os.path.dirname(step) in fresh or not os.path.lexists(place):
                fresh.add(step)  # the folders below it aren't there either, and need no look
            elif os.path.islink(place):
                raise OutputError(f"{place}: it leads out of the output folder: remove it")
            elif step not in leaving and not os.path.isdir(place):
                raise OutputError(f"{place}: the new site needs a folder of this name: move the file away")
        return fresh

    def _apply(self, coming: Journal, before: Manifest | None) -> Manifest | None:
        """Carry out a journal, of which every step may have been done before; gives the manifest then."""
        for path in coming.first:
            self._delete(path)
        for path, name in coming.renames:
            staged = os.path.join(self._stage.folder, name)
            if os.path.lexists(staged):
                self._move(staged, os.path.join(self.folder, path))
        for path in coming.delete:
            self._delete(path)
        after = None
        if before is not None or coming.whole:  # or there is no sound one, and so no telling what else it listed
            after = self.manifest.write(before, coming.files, coming.delete, whole=coming.whole)
        if coming.note:
            self._write_note(coming.note)
        self._files.remove(self._journal)
        return after

    def _move(self, staged: str, target: str) -> None:
        """Put a file in its place, or a folder; where somebody has made one there meanwhile, all that lies in it."""
        if not (os.path.isdir(staged) and os.path.lexists(target)):
            self._files.rename(staged, target)
            return
        for path in sorted(self._files.below(staged)):
            self._files.rename(os.path.join(staged, path), os.path.join(target, path))
        self._files.remove_tree(staged)

    def _write_note(self, note: object) -> None:
        place = os.path.join(self._state, _NOTE)
        self._files.write(place + ".new", json.dumps(note).encode())
        self._files.rename(place + ".new", place)

    def _delete(self, path: str) -> None:
        target = os.path.join(self.folder, path)
        if not os.path.isdir(target):
            self._files.remove(target)
        self._files.remove_empty_folders(os.path.dirname(target), self.folder)

    # --- state -------------------------------------------------------------------------------------------------

    def _roll_forward(self) -> Manifest | None:
        """Complete an interrupted publication; gives the manifest then, None where there is no sound one."""
        found, coming = self.manifest.read(self._known), self._read_journal()
        if coming is not None:
            self._check_ways(coming)
            with self._certain():
                found = self._apply(coming, found)
        else:
            self._files.remove(self._journal)
        self._stage.clear()  # left by a build that died before its journal was written
        return found

    def _check_ways(self, coming: Journal) -> None:
        """Since a journal was written, somebody may have put a link on the way to a file."""
        staged = {path: os.path.join(self._stage.folder, name) for path, name in coming.renames}
        steps = journal.folders_of((*staged, *coming.first, *coming.delete))
        steps.update(path for path, place in staged.items() if os.path.isdir(place))
        for step in sorted(steps):
            place = os.path.join(self.folder, step)
            if os.path.islink(place):
                raise OutputError(f"{place}: it leads out of the output folder: remove it")

    def _read_journal(self) -> Journal | None:
        data = self._files.read_or_none(self._journal)
        return None if data is None else journal.loads(data)

    def _adopted(self) -> Mapping[str, str]:
        """What is ours of a folder without a sound manifest, with the digests. By its looks alone nothing is, unless
        the site's state knows the folder, or we were told so."""
        if not os.path.isdir(self.folder):
            return {}
        known = self._known.files() if self._known else {}
        ours = adoption.listed(self._files, self.folder, known)
        rest = [path for path in adoption.below(self.folder) if path not in ours]
        if not ours and not self._adopt:
            self._refuse([path for path in rest if adoption.is_page(path)])
            return {}
        ours |= adoption.marked(self._files, self.folder, rest, ours, frozenset(rest) if self._adopt else known)
        self.others = [path for path in rest if path not in ours]
        return ours

    def _refuse(self, pages: Sequence[str]) -> None:
        if pages and self.manifest.lies_there:
            raise OutputError(
                f"{self.folder}: {STATE}/manifest, which lists what Broadsheet made there, is damaged: say --adopt to "
                "go by what the files look like; those that others made are kept"
            )
        if pages:
            raise OutputError(
                f"{self.folder}: it holds pages that no manifest lists ({pages[0]}): choose another folder, or say "
                "--adopt to publish among them; those that others made are kept, but for what is in the site's way"
            )


@contextmanager
def open_output(
    files: Files, folder: str, *, adopt: bool = False, wait: float = 0, known: manifests.Known | None = None
) -> Iterator[Output]:
    """The output folder under its lock, with any interrupted publication completed first. `known`: what its manifest
    lists, where that is at hand.

    Raises LockedError when another build is publishing, OutputError when the folder holds foreign pages.
    """
    with locked(files, folder, wait):
        yield Output(files, folder, adopt=adopt, known=known)


def locked(files: Files, folder: str, wait: float) -> AbstractContextManager[bool]:
    """The lock of an output folder. LockedError when another process holds it for so many seconds."""
    return files.lock(lock(folder), wait)


def lock(folder: str) -> str:
    """Where the lock of an output folder lies."""
    return os.path.join(os.path.realpath(folder), STATE, "lock")


def listed(files: Files, folder: str) -> Mapping[str, str]:
    """The files that the manifest of an output folder lists, with their digests in hex; none where it isn't sound."""
    found = ManifestFiles(files, folder).read()
    return found.files if found else {}


def note(folder: str) -> str:
    """Where the note of an output folder lies. There is one only while its last build was a good one."""
    return os.path.join(os.path.realpath(folder), STATE, _NOTE)


def remove_note(files: Files, folder: str) -> None:
    """What lies in the folder is not, or not yet, what a build has finished."""
    with suppress(OSError):  # where nothing can be removed, nothing was published either
        files.remove(note(folder))


def read_note(files: Files, folder: str) -> Note | None:
    """The note of the last build; None where that didn't succeed, or is being published."""
    data = files.read_or_none(note(folder))
    if data is None or os.path.lexists(os.path.join(os.path.realpath(folder), STATE, _JOURNAL)):
        return None
    return buildnotes.loads(data)


def recover(files: Files, folder: str) -> None:
    """Complete an interrupted publication, if there is one and nobody is at it: whatever becomes of this build."""
    if os.path.lexists(os.path.join(os.path.realpath(folder), STATE, _JOURNAL)):
        with suppress(LockedError), open_output(files, folder, adopt=True):
            pass


def _kept_below(place: str, folder: str, leaving: Collection[str]) -> Iterator[str]:
    """What would stay in a folder when the files in `leaving` (relative to `folder`) have gone."""
    for current, folders, names in os.walk(place):
        inner = os.path.relpath(current, folder)
        yield from (os.path.join(current, name) for name in names if os.path.join(inner, name) not in leaving)
        if not folders and not names:
            yield current
        yield from (link for name in folders if os.path.islink(link := os.path.join(current, name)))
