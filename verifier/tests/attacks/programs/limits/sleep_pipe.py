# Waits for itself.
# expect: limit=wall
# limits: wall=0.4
import os

reader, writer = os.pipe()
os.read(reader, 1)
