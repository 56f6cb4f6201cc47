//! What this program, its wardens and their cells say to each other.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Layer;
use super::launch::{CommandLine, Identity, Rlimit};
use super::nest::Nest;
use super::plan::Plan;
use super::stage::Failure;

/// To the warden, first: what all its cells have. With it comes the zygote's line, when there is
/// one.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Hello {
    pub layers: BTreeSet<Layer>,
    pub identity: Identity,
    /// The root; `None` where there is no mount namespace.
    pub nest: Option<Nest>,
    pub plan: Plan,
    /// The warm interpreter to start.
    pub zygote: Option<CommandLine>,
}

/// To the warden.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    /// Its identities are mapped.
    Mapped,
    /// Make a cell. With it come the files' contents, one after the other in a file of memory, and
    /// the descriptors of the program when the cell starts it.
    Cell(Cell),
}

/// A cell to make.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Cell {
    /// The scratch, where there is a mount namespace.
    pub scratch: Option<Scratch>,
    /// The program's files, likewise.
    pub files: Vec<CellFile>,
    /// The program, when the cell itself starts it.
    pub start: Option<Cold>,
}

/// A scratch: its size in bytes and files, and its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Scratch {
    pub size: u64,
    pub inodes: u32,
    pub owner: (u32, u32),
}

/// A file of the program.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CellFile {
    pub name: String,
    pub length: u64,
    pub executable: bool,
}

/// A program that its cell starts. Its descriptors come in the order of [`Wiring`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Cold {
    pub command: CommandLine,
    pub rlimits: Vec<Rlimit>,
    pub wiring: Wiring,
}

/// Which descriptors a program has beside 0, 1 and 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wiring {
    /// 3: the channel for results.
    pub channel: bool,
    /// 4 and 5: where the other of a pair is heard and spoken to.
    pub link: bool,
}

impl Wiring {
    /// The numbers of the descriptors, in the order in which they are sent.
    pub fn numbers(self) -> impl Iterator<Item = i32> {
        let channel = self.channel.then_some(3);
        let link = if self.link { [Some(4), Some(5)] } else { [None, None] };
        [0, 1, 2].into_iter().chain(channel).chain(link.into_iter().flatten())
    }
}

/// From the warden and its cells.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum News {
    /// The warden is in a user namespace of its own, and waits to be mapped.
    Unmapped,
    /// The warden is ready.
    Nested,
    /// A cell's first process was made. With it comes a descriptor of it.
    Born {
        /// Its number.
        pid: i32,
    },
    /// The cell is ready; the program that it starts itself has started. With it come the scratch,
    /// and the Landlock ruleset, as far as there are any.
    Ready {
        /// Whether the scratch comes.
        scratch: bool,
        /// Whether the ruleset comes.
        ruleset: bool,
    },
    /// Something went wrong: there is no warden or no cell.
    Failed(Failure),
    /// The program that the cell started has ended, with this wait status.
    Ended {
        /// As `wait` gives it.
        status: i32,
    },
    /// The cell's first process has ended, and with it everything in it.
    Gone {
        /// Processor time of all that was waited for in the cell.
        cpu: Duration,
    },
}
