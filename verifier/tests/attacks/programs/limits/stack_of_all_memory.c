// Asks for a stack without end, and lays it over itself.
// expect: exit=signal:11 or limit=memory
// limits: memory=64M
#include <alloca.h>
#include <string.h>
#include <sys/resource.h>

int main(void) {
    struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_STACK, &all);
    for (;;)
        memset(alloca(1 << 16), 1, 1 << 16);
}
