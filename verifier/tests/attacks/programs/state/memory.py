# Leaves a secret in memory, and looks for that of the last job among all objects.
# expect: exit=0 limit=none stdout=clean
# runs: 4
import gc

word = "-".join(["secret", "of", "the", "job", "before"])
found = []
for thing in gc.get_objects():
    try:
        for held in gc.get_referents(thing):
            if type(held) is list and held and type(held[0]) is str and held[0] == word and len(held) == 777:
                found.append(type(thing))
    except Exception:
        pass
print(found or "clean")
kept = [word] * 777
gc.collect = None
gc.kept = [kept, kept]
