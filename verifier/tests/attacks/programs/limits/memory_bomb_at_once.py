# One process asks for far more memory than there is.
# expect: limit=memory
# limits: memory=96M
kept = bytearray(1 << 36)
