"""Decision tables: loading, evaluating with a trace. No business rule of its own."""
