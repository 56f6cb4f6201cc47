# Ignores the signal that says that a file is too large.
# expect: limit=file_size
# limits: file_size=2M
import signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open("giant", "wb", buffering=0) as file:
    while True:
        file.write(bytes(1 << 16))
