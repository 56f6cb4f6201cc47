// Does nothing, all the time, and makes no system call.
// expect: limit=cpu
// limits: cpu=0.3 wall=20
int main(void) {
    for (volatile int i = 0;; i++) {
    }
}
