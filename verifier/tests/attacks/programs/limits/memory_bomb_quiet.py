# Takes what it can get, and swallows what it is told.
# expect: limit=memory or limit=cpu or limit=wall
# limits: memory=96M cpu=0.5 wall=8
kept = []
while True:
    try:
        kept.append(bytearray(1 << 16))
    except MemoryError:
        pass
