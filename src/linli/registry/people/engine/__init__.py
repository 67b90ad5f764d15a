"""The synthetic population, pure and repeatable: equal seeds give equal people, whatever the number of workers."""
