//! Slots that are kept for the next program, and how many programs run at once.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::harness::Warm;
use super::launch::Identity;
use super::slot::{Blueprint, Slot};
use super::{Layer, Python, SandboxError, Start};

/// What a slot is kept for: the paths of the host that its root shows, and whether it has a warm
/// interpreter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kind {
    needs: Vec<PathBuf>,
    warm: Option<Warm>,
}

/// The slots.
#[derive(Debug)]
pub(super) struct Pool {
    blueprint: Blueprint,
    /// How many may run at once.
    jobs: usize,
    /// How many may wait for their turn.
    queue: usize,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: HashMap<Kind, Vec<Slot>>,
    running: usize,
    waiting: usize,
}

/// The right to run; it goes back when dropped.
pub(super) struct Turn<'a>(&'a Pool);

impl Pool {
    pub fn new(blueprint: Blueprint, jobs: usize, queue: usize) -> Self {
        let (state, freed) = (Mutex::default(), Condvar::new());
        Self { blueprint, jobs: jobs.max(1), queue, state, freed }
    }

    /// A pool for one program after another, with just these layers, of which none is kept warm.
    pub fn of_layers(layers: BTreeSet<Layer>, python: &Python) -> Self {
        let (identity, python) = (Identity::here(&layers), python.clone());
        Self::new(Blueprint { layers, identity, python, cgroups: None, warm: false }, 1, 0)
    }

    pub fn blueprint(&self) -> &Blueprint {
        &self.blueprint
    }

    /// Waits for a turn to run.
    ///
    /// # Errors
    /// [`SandboxError::Busy`] when too many wait already.
    pub fn turn(&self) -> Result<Turn<'_>, SandboxError> {
        let mut state = self.state();
        if state.running >= self.jobs {
            if state.waiting >= self.queue {
                return Err(SandboxError::Busy(self.queue));
            }
            state.waiting += 1;
            while state.running >= self.jobs {
                state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            state.waiting -= 1;
        }
        state.running += 1;
        Ok(Turn(self))
    }

    /// Whether an idle slot has a warm interpreter.
    pub fn has_warm_slot(&self) -> bool {
        self.state().idle.values().flatten().any(|slot| slot.zygote.is_some())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Its numbers are right at every moment, whatever happens to a thread that holds it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kind(&self, start: &Start) -> Kind {
        let needs = match start {
            Start::Script(_) | Start::Harness(_) => &self.blueprint.python.needs,
            Start::Command(command) => &command.needs,
        };
        Kind { needs: needs.clone(), warm: Warm::of(start) }
    }
}

impl Turn<'_> {
    /// Lends a slot in which a program that starts so can run.
    pub fn with_slot<T>(
        &self,
        start: &Start,
        run: impl FnOnce(&mut Slot, &Blueprint) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        let pool = self.0;
        let kind = pool.kind(start);
        let mut slot = loop {
            let kept = pool.state().idle.get_mut(&kind).and_then(Vec::pop);
            match kept {
                Some(slot) if slot.is_alive() => break slot,
                Some(dead) => drop(dead),
                None => break Slot::start(&pool.blueprint, &kind.needs, kind.warm)?,
            }
        };
        let result = run(&mut slot, &pool.blueprint);
        if slot.sound {
            pool.state().idle.entry(kind).or_default().push(slot);
        }
        result
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.state().running -= 1;
        self.0.freed.notify_one();
    }
}
