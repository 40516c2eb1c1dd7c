"""Reading the heads of all stories: the one long thing before a preview that remembers nothing can show a page. Workers
do it, and begin before this process has loaded all that a preview is made of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from broadsheet import sitefolder, state, work
from broadsheet.errors import BroadsheetError, Diagnostic
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap
from broadsheet.heads import HeadBatch, head_batch, matters
from broadsheet.memo import languages_of
from broadsheet.scanning import scan
from broadsheet.settings import Settings
from broadsheet.walking import Walk

_BATCH = 50  # stories
_MANY = 1_000  # fewer are all parsed in a moment


class Reading:
    """`stories` are read from now on, and come as `heads`, batch by batch. `others` are the sources that are none, the
    `indexes` among them; `languages` are those of regions that have one of their own."""

    def __init__(
        self, files: Files, settings: Settings, locales: FrozenMap[str, str], paths: tuple[str, ...], crew: work.Crew
    ) -> None:
        self._of = (settings, locales, paths)
        self.stories, self.others = _by_kind(paths, settings.content_dir)
        self.indexes = [path for path in self.others if path.endswith("/_index.md")]
        said = matters(files, self.indexes, settings, locales)
        self.languages = languages_of((source for source in said if source), settings)
        batches = [
            HeadBatch(root=files.root, paths=some, settings=settings, locales=locales, languages=self.languages)
            for some in work.in_batches(self.stories, _BATCH)
        ]
        self.heads = crew.all_at_once(head_batch, batches, len(self.stories))

    def of(self, settings: Settings, locales: FrozenMap[str, str], paths: tuple[str, ...]) -> bool:
        """Whether it is of these."""
        return self._of == (settings, locales, paths)


def worthwhile(paths: Sequence[str]) -> bool:
    """Whether so many sources are worth it."""
    return len(paths) >= _MANY


def remembered(files: Files) -> bool:
    """Whether a preview of the site may have left something to go on from."""
    return files.is_file(os.path.join(state.FOLDER, "preview", "state.sqlite"))


def begun(files: Files, base_url: str, crew: work.Crew, look: Callable[[], Walk]) -> Reading | None:
    """Begin to read the stories of a site of which no preview remembers anything; `look` gives what there is. None
    where that isn't worth it, or something is wrong: the plan will tell."""
    if remembered(files):
        return None
    unsaid: list[Diagnostic] = []
    with suppress(BroadsheetError, OSError):
        settings = replace(sitefolder.load_settings(files, base_url=base_url), deploy=())
        walk = look()
        if os.path.join(files.root, settings.content_dir) not in walk.folders:
            return None
        entries = scan(files, settings.content_dir, unsaid, walk=walk)
        paths = tuple([entry.path for entry in entries if entry.path.endswith(".md")])
        if worthwhile(paths) and not crew.alone(len(paths)):
            theme = sitefolder.read_theme(files, settings, unsaid)
            locales = FrozenMap({name: text for name, text in theme.items() if name.startswith("locales/")})
            return Reading(files, settings, locales, paths, crew)
    return None


def _by_kind(paths: Iterable[str], content_dir: str) -> tuple[list[str], list[str]]:
    """Stories, and other sources."""
    kinds: tuple[list[str], list[str]] = ([], [])
    folders = (f"{content_dir}/authors/", f"{content_dir}/pages/")
    for path in paths:
        kinds[path.endswith("/_index.md") or path.startswith(folders)].append(path)
    return kinds
