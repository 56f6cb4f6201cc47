# Kills its own group, which is not that of the sandbox.
# expect: exit=signal:9 limit=none
import os

os.kill(0, 9)
