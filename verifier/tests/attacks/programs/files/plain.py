# Leaves two files where it was asked for one, and a directory of two.
# expect: exit=0 files=kept,one,two
# collect: kept directory
import os

open("kept", "w").write("kept")
open("other", "w").write("other")
os.mkdir("directory")
open("directory/one", "w").write("1")
open("directory/two", "w").write("2")
