"""The types that files are served with, by the endings of their names. All of them stand here: what a store is told
must not depend on the machine, nor on its Python."""

from __future__ import annotations

from collections.abc import Mapping

UNKNOWN = "application/octet-stream"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_TYPES: Mapping[str, str] = {
    "html": HTML,
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "txt": TEXT,
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xml": "application/xml",
    "atom": "application/atom+xml",
    "opml": "text/x-opml; charset=utf-8",
    "json": "application/json",
    "geojson": "application/geo+json",
    "webmanifest": "application/manifest+json",
    "pdf": "application/pdf",
    "wasm": "application/wasm",
    "zip": "application/zip",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "avif": "image/avif",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "vtt": "text/vtt; charset=utf-8",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "otf": "font/otf",
}
# Types that came later. Manifests tell which of them a store was filled with: what it got before is put again.
LATER: Mapping[str, str] = {
    "htm": HTML,
    "xhtml": "application/xhtml+xml",
    "xht": "application/xhtml+xml",
    "map": "application/json",
    "jsonld": "application/ld+json",
    "topojson": "application/json",
    "ndjson": "application/x-ndjson",
    "rss": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "xsl": "application/xslt+xml",
    "xslt": "application/xslt+xml",
    "kml": "application/vnd.google-earth.kml+xml",
    "kmz": "application/vnd.google-earth.kmz",
    "gpx": "application/gpx+xml",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "log": TEXT,
    "srt": TEXT,
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "ics": "text/calendar; charset=utf-8",
    "vcf": "text/vcard; charset=utf-8",
    "bib": "application/x-bibtex",
    "eml": "message/rfc822",
    "rtf": "application/rtf",
    "ps": "application/postscript",
    "eps": "application/postscript",
    "epub": "application/epub+zip",
    "mobi": "application/x-mobipocket-ebook",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "pps": "application/vnd.ms-powerpoint",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "dotx": f"{_OFFICE}.wordprocessingml.template",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "ppsx": f"{_OFFICE}.presentationml.slideshow",
    "odt": f"{_OPEN}.text",
    "ods": f"{_OPEN}.spreadsheet",
    "odp": f"{_OPEN}.presentation",
    "odg": f"{_OPEN}.graphics",
    "gz": "application/gzip",
    "tgz": "application/gzip",
    "bz2": "application/x-bzip2",
    "xz": "application/x-xz",
    "zst": "application/zstd",
    "tar": "application/x-tar",
    "7z": "application/x-7z-compressed",
    "rar": "application/vnd.rar",
    "parquet": "application/vnd.apache.parquet",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "heic": "image/heic",
    "heif": "image/heif",
    "jxl": "image/jxl",
    "apng": "image/apng",
    "jpe": "image/jpeg",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "mid": "audio/midi",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "aif": "audio/x-aiff",
    "aiff": "audio/x-aiff",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "mpeg": "video/mpeg",
    "mpg": "video/mpeg",
    "ogv": "video/ogg",
    "avi": "video/x-msvideo",
    "mkv": "video/x-matroska",
    "m3u8": "application/vnd.apple.mpegurl",
    "mpd": "application/dash+xml",
    "eot": "application/vnd.ms-fontobject",
    "glb": "model/gltf-binary",
    "gltf": "model/gltf+json",
}
_ALL = {**_TYPES, **LATER}


def ending(path: str) -> str:
    """What tells the type of a file, in small letters."""
    return path.rpartition("/")[2].rpartition(".")[2].lower()


def of(path: str) -> str:
    """The type of a file, by the ending of its name."""
    return _ALL.get(ending(path), UNKNOWN)
