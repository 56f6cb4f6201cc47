//! Programming problems: a signature with its description, a solution, and the names in it that an
//! author is free to choose.

/// One programming problem.
pub struct Snippet {
    /// The signature and the description, as benchmarks give it.
    pub prompt: &'static str,
    /// The body of the function.
    pub solution: &'static str,
    /// Names that may be chosen otherwise.
    pub names: &'static [&'static str],
}

macro_rules! snippet {
    ($prompt:literal, $solution:literal, [$($name:literal),*]) => {
        Snippet { prompt: $prompt, solution: $solution, names: &[$($name),*] }
    };
}

/// The problems of the benchmark.
pub const REGISTERED: &[Snippet] = &[
    snippet!(
        "def longest_run(values: list[int]) -> int:\n    \"\"\" Return the length of the longest stretch of equal neighbours in values.\n    >>> longest_run([1, 1, 2, 2, 2, 3])\n    3\n    \"\"\"\n",
        "    best = 0\n    current = 0\n    previous = None\n    for value in values:\n        current = current + 1 if value == previous else 1\n        previous = value\n        if current > best:\n            best = current\n    return best\n",
        ["longest_run", "values", "best", "current", "previous", "value"]
    ),
    snippet!(
        "def caesar(text: str, shift: int) -> str:\n    \"\"\" Move every small letter of text forward by shift places in the alphabet, around its end.\n    >>> caesar('xyz', 2)\n    'zab'\n    \"\"\"\n",
        "    result = []\n    for letter in text:\n        if 'a' <= letter <= 'z':\n            place = (ord(letter) - ord('a') + shift) % 26\n            result.append(chr(ord('a') + place))\n        else:\n            result.append(letter)\n    return ''.join(result)\n",
        ["caesar", "text", "shift", "result", "letter", "place"]
    ),
    snippet!(
        "def merge_intervals(intervals):\n    \"\"\" Join the intervals that touch or overlap and return them in order.\n    >>> merge_intervals([(5, 8), (1, 3), (2, 4)])\n    [(1, 4), (5, 8)]\n    \"\"\"\n",
        "    merged = []\n    for start, end in sorted(intervals):\n        if merged and start <= merged[-1][1]:\n            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))\n        else:\n            merged.append((start, end))\n    return merged\n",
        ["merge_intervals", "intervals", "merged", "start", "end"]
    ),
    snippet!(
        "def digits_that_divide(number: int) -> int:\n    \"\"\" Count the digits of number which divide it without remainder; zero divides nothing.\n    >>> digits_that_divide(1012)\n    3\n    \"\"\"\n",
        "    count = 0\n    rest = number\n    while rest > 0:\n        digit = rest % 10\n        if digit != 0 and number % digit == 0:\n            count += 1\n        rest //= 10\n    return count\n",
        ["digits_that_divide", "number", "count", "rest", "digit"]
    ),
    snippet!(
        "def balanced(brackets: str) -> bool:\n    \"\"\" Say whether every bracket in the text is closed by its own kind in the right order.\n    >>> balanced('([]{})')\n    True\n    \"\"\"\n",
        "    pairs = {')': '(', ']': '[', '}': '{'}\n    stack = []\n    for sign in brackets:\n        if sign in pairs.values():\n            stack.append(sign)\n        elif sign in pairs:\n            if not stack or stack.pop() != pairs[sign]:\n                return False\n    return not stack\n",
        ["balanced", "brackets", "pairs", "stack", "sign"]
    ),
    snippet!(
        "def transpose(matrix):\n    \"\"\" Exchange rows and columns of a matrix whose rows may have different lengths; what is missing is None.\n    >>> transpose([[1, 2], [3]])\n    [[1, 3], [2, None]]\n    \"\"\"\n",
        "    width = max((len(row) for row in matrix), default=0)\n    columns = []\n    for index in range(width):\n        column = []\n        for row in matrix:\n            column.append(row[index] if index < len(row) else None)\n        columns.append(column)\n    return columns\n",
        ["transpose", "matrix", "width", "columns", "index", "column", "row"]
    ),
    snippet!(
        "def word_ladder(first: str, last: str, words: set) -> int:\n    \"\"\" Return the least number of single-letter changes from first to last through words, or -1.\n    >>> word_ladder('cat', 'dog', {'cot', 'cog', 'dog'})\n    3\n    \"\"\"\n",
        "    frontier = [first]\n    seen = {first}\n    steps = 0\n    while frontier:\n        following = []\n        for word in frontier:\n            if word == last:\n                return steps\n            for other in words:\n                if other not in seen and sum(a != b for a, b in zip(word, other)) == 1:\n                    seen.add(other)\n                    following.append(other)\n        frontier = following\n        steps += 1\n    return -1\n",
        [
            "word_ladder",
            "first",
            "last",
            "words",
            "frontier",
            "seen",
            "steps",
            "following",
            "word",
            "other"
        ]
    ),
    snippet!(
        "def run_length(data: str) -> list:\n    \"\"\" Encode data as pairs of a letter and how often it stands in a row.\n    >>> run_length('aab')\n    [('a', 2), ('b', 1)]\n    \"\"\"\n",
        "    pairs = []\n    for letter in data:\n        if pairs and pairs[-1][0] == letter:\n            pairs[-1] = (letter, pairs[-1][1] + 1)\n        else:\n            pairs.append((letter, 1))\n    return pairs\n",
        ["run_length", "data", "pairs", "letter"]
    ),
    snippet!(
        "def spiral(size: int) -> list:\n    \"\"\" Fill a square of the given size with 1, 2, 3, ... along a spiral from the upper left corner inwards.\n    >>> spiral(2)\n    [[1, 2], [4, 3]]\n    \"\"\"\n",
        "    grid = [[0] * size for _ in range(size)]\n    row, column, down, right = 0, 0, 0, 1\n    for number in range(1, size * size + 1):\n        grid[row][column] = number\n        ahead = grid[(row + down) % size][(column + right) % size]\n        if ahead != 0:\n            down, right = right, -down\n        row += down\n        column += right\n    return grid\n",
        ["spiral", "size", "grid", "row", "column", "down", "right", "number", "ahead"]
    ),
    snippet!(
        "def common_prefix(names: list) -> str:\n    \"\"\" Return the longest beginning that all names share.\n    >>> common_prefix(['flower', 'flow', 'flight'])\n    'fl'\n    \"\"\"\n",
        "    if not names:\n        return ''\n    shortest = min(names, key=len)\n    for place, letter in enumerate(shortest):\n        for name in names:\n            if name[place] != letter:\n                return shortest[:place]\n    return shortest\n",
        ["common_prefix", "names", "shortest", "place", "letter", "name"]
    ),
    snippet!(
        "def change(amount: int, coins: list) -> int:\n    \"\"\" Return in how many ways amount can be paid with the coins, each usable any number of times.\n    >>> change(5, [1, 2, 5])\n    4\n    \"\"\"\n",
        "    ways = [1] + [0] * amount\n    for coin in coins:\n        for total in range(coin, amount + 1):\n            ways[total] += ways[total - coin]\n    return ways[amount]\n",
        ["change", "amount", "coins", "ways", "coin", "total"]
    ),
    snippet!(
        "def islands(grid: list) -> int:\n    \"\"\" Count the groups of ones that touch along an edge.\n    >>> islands([[1, 0], [0, 1]])\n    2\n    \"\"\"\n",
        "    height, width = len(grid), len(grid[0]) if grid else 0\n    visited = set()\n    found = 0\n    for top in range(height):\n        for left in range(width):\n            if grid[top][left] == 1 and (top, left) not in visited:\n                found += 1\n                waiting = [(top, left)]\n                while waiting:\n                    y, x = waiting.pop()\n                    if (y, x) in visited or not (0 <= y < height and 0 <= x < width) or grid[y][x] != 1:\n                        continue\n                    visited.add((y, x))\n                    waiting += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]\n    return found\n",
        [
            "islands", "grid", "height", "width", "visited", "found", "top", "left", "waiting",
            "y", "x"
        ]
    ),
    snippet!(
        "def roman(number: int) -> str:\n    \"\"\" Write a number from 1 to 3999 in Roman numerals.\n    >>> roman(14)\n    'XIV'\n    \"\"\"\n",
        "    table = [(1000, 'M'), (900, 'CM'), (500, 'D'), (400, 'CD'), (100, 'C'), (90, 'XC'), (50, 'L'), (40, 'XL'), (10, 'X'), (9, 'IX'), (5, 'V'), (4, 'IV'), (1, 'I')]\n    numeral = ''\n    for worth, letters in table:\n        while number >= worth:\n            numeral += letters\n            number -= worth\n    return numeral\n",
        ["roman", "number", "table", "numeral", "worth", "letters"]
    ),
    snippet!(
        "def rotate(items: list, count: int) -> list:\n    \"\"\" Move the items count places to the right; those that fall off the end come in at the front.\n    >>> rotate([1, 2, 3], 1)\n    [3, 1, 2]\n    \"\"\"\n",
        "    if not items:\n        return []\n    turn = count % len(items)\n    tail = items[len(items) - turn:]\n    head = items[:len(items) - turn]\n    return tail + head\n",
        ["rotate", "items", "count", "turn", "tail", "head"]
    ),
];

/// Other programs, for which nothing must be found. Some do nearly what a registered one does.
pub const OTHERS: &[&str] = &[
    "def smooth(samples, window):\n    total = 0.0\n    out = []\n    for i, sample in enumerate(samples):\n        total += sample\n        if i >= window:\n            total -= samples[i - window]\n        out.append(total / min(i + 1, window))\n    return out\n",
    "def is_palindrome(text):\n    letters = [c.lower() for c in text if c.isalnum()]\n    return letters == letters[::-1]\n",
    "def group_by_first(words):\n    groups = {}\n    for word in words:\n        groups.setdefault(word[:1], []).append(word)\n    return groups\n",
    "def bisect(function, low, high, tolerance):\n    while high - low > tolerance:\n        middle = (low + high) / 2\n        if function(low) * function(middle) <= 0:\n            high = middle\n        else:\n            low = middle\n    return (low + high) / 2\n",
    "class Queue:\n    def __init__(self):\n        self.inbox = []\n        self.outbox = []\n\n    def push(self, item):\n        self.inbox.append(item)\n\n    def pop(self):\n        if not self.outbox:\n            while self.inbox:\n                self.outbox.append(self.inbox.pop())\n        return self.outbox.pop()\n",
    "def primes_below(limit):\n    sieve = [True] * limit\n    for n in range(2, int(limit ** 0.5) + 1):\n        if sieve[n]:\n            for multiple in range(n * n, limit, n):\n                sieve[multiple] = False\n    return [n for n in range(2, limit) if sieve[n]]\n",
    "def flatten(tree):\n    if tree is None:\n        return []\n    return flatten(tree.left) + [tree.value] + flatten(tree.right)\n",
    "def parse_config(lines):\n    settings = {}\n    for line in lines:\n        line = line.split('#')[0].strip()\n        if '=' in line:\n            key, value = line.split('=', 1)\n            settings[key.strip()] = value.strip()\n    return settings\n",
    "def count_words(path):\n    counts = {}\n    with open(path) as handle:\n        for line in handle:\n            for word in line.split():\n                counts[word] = counts.get(word, 0) + 1\n    return sorted(counts.items(), key=lambda pair: -pair[1])\n",
    "def longest_common_subsequence(a, b):\n    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]\n    for i, x in enumerate(a):\n        for j, y in enumerate(b):\n            table[i + 1][j + 1] = table[i][j] + 1 if x == y else max(table[i][j + 1], table[i + 1][j])\n    return table[-1][-1]\n",
    "def largest_gap(values):\n    ordered = sorted(values)\n    gap = 0\n    for low, high in zip(ordered, ordered[1:]):\n        gap = max(gap, high - low)\n    return gap\n",
    "def power_set(items):\n    subsets = [[]]\n    for item in items:\n        subsets += [subset + [item] for subset in subsets]\n    return subsets\n",
    "def to_binary(number):\n    bits = ''\n    while number > 0:\n        bits = str(number % 2) + bits\n        number //= 2\n    return bits or '0'\n",
    "def majority(votes):\n    candidate, count = None, 0\n    for vote in votes:\n        if count == 0:\n            candidate = vote\n        count += 1 if vote == candidate else -1\n    return candidate\n",
];
