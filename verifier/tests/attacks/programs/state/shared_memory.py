# Leaves shared memory, semaphores and queues of messages of both kinds.
# expect: exit=0 limit=none stdout=clean
# runs: 3
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
KEY, CREATE, NEW = 0x6C656872, 0o1000, 0o2000
found = []
for name, make in (
    ("shm", lambda f: libc.shmget(KEY, 4096, f)),
    ("sem", lambda f: libc.semget(KEY, 1, f)),
    ("msg", lambda f: libc.msgget(KEY, f)),
):
    if make(0o600) >= 0:
        found.append(name)
    make(0o600 | CREATE | NEW)
OPEN_CREATE, EXCLUSIVE = 0o100 | 2, 0o200
for name, call in (("mq_open", "mq_open"), ("shm_open", "shm_open"), ("sem_open", "sem_open")):
    try:
        make = getattr(libc, call)
    except AttributeError:
        continue
    ctypes.set_errno(0)
    made = make(b"/lehr-attack-left", OPEN_CREATE | EXCLUSIVE, 0o600, None)
    if ctypes.get_errno() == 17:
        found.append(name)
print(found or "clean")
