"""Single sign-on for the city's other systems (OpenID Connect): which systems, codes, tokens, claims; not how people sign in here (accounts)."""
