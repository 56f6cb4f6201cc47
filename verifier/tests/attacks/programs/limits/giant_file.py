# Writes one file without end.
# expect: limit=file_size
# limits: file_size=2M
with open("giant", "wb", buffering=0) as file:
    while True:
        file.write(bytes(1 << 16))
