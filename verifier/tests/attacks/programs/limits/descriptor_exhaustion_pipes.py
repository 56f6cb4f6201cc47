# Opens pipes without end.
# expect: limit=open_files
import os

while True:
    os.pipe()
