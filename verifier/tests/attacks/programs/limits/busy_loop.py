# Does nothing, all the time.
# expect: limit=cpu
# limits: cpu=0.3 wall=20
while True:
    pass
