//! The model that embeds sentences, fetched as a user fetches it, against an independent computation.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use lehr_hygiene::embedding::{Embedder, cosine};
use lehr_tests::{error_of, program};
use serde_json::Value;

/// The largest difference from the reference, which was computed in float64 with numpy from the
/// published weights.
const TOLERANCE: f32 = 1e-4;

/// Texts with the first of their 384 dimensions.
const REFERENCE: [(&str, [f32; 4]); 3] = [
    (
        "A train leaves the station with 120 passengers.",
        [-0.033_947_95, 0.008_267_37, -0.053_525_98, 0.093_978_38],
    ),
    (
        "Setting off with 120 travellers, a railcar leaves.",
        [0.072_806_36, 0.056_557_1, -0.015_200_78, 0.112_720_24],
    ),
    ("The cat sat on the mat.", [0.130_237_18, -0.015_772_82, -0.036_716_68, 0.057_986_42]),
];

/// The cosines of the first text with the others, which depend on all dimensions.
const COSINES: [f32; 2] = [0.608_887_13, 0.085_369_39];

#[test]
fn vectors_agree_with_an_independent_computation() -> Result<()> {
    let mut pull = Command::new(program("lehr")?);
    let output = pull.args(["model", "pull", "all-minilm-l6-v2", "--json"]).output()?;
    ensure!(output.status.success(), "{}", error_of(&output)?);
    let pulled: Value = serde_json::from_slice(&output.stdout)?;
    let embedder = Embedder::open(Path::new(pulled["path"].as_str().context("no path")?))?;
    ensure!(embedder.dimensions() == 384, "{} dimensions", embedder.dimensions());

    let mut vectors = Vec::new();
    for (text, want) in REFERENCE {
        let vector = embedder.embed(text)?;
        ensure!(vector.len() == 384, "{} dimensions", vector.len());
        for (at, (found, want)) in vector.iter().zip(want).enumerate() {
            ensure!((found - want).abs() < TOLERANCE, "{text}: {found}, not {want}, at {at}");
        }
        vectors.push(vector);
    }
    for (other, want) in vectors[1..].iter().zip(COSINES) {
        let found = cosine(&vectors[0], other);
        ensure!((found - want).abs() < TOLERANCE, "a cosine of {found}, not {want}");
    }
    Ok(())
}
