# Prints the square of what it reads.
# form: stdin
# tests: {"cases": [{"stdin": "3\n", "stdout": "9\n"}, {"stdin": "4\n", "stdout": "16\n"}]}
# expect: verdict=correct
number = int(input())
print(number * number)
