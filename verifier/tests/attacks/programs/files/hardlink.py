# Leaves second names of files that are not its own.
# expect: exit=0 files=none
# args: {canary}
# collect: file program python
import os
import sys

for source, name in ((sys.argv[1], "file"), ("/program/main.py", "program"), (sys.executable, "python")):
    try:
        os.link(source, name)
    except OSError:
        pass
