"""Where securities and money change hands: orders, closing auctions, settlement, the ETF, credit and private rounds."""
