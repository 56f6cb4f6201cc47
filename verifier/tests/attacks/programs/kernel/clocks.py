# Sets the clocks, to what they show.
# expect: exit=0 limit=none stdout=denied
import ctypes
import time

libc = ctypes.CDLL(None, use_errno=True)
got = []
for clock in (0, 1, 7, 11):
    try:
        time.clock_settime(clock, time.clock_gettime(clock))
        got.append(clock)
    except OSError:
        pass
now = (ctypes.c_long * 2)(int(time.time()), 0)
if libc.settimeofday(now, None) == 0:
    got.append("settimeofday")
change = (ctypes.c_long * 32)(0x0001)
if libc.adjtimex(change) != -1:
    got.append("adjtimex")
if libc.clock_adjtime(0, change) != -1:
    got.append("clock_adjtime")
print(got or "denied")
