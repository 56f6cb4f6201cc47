//! Where things are kept that can be made again.

use std::path::PathBuf;

/// The variable that names another directory.
const OVERRIDE: &str = "LEHR_CACHE_DIR";

/// `LEHR_CACHE_DIR`, else `lehr` in the user's cache directory; `None` without a home.
pub(crate) fn cache_dir() -> Option<PathBuf> {
    let named =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    named(OVERRIDE)
        .or_else(|| named("XDG_CACHE_HOME").map(|dir| dir.join("lehr")))
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache/lehr")))
}
