# Calls itself without end, and is told.
# expect: exit=1 limit=none
def deeper():
    return deeper()


deeper()
