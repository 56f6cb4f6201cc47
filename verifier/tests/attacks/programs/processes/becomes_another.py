# Becomes another program, which is judged as if it had been meant.
# expect: exit=0 limit=none stdout=another
import os

os.execv("/bin/sh", ["sh", "-c", "echo another"])
