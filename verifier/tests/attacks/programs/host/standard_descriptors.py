# Opens its own input and outputs anew, to write where it may read and read where it may write.
# expect: exit=0 limit=none stdout=denied
import os

got = []
try:
    os.write(0, b"x")
    got.append("wrote the input")
except OSError:
    pass
for number in (1, 2):
    try:
        os.set_blocking(number, False)
        if os.read(number, 1):
            got.append("read an output")
    except OSError:
        pass
    os.set_blocking(number, True)
try:
    os.ftruncate(0, 1 << 20)
    got.append("changed the input")
except OSError:
    pass
print(got or "denied")
