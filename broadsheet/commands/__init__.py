"""A module for each verb of the command line: `add` says what it takes, `run` does it and gives the exit code.

They import what they need when they run: a command starts quickly because of what it does not load."""
