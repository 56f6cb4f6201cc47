// Lets the compiler's messages show a file of the host.
// form: stdin
// tests: {"cases": [{"stdin": "", "stdout": "1\n"}]}
// expect: verdict=wrong
#include "/etc/shadow"
#include "/etc/passwd"
int main(void) { return 0; }
