# Lets itself be traced.
# expect: exit=0 limit=none stdout=denied
import ctypes

print("denied" if ctypes.CDLL(None).ptrace(0, 0, None, None) == -1 else "traced")
