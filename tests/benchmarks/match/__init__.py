"""How well columns are matched: tables of our own making to learn and to measure on, and other tools beside ours."""
