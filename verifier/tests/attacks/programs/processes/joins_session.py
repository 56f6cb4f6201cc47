# Joins the session and group of others, and looks for a terminal.
# expect: exit=0 limit=none stdout=denied
# args: {witness}
import fcntl
import os
import sys
import termios

got = []
for group in (1, int(sys.argv[1])):
    try:
        os.setpgid(0, group)
        got.append(group)
    except OSError:
        pass
try:
    os.open("/dev/tty", os.O_RDWR)
    got.append("terminal")
except OSError:
    pass
for number in range(3):
    try:
        fcntl.ioctl(number, termios.TIOCSTI, b"x")
        got.append("typed")
    except OSError:
        pass
print(got or "denied")
