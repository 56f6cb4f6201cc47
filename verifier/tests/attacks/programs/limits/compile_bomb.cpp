// Templates that make the compiler work without end.
// form: stdin
// tests: {"cases": [{"stdin": "", "stdout": "1\n"}]}
// expect: verdict=over_budget code=limit_compile|limit_compile_size|limit_memory or verdict=wrong
// limits: compile=2 compile_size=16M
template <int N, int M> struct Ack { static const int value = Ack<N - 1, Ack<N, M - 1>::value>::value; };
template <int M> struct Ack<0, M> { static const int value = M + 1; };
template <int N> struct Ack<N, 0> { static const int value = Ack<N - 1, 1>::value; };
template <int D> struct Tree { Tree<D - 1> left; Tree<D - 1> right; static const int value = Tree<D - 1>::value + Ack<2, D>::value; };
template <> struct Tree<0> { static const int value = 0; };
template <int A, int B> struct Wide { static const long value = Wide<A - 1, B>::value + Wide<A - 1, B + 1>::value; };
template <int B> struct Wide<0, B> { static const long value = B; };
int main() { return Wide<800, 0>::value + Tree<200>::value; }
