"""What an administrator sets for the whole centre: each kind is one text file, kept in the shared database as it is.

reading     what a text of one kind says, or which of its lines is wrong
calendars   when teams work: TOML
promises    how soon a case is taken over and solved, what contracts include, who is told when: TOML
prices      what is sold to whom: CSV
rulebook    the three together, as a desk works with them
"""
