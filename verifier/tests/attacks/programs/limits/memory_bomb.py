# One process takes memory bit by bit.
# expect: limit=memory
# limits: memory=96M
kept = []
while True:
    kept.append(bytearray(1 << 20))
