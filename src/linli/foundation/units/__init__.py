"""Our bureaus, offices and the posts in them. Not outside organisations (registry bodies) and not who holds a post (accounts)."""
