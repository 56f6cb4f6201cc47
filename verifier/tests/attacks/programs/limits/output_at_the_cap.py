# Exactly as much as is allowed: all of it arrives, and no limit was passed.
# expect: exit=0 limit=none stdout_bytes=524288 stderr_bytes=524288
# limits: output=1M
import sys

sys.stdout.write("x" * (1 << 19))
sys.stderr.write("x" * (1 << 19))
