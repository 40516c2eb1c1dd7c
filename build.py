"""Build this site: `python build.py --help` tells what it can do."""

from broadsheet.cli import program

if __name__ == "__main__":
    program()
