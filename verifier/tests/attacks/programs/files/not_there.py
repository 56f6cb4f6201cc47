# Leaves nothing of what is asked for.
# expect: exit=0 files=none
# collect: file directory
