# Becomes a program of another kind: readable where it was not, at addresses that are known.
# expect: exit=0 limit=none stdout=denied
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
got = []
for flags in (0x0040000, 0x0400000, 0x0100000, 0x0008):
    if libc.personality(flags) != -1:
        got.append(hex(flags))
print(got or "denied")
