# A socket and a device in place of files.
# expect: exit=0 files=none
# collect: file device
import os
import socket
import stat

listener = socket.socket(socket.AF_UNIX)
try:
    listener.bind("file")
except OSError:
    pass
try:
    os.mknod("device", stat.S_IFCHR | 0o666, os.makedev(1, 5))
except OSError:
    pass
