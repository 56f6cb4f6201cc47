// Starts processes by the bare call, from a program that is no interpreter.
// expect: limit=processes or limit=cpu or limit=wall
// limits: processes=16 cpu=0.5 wall=8
#include <unistd.h>

int main(void) {
    for (;;)
        fork();
}
