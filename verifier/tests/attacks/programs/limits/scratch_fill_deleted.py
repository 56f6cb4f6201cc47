# Fills the scratch with files that have no name any more.
# expect: limit=scratch
# limits: scratch=8M file_size=4M
import os

kept = []
while True:
    kept.append(open("lehr-attack", "wb", buffering=0))
    os.unlink("lehr-attack")
    kept[-1].write(bytes(1 << 20))
    kept[-1].write(b"x")
    if os.fstat(kept[-1].fileno()).st_size <= 1 << 20:
        # The kernel wrote what there was room for.
        raise OSError(28, "No space left on device")
