"""The residents' door: home, search, navigation, sign-in pages, PWA. Not the pages of engines (they register)."""
