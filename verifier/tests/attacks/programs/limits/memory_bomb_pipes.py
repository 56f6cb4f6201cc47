# Fills kernel memory through pipes that nobody reads. Files and processes bound it.
# expect: exit=0 limit=none stdout=bounded
import fcntl
import os

held = 0
pipes = []
while True:
    try:
        pipes.append(os.pipe())
    except OSError:
        break
    end = pipes[-1][1]
    os.set_blocking(end, False)
    try:
        fcntl.fcntl(end, 1031, 1 << 30)
    except OSError:
        pass
    try:
        while True:
            held += os.write(end, bytes(1 << 16))
    except BlockingIOError:
        pass
print("bounded" if held < 64 << 20 else held)
