"""Pure parts: where encrypted values stand, the key file, what can be exported and how it is written."""
