//! Rebuilds the crate when a recipe is added to `prompts/` or taken from it: the files are embedded,
//! and the compiler by itself notices only changes of those that were there before.

fn main() {
    println!("cargo::rerun-if-changed=../prompts");
}
