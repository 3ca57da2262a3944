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
PRICE_EARNINGS_MAX = 1000
"""Highest price-earnings ratio of a listed firm at the start: beyond it earnings next to nothing carry the price, and a
promise is worth any multiple of what it pays."""
MONEY_MAX_USD = 9e13
"""Most money of one kind that may come or go in a run: 2**53 cents, to which cents are exact."""
GROWN_VALUE_MAX_USD = 2e14
"""Largest market value that earnings may grow to in a run: with any story on top it stays below 2**63 cents."""
PROMISED_VALUE_MAX_USD = 2e14
"""Largest sum of one deal, and most that one promise may add to its firm's value: the same."""
PRICE_MAX_USD = 5e7
"""Dearest share: with any story on top its price stays within what an order's limit may be, 2**40 cents."""
ETF_PRICE_MAX_USD = 1e5
"""Dearest ETF share: with any story on top its price stays within a household's limit of 31 bits of cents."""
CAPACITY_MAX_GW = 1e6
"""Largest demand that may grow in a run: a thousand times what the world's power plants could feed."""
LUCK = 3.0
"""Standard deviations of growth above its trend that must still fit."""
TRADING_DAYS = 252
"""Trading days in a year."""
CROWD_VOLATILITY_PER_DAY = 0.01
"""Daily volatility of the published model of crowds, of which a share's own is a multiple."""
VIEW_MAX = 0.5
"""Standard deviation of funds' private views in the long run, in log points."""
