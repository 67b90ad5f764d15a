"""Decision tables: evaluating them with a trace of which row hit and why (zen-engine). No business rule of its own, no table in the database."""
