# Calls the kernel by the numbers of x32, which lie beside those that a filter lists.
# expect: exit=0 limit=none stdout=denied or exit=signal:31
# needs: x86_64
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
X32 = 0x40000000
got = []
for name, number in (("getpid", 39), ("ptrace", 521), ("mount", 165), ("unshare", 272), ("execve", 520)):
    result = libc.syscall(X32 + number, 0, 0, 0, 0, 0)
    if result != -1 or ctypes.get_errno() not in (1, 38):
        got.append((name, result, ctypes.get_errno()))
print(got or "denied")
