# Only what lies right below a directory is brought back.
# expect: exit=0 files=top
# collect: directory
import os

os.mkdir("directory")
open("directory/top", "w").write("x")
os.chdir("directory")
for _ in range(200):
    os.mkdir("d")
    os.chdir("d")
open("bottom", "w").write("x")
