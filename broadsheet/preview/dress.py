"""What a page is given on its way to the browser: one script of our own, and the right to run it.

Apart from these bytes, a page of the preview is what a build makes.
"""

from __future__ import annotations

from html import escape

OWN = "/.broadsheet/"  # where the preview's own addresses begin; no page's can (urls.unsafe_name)
SCRIPT = OWN + "client.js"
_POLICY = '<meta http-equiv="Content-Security-Policy" content="'


def dressed(html: bytes, origin: str, address: str, seen: str, at: int, led: int) -> bytes:
    """A page with the preview's script, which is told the page's address (a path), the digest of what it shows, the
    instant of the plan that it is of and the number of the last lead to another page. Its policy lets it load that
    script, and nothing else that it didn't."""
    head = html.find(b"</head>")
    if head < 0:
        return html
    script = _tag(address, seen, at, led).encode()
    found = html.find(_POLICY.encode(), 0, head)
    if found < 0:  # a frame of the site's own, without a policy
        return html[:head] + script + html[head:]
    start = found + len(_POLICY)
    stop = html.index(b'"', start)
    policy = _widened(html[start:stop].decode(), origin).encode()
    end = html.index(b">", stop) + 1
    return html[:start] + policy + html[stop:end] + b"\n" + script.rstrip() + html[end:]


def _widened(policy: str, origin: str) -> str:
    """A policy (as it stands in an attribute) that allows the one script as well."""
    source = escape(origin + SCRIPT, quote=True)
    directives = [directive.strip() for directive in policy.split(";")]
    for n, directive in enumerate(directives):
        name, *sources = directive.split()
        if name == "script-src":
            if "'self'" not in sources:
                directives[n] = " ".join([name, *(s for s in sources if s != "'none'"), source])
            return "; ".join(directives)
    return f"{policy}; script-src {source}"


def _tag(address: str, seen: str, at: int, led: int) -> str:
    page, digest = escape(address, quote=True), escape(seen, quote=True)
    told = f'data-page="{page}" data-seen="{digest}" data-at="{at}" data-led="{led}"'
    return f'<script defer src="{SCRIPT}" {told}></script>\n'


def message(title: str, text: str, origin: str, address: str, led: int) -> bytes:
    """A page of the preview's own, for where the site has none to show; it gives way as soon as there is one."""
    style = "body{font:1.0625rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}"
    policy = f"default-src 'none'; style-src 'unsafe-inline'; connect-src 'self'; script-src {escape(origin + SCRIPT)}"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n{_POLICY}{policy}">\n'
        f"{_tag(address, 'none', 0, led)}"
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{style}</style></head>\n"
        f"<body><h1>{escape(title)}</h1><p>{escape(text)}</p></body></html>\n"
    ).encode()
