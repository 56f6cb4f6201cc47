# Makes a ring for calls that no filter sees.
# expect: exit=0 limit=none stdout=denied
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
parameters = (ctypes.c_char * 120)()
got = []
for name, number, arguments in (
    ("setup", 425, (4, parameters)),
    ("enter", 426, (0, 0, 0, 0, None, 0)),
    ("register", 427, (-1, 0, None, 0)),
):
    if libc.syscall(number, *arguments) != -1 or ctypes.get_errno() not in (1, 38):
        got.append((name, ctypes.get_errno()))
print(got or "denied")
