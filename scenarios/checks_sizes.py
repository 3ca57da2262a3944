"""The sizes that checks measure by: what fits into whole cents, 32 bits and memory."""

MARKET_VALUE_MAX_USD = 5e13
"""Largest market value of one firm, and largest sum of money of one class: cents stay below 2**53."""
HOLDING_MAX = 2**31 - 1
"""ETF shares of one holder are 32-bit integers."""
CONTACTS_MAX = 2 * 10**8
"""Contacts of a drawn social graph: 4 bytes each, and as much again while it is drawn."""
HOLDING_HEADROOM = 2.0
"""How far the largest holder may grow in a run before its shares no longer fit."""
SHARE_ROUNDING = 1e-9
"""Slack for sums of decimal shares such as 0.7 + 0.2 + 0.1."""
