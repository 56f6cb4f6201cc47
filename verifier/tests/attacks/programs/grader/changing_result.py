# Returns a list that changes while it is looked at.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": [9]}, {"args": [4], "expect": [16]}]}
# expect: verdict=wrong or verdict=over_budget
class Changing(list):
    def __iter__(self):
        yield 9

    def __len__(self):
        return 1

    def __getitem__(self, place):
        return 9


def f(x):
    return Changing([0])
