//! Solutions that were broken on purpose, always in the same way.

/// What is exchanged in the text of a solution, tried in this order.
const EXCHANGES: [(&str, &str); 16] = [
    (" < ", " <= "),
    (" > ", " >= "),
    (" <= ", " < "),
    (" >= ", " > "),
    (" == ", " != "),
    (" + 1", ""),
    (" - 1", ""),
    (" and ", " or "),
    (" or ", " and "),
    ("True", "False"),
    ("range(", "range(1, 1 + "),
    (" + ", " - "),
    (" * ", " + "),
    ("[1:]", "[:]"),
    (" not ", " "),
    ("return ", "return not "),
];

/// Returns nothing.
const NOTHING: &str = "value = None";
/// Returns something near the value, of the same type.
const NEAR: &str = "kind = type(value)
    if kind is bool: value = not value
    elif kind is int or kind is float: value = value + 1
    elif kind is str: value = value + ' '
    elif kind is list: value = value + [None]
    elif kind is tuple: value = value + (None,)
    elif kind is dict: value = dict(value, **{'': None})
    elif value is None: value = 0
    else: value = None";
/// Returns the opposite of the value.
const OPPOSITE: &str = "kind = type(value)
    if kind is bool: value = not value
    elif kind is int or kind is float: value = -value - 1
    elif kind is str: value = value[::-1] + '.'
    elif kind is list or kind is tuple: value = value[::-1] + value[:1]
    else: value = None";

/// The ways to break the `place`-th solution, in the order in which they are tried: the first that
/// really breaks it counts.
pub(crate) fn ways(place: usize, prompt: &str, solution: &str, function: &str) -> Vec<String> {
    let wrapped = |change: &str| {
        format!(
            "{prompt}{solution}\n\n_whole = {function}\n\n\ndef {function}(*args, **kwargs):\n    \
             value = _whole(*args, **kwargs)\n    {change}\n    return value\n"
        )
    };
    let exchanged = EXCHANGES
        .iter()
        .filter(|(from, _)| solution.contains(from))
        .map(|(from, to)| format!("{prompt}{}", solution.replacen(from, to, 1)));
    let whole = |change| std::iter::once(wrapped(change));
    match place % 4 {
        0 => whole(NOTHING).collect(),
        1 => whole(NEAR).chain(whole(NOTHING)).collect(),
        2 => whole(OPPOSITE).chain(whole(NOTHING)).collect(),
        _ => exchanged.chain(whole(NEAR)).chain(whole(NOTHING)).collect(),
    }
}
