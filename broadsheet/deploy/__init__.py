"""Putting the output folder where readers are, safely (docs/deploy.md).

`deploying` is the table of contents: what is to be deployed (`local`), what is at the target (`records`), the
difference as ordered steps (`planning`, pure), what must not go out (`refusals`), and the steps carried out against a
target (`targets` says what one is; `folder`, `git`, `objects`, `rsync` and `prepared` are those there are)."""
