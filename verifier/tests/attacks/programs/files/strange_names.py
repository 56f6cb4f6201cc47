# Names in a directory that lead elsewhere once they are joined to a path.
# expect: exit=0 files=plain
# collect: directory
import os

os.mkdir("directory")
open("directory/plain", "w").write("x")
for name in (b"..\\up", b"new\nline", b"\xff\xfe", b"...", b"~", b".hidden"):
    try:
        os.mkdir(b"directory/" + name)
    except OSError:
        pass
