"""Build this site: `python build.py --help` tells what it can do."""

import sys

from broadsheet.cli import main

if __name__ == "__main__":
    sys.exit(main())
