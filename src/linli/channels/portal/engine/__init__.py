"""Pages kept for visitors nobody has signed in for: keys, storage, the one place that varies. No database."""

from linli.channels.portal.engine.pages import PageStore, StoredPage, fill_token, without_token

__all__ = ["PageStore", "StoredPage", "fill_token", "without_token"]
