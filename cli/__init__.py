"""The command line: one file per command, the console and its progress."""
