# Takes the scratch itself away from under its name.
# expect: exit=0 files=none
# args: {canary}
# collect: secret
import os
import sys

for call in (
    lambda: os.rename("/tmp", "/gone"),
    lambda: os.rmdir("/tmp"),
    lambda: os.symlink(os.path.dirname(sys.argv[1]), "/tmp"),
):
    try:
        call()
    except OSError:
        pass
