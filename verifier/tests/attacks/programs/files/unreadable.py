# Files and directories that nobody may read.
# expect: exit=0 files=none or exit=0 files=file,inside or exit=0 files=file
# collect: file directory
import os

open("file", "w").write("x")
os.mkdir("directory")
open("directory/inside", "w").write("x")
os.chmod("file", 0)
os.chmod("directory", 0)
