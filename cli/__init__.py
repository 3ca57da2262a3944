"""The command line: one file per command, what they share (options, console, progress), and how each of them ends."""
