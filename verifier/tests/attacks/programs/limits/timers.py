# Makes timers without end, each of which the kernel keeps.
# expect: exit=0 limit=none stdout=bounded
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 222, "aarch64": 107}[os.uname().machine]
made = 0
timer = ctypes.c_int()
while made < 20_000 and libc.syscall(number, 1, None, ctypes.byref(timer)) == 0:
    made += 1
print("bounded" if made < 20_000 else "without a bound")
