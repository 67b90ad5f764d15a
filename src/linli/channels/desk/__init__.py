"""The staff workbench: home, navigation, administration entry. Not the pages of engines (they register)."""
