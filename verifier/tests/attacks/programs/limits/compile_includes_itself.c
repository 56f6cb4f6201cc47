// A file that includes itself, and a device without end.
// form: stdin
// tests: {"cases": [{"stdin": "", "stdout": "1\n"}]}
// expect: verdict=over_budget code=limit_compile|limit_compile_size|limit_memory or verdict=wrong
// limits: compile=3 compile_size=16M
#include "/dev/urandom"
#include __FILE__
int main(void) { return 0; }
