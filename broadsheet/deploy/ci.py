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
        "netlify": FrozenMap(
            {
                "netlify.toml": "netlify.toml",
                "netlify/functions/wake/wake.mjs": "wake.mjs",
                "netlify/cache/index.js": "netlify-cache.js",
                "netlify/cache/manifest.yml": "netlify-cache.yml",
            }
        ),
        "cloudflare": FrozenMap({".github/workflows/site.yml": "cloudflare.yml"}),
        "cron": FrozenMap({"deploy/broadsheet.cron": "broadsheet.cron"}),
        "systemd": FrozenMap(
            {
                "deploy/broadsheet.service": "broadsheet.service",
                "deploy/broadsheet-wake.service": "broadsheet-wake.service",
                "deploy/broadsheet.timer": "broadsheet.timer",
            }
        ),
    }
)
# What config.yaml says of where the site goes, to begin with.
_TARGETS: Mapping[str, str] = FrozenMap(
    {
        "github": "{type: git, branch: pages}   # choose this branch in the repository's settings of Pages",
        "gitlab": "{type: gitlab, path: public}",
        "forgejo": "{type: git, branch: pages}   # which Codeberg serves",
        "netlify": "{type: netlify, path: public}",
        "cloudflare": "{type: cloudflare}",
        "cron": "{type: folder, path: /srv/www}   # let the web server serve /srv/www/current",
        "systemd": "{type: folder, path: /srv/www}   # let the web server serve /srv/www/current",
    }
)
KINDS = tuple(_FILES)


def ci_files(kind: str) -> Mapping[str, str]:
    """The texts of the workflow files of a kind, by their paths in the site's folder. UsageError for another kind."""
    if kind not in _FILES:
        raise UsageError(f"--ci {kind}: choose one of {', '.join(KINDS)}")
    folder = files("broadsheet.deploy") / "workflows"
    return FrozenMap({path: (folder / name).read_text("utf-8") for path, name in _FILES[kind].items()})


def target(kind: str) -> str:
    """The lines of config.yaml that the workflow files of a kind need."""
    return f"\ndeploy:\n  targets:\n    production: {_TARGETS[kind]}\n"
