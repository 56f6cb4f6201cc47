# Runs a program out of a file that no file system holds.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
create, execveat = {"x86_64": (319, 322), "aarch64": (279, 281)}[os.uname().machine]
with open("/bin/echo", "rb") as file:
    program = file.read()
file = libc.syscall(create, b"x", 0)
if file >= 0:
    os.write(file, program)
    arguments = (ctypes.c_char_p * 3)(b"echo", b"ran", None)
    libc.syscall(execveat, file, b"", arguments, None, 0x1000)
    try:
        os.execv("/proc/self/fd/%d" % file, ["echo", "ran"])
    except OSError:
        pass
print("denied")
