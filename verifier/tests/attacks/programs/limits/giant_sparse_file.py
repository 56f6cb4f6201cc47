# Makes a file of a terabyte that holds nothing.
# expect: limit=file_size
with open("giant", "wb") as file:
    file.truncate(1 << 40)
