//! The `lehr` program: the REST service, its client, the command line and the demonstration.
//!
//! This is the only crate that knows HTTP serving. [`http`] turns requests into calls of the
//! pipeline and its errors into problem details; [`command`] holds one file a command; [`client`]
//! is how every command that talks to a service does so, the demonstration included: it can do
//! nothing that a user could not.

pub mod client;
pub mod command;
pub mod config;
pub mod demo;
pub mod http;
pub mod output;
mod signal;
