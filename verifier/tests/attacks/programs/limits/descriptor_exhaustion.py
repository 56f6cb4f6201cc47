# Opens files without end.
# expect: limit=open_files
kept = []
while True:
    kept.append(open("/dev/null"))
