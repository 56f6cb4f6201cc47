use std::{collections::BTreeMap, fs, path::Path};

use include_dir::{Dir, include_dir};

use super::{Recipe, RecipeError};

static BUILTIN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../prompts");

/// The largest recipe file, in bytes.
const LARGEST_FILE: u64 = 1024 * 1024;

/// All recipes that are at hand, by name.
#[derive(Clone, Debug)]
pub struct Recipes(BTreeMap<String, Recipe>);

/// No recipe has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no recipe `{name}`; known are {}", known.join(", "))]
pub struct UnknownRecipe {
    /// The name that was asked for.
    pub name: String,
    /// The names that exist.
    pub known: Vec<String>,
}

impl Recipes {
    /// The recipes that ship with lehr.
    ///
    /// # Panics
    /// Never: the tests of this crate load the same files, which are part of the program.
    pub fn builtin() -> Self {
        let mut recipes = BTreeMap::new();
        for file in BUILTIN.files() {
            let path = file.path().to_string_lossy();
            let text = file.contents_utf8().unwrap_or_default();
            #[expect(clippy::expect_used, reason = "embedded files that the tests load")]
            let recipe = Recipe::read(&path, text).expect("an embedded recipe is valid");
            recipes.insert(recipe.name.clone(), recipe);
        }
        Self(recipes)
    }

    /// The recipes that ship with lehr, with those of a directory's `*.toml` files beside them or,
    /// where a name is the same, in their place.
    ///
    /// # Errors
    /// A directory or file that cannot be read, or the first fault of the first faulty recipe.
    pub fn load(dir: &Path) -> Result<Self, RecipeError> {
        let read_error = |path: &Path| {
            let path = path.display().to_string();
            move |source: std::io::Error| RecipeError::Read { path, message: source.to_string() }
        };
        let mut paths = Vec::new();
        for entry in fs::read_dir(dir).map_err(read_error(dir))? {
            let path = entry.map_err(read_error(dir))?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                paths.push(path);
            }
        }
        paths.sort();
        let Self(mut recipes) = Self::builtin();
        for path in paths {
            let length = fs::metadata(&path).map_err(read_error(&path))?.len();
            if length > LARGEST_FILE {
                return Err(RecipeError::Read {
                    path: path.display().to_string(),
                    message: format!("has {length} bytes; a recipe has at most {LARGEST_FILE}"),
                });
            }
            let text = fs::read_to_string(&path).map_err(read_error(&path))?;
            let recipe = Recipe::read(&path.display().to_string(), &text)?;
            recipes.insert(recipe.name.clone(), recipe);
        }
        Ok(Self(recipes))
    }

    /// The recipe of that name.
    ///
    /// # Errors
    /// When there is none; the error lists those that exist.
    pub fn get(&self, name: &str) -> Result<&Recipe, UnknownRecipe> {
        self.0.get(name).ok_or_else(|| UnknownRecipe {
            name: name.to_owned(),
            known: self.0.keys().cloned().collect(),
        })
    }

    /// Every recipe, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Recipe> {
        self.0.values()
    }
}
