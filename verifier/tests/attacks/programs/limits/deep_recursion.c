// Calls itself without end.
// expect: exit=signal:11 or limit=memory
#include <stdio.h>

static int deeper(volatile char *above) {
    volatile char here[4096];
    here[0] = above ? above[0] + 1 : 0;
    return deeper(here) + here[0];
}

int main(void) {
    printf("%d\n", deeper(0));
    return 0;
}
