# Ends its first thread, while another goes on.
# expect: exit=0 limit=none stdout=later
import ctypes
import os
import threading
import time


def later():
    time.sleep(0.2)
    os.write(1, b"later")
    os._exit(0)


threading.Thread(target=later).start()
ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[os.uname().machine], 0)
