# Reserves space beyond the end of the file, which its size does not show.
# expect: limit=scratch or limit=file_size or stdout=denied
# limits: scratch=8M file_size=64M
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]
file = os.open("giant", os.O_RDWR | os.O_CREAT)
KEEP_SIZE = 1
print("denied" if libc.fallocate(file, KEEP_SIZE, 0, 32 << 20) else "reserved")
