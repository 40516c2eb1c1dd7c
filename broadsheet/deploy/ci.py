"""Workflow files that build, check and deploy a site round the clock: what `init --ci KIND` writes."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from broadsheet.errors import UsageError
from broadsheet.frozen import FrozenMap

# For each kind: where its files belong in the site's folder, and the template of each in `workflows/`.
_FILES: Mapping[str, Mapping[str, str]] = FrozenMap(
    {
        "github": FrozenMap({".github/workflows/site.yml": "github.yml"}),
        "gitlab": FrozenMap({".gitlab-ci.yml": "gitlab.yml"}),
        "forgejo": FrozenMap({".forgejo/workflows/site.yml": "forgejo.yml"}),
        "netlify": FrozenMap({"netlify.toml": "netlify.toml"}),
        "cloudflare": FrozenMap({".github/workflows/site.yml": "cloudflare.yml"}),
        "cron": FrozenMap({"deploy/broadsheet.cron": "broadsheet.cron"}),
        "systemd": FrozenMap(
            {
                "deploy/broadsheet.service": "broadsheet.service",
                "deploy/broadsheet.timer": "broadsheet.timer",
            }
        ),
    }
)
KINDS = tuple(_FILES)


def ci_files(kind: str) -> Mapping[str, str]:
    """The texts of the workflow files of a kind, by their paths in the site's folder. UsageError for another kind."""
    if kind not in _FILES:
        raise UsageError(f"--ci {kind}: choose one of {', '.join(KINDS)}")
    folder = files("broadsheet.deploy") / "workflows"
    return FrozenMap({path: (folder / name).read_text("utf-8") for path, name in _FILES[kind].items()})
