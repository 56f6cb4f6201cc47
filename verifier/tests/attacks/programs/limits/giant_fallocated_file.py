# Reserves a terabyte.
# expect: limit=file_size or limit=scratch
import os

with open("giant", "wb") as file:
    os.posix_fallocate(file.fileno(), 0, 1 << 40)
