// Does nothing, all the time, in an interpreter with threads of its own.
// expect: limit=cpu
// limits: cpu=0.5 wall=20 memory=512M processes=64
for (;;) {}
