// Calls the kernel as a program of 32 bits does, for which the filter would read wrong numbers.
// expect: exit=signal:31 limit=none or exit=signal:11 limit=none or exit=0 stdout=denied
// needs: x86_64
#include <stdio.h>
#include <sys/mount.h>

int main(void) {
    // mount, as i386 numbers it; without a filter the answer is EFAULT or EPERM.
    long result = 21;
    __asm__ volatile("int $0x80" : "+a"(result) : "b"(0), "c"(0), "d"(0), "S"(0), "D"(0) : "memory");
    // getpid, which is denied to nobody who can call at all.
    long process = 20;
    __asm__ volatile("int $0x80" : "+a"(process) : : "memory");
    printf(process > 0 ? "called\n" : "denied\n");
    return 0;
}
