//! The same small programs in every language.

use lehr_verifier::Language;

/// The programs of one language. Those with `double` print twice the number that they read.
pub(crate) struct Programs {
    pub language: Language,
    /// Prints twice what it reads.
    pub double: &'static str,
    /// Prints what it reads.
    pub echo: &'static str,
    /// Has a fault that its compiler finds, or its interpreter at once.
    pub broken: &'static str,
    /// Prints what is right, and ends badly.
    pub raises: &'static str,
    /// Does not end.
    pub endless: &'static str,
    /// Takes more memory than there is.
    pub greedy: &'static str,
    /// A solution to test: twice a number, or once.
    pub twice: &'static str,
    pub once: &'static str,
    /// A solution that ends the program with status 0 where the tests call it.
    pub exits: &'static str,
    /// Tests of it: statements, and a whole program where that is another form.
    pub tests: &'static [&'static str],
}

pub(crate) const PROGRAMS: [Programs; 8] = [
    Programs {
        language: Language::Python,
        double: "print(int(input()) * 2)",
        echo: "print(input())",
        broken: "print(",
        raises: "print(int(input()) * 2)\nraise SystemExit(3)",
        endless: "while True: pass",
        greedy: "x = []\nwhile True: x.append(bytearray(1 << 20))",
        twice: "def twice(n): return n * 2",
        once: "def twice(n): return n",
        exits: "import os\ndef twice(n): os._exit(0)",
        tests: &["assert twice(4) == 8", "def test_twice():\n    assert twice(4) == 8"],
    },
    Programs {
        language: Language::C,
        double: "#include <stdio.h>\nint main(void) { int n; scanf(\"%d\", &n); printf(\"%d\\n\", n * 2); }",
        echo: "#include <stdio.h>\nint main(void) { int n; scanf(\"%d\", &n); printf(\"%d\\n\", n); }",
        broken: "int main(void) { return undeclared; }",
        raises: "#include <stdio.h>\nint main(void) { int n; scanf(\"%d\", &n); printf(\"%d\\n\", n * 2); return 3; }",
        endless: "int main(void) { volatile int n = 0; for (;;) n++; }",
        greedy: "#include <stdlib.h>\n#include <string.h>\n#include <stdio.h>\nint main(void) { for (;;) { char *p = malloc(1 << 20); if (!p) { perror(\"malloc\"); return 1; } memset(p, 1, 1 << 20); } }",
        twice: "int read(void) { return 7; }\nint twice(int n) { return n * 2; }\n#include <stdio.h>\nint main(void) { puts(\"a main of its own\"); }",
        once: "#define NDEBUG\n#include <assert.h>\nint twice(int n) { return n; }",
        exits: "#include <stdlib.h>\nint twice(int n) { exit(0); }",
        tests: &[
            "#include <limits.h>\nassert(twice(4) == 8);\nassert(twice(0) == 0);",
            "int main() { assert(twice(4) == 8); }",
            "int main(int argc, char **argv) { if (twice(4) != 8) return 1; return argc - 1; }",
        ],
    },
    Programs {
        language: Language::Cpp,
        double: "#include <iostream>\nint main() { int n; std::cin >> n; std::cout << n * 2 << std::endl; }",
        echo: "#include <iostream>\nint main() { int n; std::cin >> n; std::cout << n << std::endl; }",
        broken: "#include <vector>\nint main() { std::vector<int> v; v.nothing(); }",
        raises: "#include <cstdio>\nint main() { int n; scanf(\"%d\", &n); printf(\"%d\\n\", n * 2); fflush(stdout); throw 3; }",
        endless: "int main() { volatile int n = 0; for (;;) n = n + 1; }",
        greedy: "#include <string>\n#include <vector>\nint main() { std::vector<std::string> v; for (;;) v.emplace_back(1 << 20, 'x'); }",
        twice: "template <typename T> T twice(T n) { return n + n; }",
        once: "int twice(int n) { return n; }",
        exits: "#include <cstdlib>\nint twice(int n) { exit(0); }",
        tests: &[
            "assert(twice(4) == 8);",
            "#include <cassert>\nauto main() -> int { assert(twice(4) == 8); }",
        ],
    },
    Programs {
        language: Language::Rust,
        double: "fn main() { let mut s = String::new(); std::io::stdin().read_line(&mut s).unwrap(); println!(\"{}\", s.trim().parse::<i64>().unwrap() * 2); }",
        echo: "fn main() { let mut s = String::new(); std::io::stdin().read_line(&mut s).unwrap(); println!(\"{}\", s.trim()); }",
        broken: "fn main() { let n: i32 = \"4\"; }",
        raises: "fn main() { let mut s = String::new(); std::io::stdin().read_line(&mut s).unwrap(); println!(\"{}\", s.trim().parse::<i64>().unwrap() * 2); panic!(\"so\"); }",
        endless: "fn main() { let mut n = 0u64; loop { n = std::hint::black_box(n + 1); } }",
        greedy: "fn main() { let mut v = Vec::new(); loop { v.push(vec![1u8; 1 << 20]); std::hint::black_box(&v); } }",
        twice: "#![allow(unused)]\npub fn twice(n: i32) -> i32 { n * 2 }\nfn main() { println!(\"a main of its own\"); }",
        once: "fn twice(n: i32) -> i32 { n }",
        exits: "fn twice(n: i32) -> i32 { std::process::exit(0) }",
        tests: &[
            "assert_eq!(twice(4), 8);",
            "fn main() { debug_assert_eq!(twice(4), 8); }",
            "#[cfg(test)]\nmod tests {\n    use super::*;\n    #[test]\n    fn doubles() { assert_eq!(twice(4), 8); }\n}",
        ],
    },
    Programs {
        language: Language::JavaScript,
        double: "const text = require('fs').readFileSync(0, 'utf8');\nconsole.log(Number(text) * 2);",
        echo: "import { readFileSync } from 'fs';\nconsole.log(Number(readFileSync(0, 'utf8')));",
        broken: "function {",
        raises: "console.log(Number(require('fs').readFileSync(0, 'utf8')) * 2);\nthrow new Error('so');",
        endless: "for (;;) {}",
        greedy: "const all = []; for (;;) all.push(new Array(1 << 16).fill(all.length));",
        twice: "const twice = (n) => n * 2;",
        once: "function twice(n) { return n; }",
        exits: "function twice(n) { process.exit(0); }",
        tests: &[
            "const assert = require('assert');\nassert.strictEqual(twice(4), 8);",
            "import assert from 'assert';\nassert.strictEqual(await Promise.resolve(twice(4)), 8);",
            "console.assert(twice(4) === 8, 'twice');",
            "import assert from 'assert';\nconst other = require('assert');\nother.equal(twice(4), 8);",
            "setTimeout(() => { if (twice(4) !== 8) throw new Error('so'); }, 1);",
        ],
    },
    Programs {
        language: Language::Go,
        double: "package main\n\nimport \"fmt\"\n\nfunc main() { var n int; fmt.Scan(&n); fmt.Println(n * 2) }",
        echo: "package main\n\nimport \"fmt\"\n\nfunc main() { var n int; fmt.Scan(&n); fmt.Println(n) }",
        broken: "package main\n\nfunc main() { n := 4 }",
        raises: "package main\n\nimport \"fmt\"\n\nfunc main() { var n int; fmt.Scan(&n); fmt.Println(n * 2); panic(\"so\") }",
        endless: "package main\n\nfunc main() { for { } }",
        greedy: "package main\n\nvar all [][]byte\n\nfunc main() { for { b := make([]byte, 1<<20); for i := range b { b[i] = 1 }; all = append(all, b) } }",
        twice: "package main\n\nimport \"fmt\"\n\nfunc twice(n int) int { return n * 2 }\n\nfunc main() { fmt.Println(\"a main of its own\") }",
        once: "package solution\n\nfunc twice(n int) int { return n }",
        exits: "package main\n\nimport \"os\"\n\nfunc twice(n int) int { os.Exit(0); return n }",
        tests: &[
            "if twice(4) != 8 { panic(\"twice\") }",
            "package main\n\nimport \"os\"\n\nfunc main() { if twice(4) != 8 { os.Exit(1) } }",
            "package main\n\nimport \"testing\"\n\nfunc TestTwice(t *testing.T) { if twice(4) != 8 { t.Fatal(\"twice\") } }",
            "import \"testing\"\n\nfunc TestNothing(t *testing.T) {}\n\nfunc TestTwice(t *testing.T) { t.Parallel(); t.Run(\"four\", func(t *testing.T) { t.Parallel(); if twice(4) != 8 { t.Error(\"twice\") } }) }",
        ],
    },
    Programs {
        language: Language::Java,
        double: "import java.util.*;\npublic class Doubler { public static void main(String[] args) { System.out.println(new Scanner(System.in).nextInt() * 2); } }",
        echo: "package a.b;\nclass Other {}\nclass Main { static class Inner {} public static void main(String[] args) { new Inner(); System.out.println(new java.util.Scanner(System.in).nextInt()); } }",
        broken: "public class Main { public static void main(String[] args) { int n = \"4\"; } }",
        raises: "class Main { public static void main(String[] args) { System.out.println(new java.util.Scanner(System.in).nextInt() * 2); throw new RuntimeException(\"so\"); } }",
        endless: "class Main { public static void main(String[] args) { long n = 0; while (true) n++; } }",
        greedy: "class Main { public static void main(String[] args) { var all = new java.util.ArrayList<byte[]>(); while (true) all.add(new byte[1 << 20]); } }",
        twice: "import java.util.*;\npublic class Solution { public static int twice(int n) { return n * 2; } }",
        once: "import java.util.*;\nclass Solution { static int twice(int n) { return n; } }",
        exits: "import java.util.*;\nclass Solution { static int twice(int n) { System.exit(0); return n; } }",
        tests: &[
            "assert Solution.twice(4) == 8;",
            "public class Main {\n    public static void main(String[] args) {\n        List<Boolean> right = Arrays.asList(Solution.twice(4) == 8);\n        if (right.contains(false)) throw new AssertionError();\n    }\n}",
            "import java.util.List;\nfor (int n : List.of(1, 4)) if (Solution.twice(n) != n * 2) throw new AssertionError(n);",
            "public class Main {\n    public static void main(String[] args) { if (Solution.twice(4) != 8) throw new AssertionError(); }\n}",
        ],
    },
    Programs {
        language: Language::Bash,
        double: "read -r n; echo $((n * 2))",
        echo: "cat",
        broken: "if then",
        raises: "read -r n; echo $((n * 2)); exit 3",
        endless: "while :; do :; done",
        greedy: "x=$(printf '%1000000s' x); while :; do x=$x$x; done",
        twice: "twice() { echo $(($1 * 2)); }",
        once: "twice() { echo \"$1\"; }",
        exits: "twice() { echo 8; }\nexit 0",
        tests: &[
            "[ \"$(twice 4)\" = 8 ]\n[ \"$(twice 0)\" = 0 ]",
            "[ \"$(twice 4)\" = 8 ] && echo right",
            "if [ \"$(twice 4)\" != 8 ]; then echo wrong; exit 1; fi",
        ],
    },
];
