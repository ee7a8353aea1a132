#![doc = include_str!("../README.md")]

mod access;
mod account;
mod action;
mod chance;
mod config;
mod custody;
mod durable;
mod error;
mod extract;
mod file;
mod flight;
mod guard;
mod journal;
mod lead;
mod openapi;
mod page;
mod password;
mod problem;
mod range;
mod refusal;
mod route;
mod router;
mod routes;
mod security;
mod server;
mod session;
mod stac;
mod state;
mod throttle;
mod upload;
mod who;

pub use config::{Config, Limits};
pub use error::Error;
pub use password::password_hash;
pub(crate) use problem::Problem;
pub use server::{Server, serve};
