# Locks memory that cannot be moved out.
# expect: exit=0 limit=none stdout=denied
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
print("denied" if libc.mlockall(3) == -1 else "locked")
