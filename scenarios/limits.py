"""What a scenario file may cost before it is parsed: bytes, nesting, dots in a key, length of a key.

`tomllib` takes quadratic time in the dots of a key and recurses into nested values; this one linear pass bounds both.
"""

from __future__ import annotations

import re

from .errors import Fault

FILE_BYTES_MAX = 131_072
DEPTH_MAX = 12
DOTS_MAX = 8
KEY_LENGTH_MAX = 200
"""Characters of one key or bare value, dots and quotes included."""

_PLAIN = re.compile(r"[^\"'#\[\]{}=,.\n]+")
_QUOTES = ('"""', "'''", '"', "'")


def check_text(text: str) -> Fault | None:
    """The first limit that the text breaks, or None. Strings and comments are skipped; broken TOML is not judged."""
    at = depth = dots = run = 0
    line = 1
    while at < len(text):
        char = text[at]
        end = at + 1
        if plain := _PLAIN.match(text, at):
            end = plain.end()
            run += len(plain[0].strip())
        elif char in "\"'":
            end = _after_string(text, at)
            run += end - at
            line += text.count("\n", at, end)
        elif char == "#":
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
        elif char == ".":
            dots += 1
            run += 1
        else:
            if char == "=" and run > KEY_LENGTH_MAX:
                return _fault(line, f"a key of {run} characters", f"keys of at most {KEY_LENGTH_MAX} characters")
            depth += (char in "[{") - (char in "]}")
            line += char == "\n"
            dots = run = 0
        if dots > DOTS_MAX:
            return _fault(line, f"more than {DOTS_MAX} dots in a key", f"at most {DOTS_MAX} dots in a key")
        if depth > DEPTH_MAX:
            return _fault(line, f"nesting deeper than {DEPTH_MAX}", f"at most {DEPTH_MAX} levels of nesting")
        at = end
    return None


def _after_string(text: str, at: int) -> int:
    """Index after the string that starts at `at`, or the end of its line or text if it never closes."""
    quote = next(q for q in _QUOTES if text.startswith(q, at))
    multiline, escapes = len(quote) == 3, quote[0] == '"'
    i = at + len(quote)
    while i < len(text):
        if escapes and text[i] == "\\":
            i += 2
        elif text.startswith(quote, i):
            return i + len(quote)
        elif text[i] == "\n" and not multiline:
            return i
        else:
            i += 1
    return len(text)


def _fault(line: int, came: str, allowed: str) -> Fault:
    return Fault(f"line {line}", came, allowed)
