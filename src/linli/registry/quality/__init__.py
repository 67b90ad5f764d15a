"""How good the register is: rules over its rows, what each community must mend, and whether another database has the same. Not the mending itself."""
