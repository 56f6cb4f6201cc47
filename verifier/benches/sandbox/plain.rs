//! The same work by plain processes: what checking costs without a sandbox.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use lehr_verifier::Sandbox;

/// Runs `python3 -I -c` on a program: whether it ended well, and within the time.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn python(sandbox: &Sandbox, source: &str, most: Duration) -> anyhow::Result<bool> {
    let mut child = Command::new(&sandbox.python().executable)
        .args(["-I", "-c", source])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("python3")?;
    if most == Duration::MAX {
        return Ok(child.wait()?.success());
    }
    let start = Instant::now();
    while start.elapsed() < most {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill()?;
    child.wait()?;
    Ok(false)
}

/// Does so many pieces of work on so many threads, each piece once: gives the time of each, in
/// milliseconds and in order, and that of all, in seconds.
///
/// # Errors
/// The first of a piece.
pub(crate) fn spread(
    pieces: usize,
    threads: usize,
    work: impl Fn(usize) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<(Vec<f64>, f64)> {
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    let one = || {
        let mut times = Vec::new();
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                return anyhow::Ok(times);
            }
            let start = Instant::now();
            work(piece)?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
    };
    let mut times = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        let mut all = Vec::new();
        for thread in threads {
            all.extend(thread.join().map_err(|_| anyhow::anyhow!("a thread panicked"))??);
        }
        anyhow::Ok(all)
    })?;
    times.sort_by(f64::total_cmp);
    Ok((times, start.elapsed().as_secs_f64()))
}

/// The value below which this part of sorted values lies.
pub(crate) fn quantile(sorted: &[f64], part: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
}

/// The middle of some values.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    quantile(&values, 0.5)
}
