"""Debt to the field's standard, ACTUS: terms, a schedule, what is paid and what becomes of it, as pure functions."""
