"""Whose money it was: units, accounts, journal, registers, origins of cash, clearing of dues, audit."""
