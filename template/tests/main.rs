//! Generates Spaces with `cargo generate` and uses them as their owners would.

mod browser;
mod card;
mod generate;
mod recipes;
mod repository;
mod running;

mod answers;
mod anywhere;
mod drift;
mod new_space;
mod project_names;
mod readme;
mod security_docs;
mod sources;
mod upgrade;
