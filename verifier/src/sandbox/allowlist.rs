//! The list of system calls as a filter program: a binary search over ranges of numbers.
//!
//! When a filter is set, the kernel runs it once for every number that there is, to know which calls
//! it need not be asked about later. A chain of comparisons, one for each call of the list, makes that
//! the dearest step of a sandbox; a tree of some eight comparisons makes it one of the cheapest.

use libc::c_long;

/// What `seccomp_data` begins with: the number of the call, then the architecture.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;

/// `linux/audit.h`.
#[cfg(target_arch = "x86_64")]
const HERE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const HERE: u32 = 0xc000_00b7;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
compile_error!("the sandbox knows the system calls of x86-64 and of 64-bit ARM");

const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
const IS: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
const IS_AT_LEAST: u16 = (libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K) as u16;
const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
const REFUSE: u32 = libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32;

/// One instruction of classic BPF: operation, the ways when true and when false, value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Instruction(u16, u8, u8, u32);

/// A filter that lets pass these numbers, refuses all others (`ENOSYS`), and kills whoever calls as
/// another architecture. As bytes of `sock_filter`.
pub(super) fn allowlist(numbers: &[c_long]) -> Vec<u8> {
    let program = compile(numbers);
    let bytes = |i: Instruction| {
        let [o0, o1] = i.0.to_ne_bytes();
        let [v0, v1, v2, v3] = i.3.to_ne_bytes();
        [o0, o1, i.1, i.2, v0, v1, v2, v3]
    };
    program.into_iter().flat_map(bytes).collect()
}

fn compile(numbers: &[c_long]) -> Vec<Instruction> {
    let mut program = vec![
        Instruction(LOAD, 0, 0, ARCHITECTURE),
        Instruction(IS, 1, 0, HERE),
        Instruction(RETURN, 0, 0, libc::SECCOMP_RET_KILL_PROCESS),
        Instruction(LOAD, 0, 0, NUMBER),
    ];
    program.extend(tree(&borders(numbers), false));
    program
}

/// The numbers at which what holds changes: from refused to allowed, back, and so on.
fn borders(numbers: &[c_long]) -> Vec<u32> {
    let mut numbers: Vec<u32> = numbers.iter().filter_map(|&n| u32::try_from(n).ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut borders = Vec::new();
    for number in numbers {
        match borders.last() {
            Some(&end) if end == number => {
                borders.pop();
            }
            _ => borders.push(number),
        }
        borders.push(number + 1);
    }
    borders
}

/// A search among borders; below the first of them `allowed` holds.
fn tree(borders: &[u32], allowed: bool) -> Vec<Instruction> {
    let middle = borders.len() / 2;
    let Some(&border) = borders.get(middle) else {
        let action = if allowed { libc::SECCOMP_RET_ALLOW } else { REFUSE };
        return vec![Instruction(RETURN, 0, 0, action)];
    };
    let below = tree(&borders[..middle], allowed);
    let above = tree(&borders[middle + 1..], allowed ^ middle.is_multiple_of(2));
    // The way over what is below has eight bits; beyond, a jump of its own takes it.
    let mut program = match u8::try_from(below.len()) {
        Ok(way) => vec![Instruction(IS_AT_LEAST, way, 0, border)],
        Err(_) => vec![
            Instruction(IS_AT_LEAST, 0, 1, border),
            Instruction(libc::BPF_JMP as u16, 0, 0, below.len() as u32),
        ],
    };
    program.extend(below);
    program.extend(above);
    program
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the kernel does with a program: the action for a call.
    fn run(program: &[Instruction], architecture: u32, number: u32) -> Option<u32> {
        let (mut at, mut value) = (0, 0);
        loop {
            let &Instruction(operation, yes, no, operand) = program.get(at)?;
            at += 1;
            match operation {
                LOAD => value = if operand == NUMBER { number } else { architecture },
                IS => at += usize::from(if value == operand { yes } else { no }),
                IS_AT_LEAST => at += usize::from(if value >= operand { yes } else { no }),
                RETURN => return Some(operand),
                _ => at += operand as usize,
            }
        }
    }

    proptest! {
        #[test]
        fn just_the_numbers_of_the_list_pass(
            numbers in prop::collection::btree_set(0i64..1000, 0..600),
            others in prop::collection::vec(any::<u32>(), 20),
        ) {
            let listed: Vec<c_long> = numbers.iter().copied().collect();
            let program = compile(&listed);
            for number in (0..1001).chain(others) {
                let action = match numbers.contains(&i64::from(number)) {
                    true => libc::SECCOMP_RET_ALLOW,
                    false => REFUSE,
                };
                prop_assert_eq!(run(&program, HERE, number), Some(action), "{}", number);
                prop_assert_eq!(run(&program, 1, number), Some(libc::SECCOMP_RET_KILL_PROCESS));
            }
        }
    }

    #[test]
    fn a_filter_is_as_long_as_the_kernel_takes() {
        let scattered: Vec<c_long> = (0..600).map(|n| 3 * n).collect();
        assert!(allowlist(&scattered).len() / 8 < libc::BPF_MAXINSNS as usize);
    }
}
