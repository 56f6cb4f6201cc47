# A pipe in place of the file: who opens it waits for ever.
# expect: exit=0 files=none
# collect: file other
import os

for name in ("file", "other"):
    try:
        os.mkfifo(name)
    except OSError:
        raise SystemExit
# And one that has a writer, which never writes.
if os.fork() == 0:
    os.open("other", os.O_RDWR)
    import time

    time.sleep(60)
