"""Pure parts of the exchange: cursors, addresses of subscribers, signatures."""
