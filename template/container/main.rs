//! Builds the image, pushes Spaces, and runs them as Hugging Face does.

mod browser;
mod container;
mod engine;
mod https;
mod hub;
mod internet;
mod pushed;

#[allow(dead_code, reason = "the tests of the template use all of it")]
#[path = "../tests/card.rs"]
mod card;
#[allow(dead_code, reason = "the tests of the template use all of it")]
#[path = "../tests/generate.rs"]
mod generate;
#[allow(dead_code, reason = "the tests of the template use all of it")]
#[path = "../tests/repository.rs"]
mod repository;

mod audience;
mod contents;
mod dev_mode;
mod layers;
mod push;
mod run;
mod sign_in;
mod stop;
mod workflows;
