"""Tables in Chinese that the library reads; facts only, no rules."""
