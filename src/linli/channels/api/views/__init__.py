"""The door itself: who calls, on what terms, and in which shape it is refused."""
