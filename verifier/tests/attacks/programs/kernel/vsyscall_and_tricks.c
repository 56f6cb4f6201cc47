// The old page of calls, a far jump into 32 bits, and a call by the fast entry of those.
// expect: exit=signal:11 or exit=signal:31 or exit=signal:4 or exit=0 stdout=denied
// needs: x86_64
#include <stdio.h>

int main(void) {
    long result = 39;
    __asm__ volatile("push %%rbp\n\tsysenter\n\tpop %%rbp" : "+a"(result) : : "rcx", "rdx", "memory");
    printf("called\n");
    return 0;
}
