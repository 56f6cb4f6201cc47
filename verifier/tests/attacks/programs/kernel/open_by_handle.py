# Opens files by handles, which pass by every path; the escape from many containers.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


class Handle(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint), ("kind", ctypes.c_int), ("bytes", ctypes.c_char * 128)]


got = []
for path in (b"/", b"/usr", b"/tmp", b"/dev/null"):
    handle, mount = Handle(128), ctypes.c_int()
    libc.name_to_handle_at(-100, path, ctypes.byref(handle), ctypes.byref(mount), 0)
    directory = os.open(path, os.O_RDONLY)
    # The root of most file systems has the number 2.
    for guess in (handle, Handle(8, 1, b"\x02")):
        if libc.open_by_handle_at(directory, ctypes.byref(guess), os.O_RDONLY) >= 0:
            got.append(path)
print(got or "denied")
