# Writes one byte where a terabyte ends.
# expect: limit=file_size
with open("giant", "wb") as file:
    file.seek(1 << 40)
    file.write(b"x")
