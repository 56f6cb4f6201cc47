# A file of a terabyte that takes no room, until somebody brings it back.
# expect: exit=0 collected_at_most=8388608 or limit=file_size
# limits: scratch=8M file_size=1T
# collect: giant
with open("giant", "wb") as file:
    file.truncate(1 << 40)
