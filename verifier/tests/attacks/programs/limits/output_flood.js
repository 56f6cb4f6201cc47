// A gigabyte of lines, by an interpreter that queues what it could not write.
// expect: limit=output or limit=memory or limit=cpu or exit=signal:6
// limits: output=256K memory=512M processes=64
for (let i = 0; i < 1 << 20; i++) console.log("x".repeat(1023));
