"""The public JSON interface: authentication, problem documents, OpenAPI. Not the resources themselves (apps register routers)."""
