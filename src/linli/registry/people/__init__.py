"""Natural persons, their identities and relations, found by ID number, name, pinyin or phone. Not their homes."""
