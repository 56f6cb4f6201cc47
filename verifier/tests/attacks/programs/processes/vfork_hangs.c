// A child that borrows its parent's memory, and never gives it back.
// expect: limit=wall
// limits: wall=0.5
#include <unistd.h>

int main(void) {
    if (vfork() == 0)
        for (;;)
            pause();
    return 0;
}
