// A few lines whose program is gigabytes.
// form: stdin
// tests: {"cases": [{"stdin": "", "stdout": "1\n"}]}
// expect: verdict=over_budget code=limit_compile_size|limit_compile
// limits: compile=3 compile_size=16M
char giant[1UL << 31] = {1}; // Initialised, so that it is written out.
int main(void) { return giant[0] - 1; }
