# Exactly a megabyte where two are allowed: all of it arrives.
# expect: exit=0 limit=none stdout_bytes=1048576 stderr_bytes=0
# limits: output=2M
import sys

sys.stdout.write("x" * (1 << 20))
