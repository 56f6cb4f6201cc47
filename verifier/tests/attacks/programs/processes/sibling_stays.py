# Makes processes that are not its children but its parent's, which stay.
# expect: exit=0 limit=none stdout=done
# limits: wall=8
import ctypes
import os
import time

libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
for _ in range(5):
    # With a signal of its own at the end, and with none.
    for signal in (17, 9, 0):
        if libc.syscall(number, 0x8000 | signal, 0, 0, 0, 0) == 0:
            os.setsid()
            time.sleep(60)
print("done")
