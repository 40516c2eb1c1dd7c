"""Addresses: slugs, permalinks, base URLs, and which file of the output folder answers an address.

Inside Broadsheet an address is a plain path from the site's root ("/türkiye/2025/04/görüşme/"). `Base.href` makes it
printable: under the base URL's path, percent-encoded.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

from broadsheet.frozen import record

NAME_LIMIT = 240  # bytes of a file or folder name: file systems allow 255, and some tools add an ending
PATH_LIMIT = 1800  # bytes of a whole path; browsers and hosts begin to refuse URLs past 2,000

# Printable as they are in a path, besides letters, digits and "-._~" (RFC 3986, pchar and "/").
_SAFE = "/!$&'()*+,;=:@"
_DATE_PREFIX = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[-_ ]+|$)")
_WINDOWS_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))]
)


@record
class Base:
    """Where the site lives: `origin` ("https://host", or "" for none) and `prefix` (a path that ends with "/")."""

    origin: str = ""
    prefix: str = "/"

    def href(self, path: str) -> str:
        """The printable form of a path from the root: "/a b/" gives "/prefix/a%20b/"."""
        return encode(self.prefix + path.removeprefix("/"))

    def absolute(self, path: str) -> str:
        return self.origin + self.href(path)

    def link(self, address: str) -> str:
        """The printable form of an address from the root as somebody wrote it: "/a%20b/?q=1#c"."""
        path, rest = written(address)
        return self.href(path) + rest


def base(base_url: str) -> Base:
    """The base of a URL such as "https://example.org/news/" (checked by config.py)."""
    parts = urlsplit(base_url)
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return Base(origin=origin, prefix=parts.path.rstrip("/") + "/")


def encode(path: str) -> str:
    """Percent-encode what may not stand in a URL's path."""
    return path if path.isascii() and _PLAIN(path) else quote(path, safe=_SAFE)


_PLAIN = re.compile(r"[A-Za-z0-9/._~-]*").fullmatch


def written(address: str) -> tuple[str, str]:
    """The path of an address from the root as somebody wrote it, percent-decoded; and what follows it ("?…", "#…"),
    printable."""
    path = _BEFORE_QUERY.match(address)[0]  # type: ignore[index]  # matches anything
    return unquote(path), quote(address[len(path) :], safe=_SAFE + "?#%")


_BEFORE_QUERY = re.compile(r"[^?#]*")


def place_in(text: str, address: str) -> tuple[int, int]:
    """Line and column (from 1) of an address in a source: as it is, or as it was before it was percent-encoded; zeros
    where it is not found."""
    for form in filter(None, (address, unquote(address), address.rstrip("/"))):
        found = re.search(rf"(?<![\w/.:~%-]){re.escape(form)}(?![\w/?#&=%~-])", text)  # and no part of a longer one
        if found:
            at = found.start()
            return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return (0, 0)


def split_date(name: str) -> tuple[str, str]:
    """("2025-04-09", "talks") for the file name "2025-04-09-talks"; an empty date where there is none."""
    found = _DATE_PREFIX.match(name)
    return (found[1], name[found.end() :]) if found else ("", name)


def slugify(folded: str, *, signs: bool = False) -> str:
    """A slug from text that is already in lower case (locale.fold): letters and digits of any script, and hyphens.

    Apostrophes vanish ("gsa’s" gives "gsas"); marks that belong to a letter stay; anything else becomes one hyphen.
    With `signs` those that tell names apart are words: "c++" gives "cplusplus" and "c#" "csharp"; "#metoo" stays.
    """
    text = unicodedata.normalize("NFC", folded)
    if signs and ("+" in text or "#" in text):
        text = _SHARP.sub("sharp", _PLUS.sub("plus", text))
    if text.isascii():
        return _ASCII_OTHER.sub("-", text.replace("'", "")).strip("-")
    out: list[str] = []
    for char in text:
        category = unicodedata.category(char)
        if category[0] in "LN" or (category[0] == "M" and out and out[-1] != "-") or char in "_-":
            out.append(char)
        elif char not in "'’ʼ‘\u00ad\u200c\u200d":
            out.append("-")
    return re.sub("-+", "-", "".join(out)).strip("-")


def plain_latin(slug: str) -> str:
    """A slug with its Latin letters without their marks ("gonzález" gives "gonzalez"); other scripts stay."""
    if slug.isascii():
        return slug
    out: list[str] = []
    for char in slug:
        base = unicodedata.normalize("NFD", char)[0]
        out.append(_PLAIN_LETTERS.get(char) or (base if base.isascii() else char))
    return "".join(out)


_PLAIN_LETTERS = {
    **dict(zip("ıøđðłħŧə", "ioddlhte", strict=True)),
    **dict(zip("ßæœþ", ("ss", "ae", "oe", "th"), strict=True)),
}
_ASCII_OTHER = re.compile(r"[^a-z0-9_]+")
_PLUS = re.compile(r"(?<=[\w+])\+")
_SHARP = re.compile(r"(?<=\w)#(?!\w)")


def expand(pattern: str, *, region: str, date: datetime, slug: str) -> str:
    """A permalink ("/{region}/{yyyy}/{mm}/{slug}/") filled in."""
    return pattern.format(region=region, yyyy=f"{date.year:04}", mm=f"{date.month:02}", dd=f"{date.day:02}", slug=slug)


def output_path(url: str) -> str:
    """The file that answers an address: "/a/" is "a/index.html", "/a.html" itself; "/a" is "a/index.html" too."""
    path = url.removeprefix("/")
    if path == "" or path.endswith("/"):
        return path + "index.html"
    return path if "." in path.rsplit("/", 1)[-1] else path + "/index.html"


def closed(url: str) -> str:
    """An address as hosts give it out: with the "/" of the folder that its file lies in ("/a" is "/a/")."""
    return url if url.endswith("/") or "." in url.rsplit("/", 1)[-1] else f"{url}/"


def collision_key(path: str) -> str:
    """Equal for two paths that some file system or host takes for one (NFC, case folding)."""
    return path if path.isascii() and path.islower() else unicodedata.normalize("NFC", path).casefold()


def unsafe(path: str) -> str:
    """Why a path may not be written below the output folder ("" when it may). Paths are relative, with "/"."""
    if _PLAIN_PATH(path) and len(path) <= NAME_LIMIT:
        return ""  # nearly always, and at once
    if len(path.encode("utf-8", "surrogatepass")) > PATH_LIMIT:
        return f"it is longer than {PATH_LIMIT} bytes"
    for name in path.split("/"):
        if reason := unsafe_name(name):
            return reason
    return ""


def unsafe_name(name: str) -> str:
    """Why a name may not be that of a file or folder of the output ("" when it may)."""
    if (
        name.isascii()
        and _PLAIN_NAME(name)
        and len(name) <= NAME_LIMIT
        and name.partition(".")[0] not in _WINDOWS_DEVICES
    ):
        return ""
    if name in ("", ".", ".."):
        return "it has an empty, “.” or “..” step"
    if name.startswith(".") and name != ".well-known":
        return f"“{name}” begins with a dot, and hosts hide or refuse such files"
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in '\\<>:"|?*' for c in name):
        return f"“{name}” holds a character that file systems refuse"
    if name != name.strip() or name.endswith("."):
        return f"“{name}” begins or ends with a space, or ends with a dot"
    if len(name.encode("utf-8", "surrogatepass")) > NAME_LIMIT:
        return f"“{name[:40]}…” is longer than {NAME_LIMIT} bytes"
    if name.partition(".")[0].casefold() in _WINDOWS_DEVICES:
        return f"“{name}” is a device's name on some systems"
    return ""


# Steps of five letters and more, or digits, so that no device of Windows is among them.
_PLAIN_PATH = re.compile(
    r"(?:(?:[0-9]+|[a-z0-9_-]{5,}|index\.html|feed\.xml)/)*(?:[a-z0-9_-]{5,}\.[a-z0-9]+|feed\.xml)"
).fullmatch
_PLAIN_NAME = re.compile(r"[a-z0-9_][a-z0-9._-]*(?<!\.)").fullmatch
