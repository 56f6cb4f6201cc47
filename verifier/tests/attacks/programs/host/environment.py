# Looks for what the caller's environment holds.
# expect: exit=0 limit=none stdout=denied
# args: {home}
import os
import sys

WORDS = ("CARGO", "RUST", "SSH", "AWS", "TOKEN", "KEY", "SECRET", "PASS", "DISPLAY", "DBUS", "XDG", "SUDO", "USER", "LOGNAME", "MAIL", "OLDPWD")
home = sys.argv[1]
got = [
    (name, value)
    for name, value in os.environ.items()
    if any(word in name for word in WORDS) or home in value.split(":")
]
print(got or "denied")
