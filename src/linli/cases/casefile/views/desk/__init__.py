"""The workbench's pages of cases: inbox, case page and its steps, counter, search, board."""
