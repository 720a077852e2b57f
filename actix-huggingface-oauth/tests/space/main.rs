//! Sign-in over HTTP, in an app, against a Hub that refuses what the Hub refuses.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod any_app;
#[cfg(feature = "app-session")]
mod app_session;
mod asking_again;
mod bodies;
mod broken_cookies;
mod callback;
mod caller;
mod caller_limits;
mod caller_personal;
mod caller_table;
#[cfg(feature = "mock-hub")]
mod card;
mod chat;
mod chat_errors;
mod chat_events;
mod chat_history;
#[cfg(target_os = "linux")]
mod chat_leftovers;
mod chat_limits;
mod chat_pages;
mod clock;
mod closed_connections;
mod cookies;
mod crowd;
mod ended_tokens;
#[cfg(feature = "redis")]
mod existing_app;
mod floors;
mod for_pages;
#[cfg(feature = "mock-hub")]
mod forwarded;
mod gates;
mod guard;
mod hand_off;
mod helpers;
mod hostile_clients;
mod http_client;
mod hub_client;
mod hub_faults;
mod laptop;
#[cfg(target_os = "linux")]
mod leftovers;
mod login;
mod login_hooks;
mod logout;
mod manifest;
mod membership;
#[cfg(feature = "mock-hub")]
mod mock_caller;
#[cfg(feature = "mock-hub")]
mod mock_hub;
#[cfg(feature = "mock-hub")]
mod mock_restart;
#[cfg(feature = "mock-hub")]
mod mock_router;
mod modes;
mod order;
mod organizations;
mod other_sessions;
mod other_sites;
mod reading;
mod readme;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis")]
mod redis_faults;
#[cfg(feature = "redis")]
mod redis_soak;
mod request_log;
mod restart;
mod router_settings;
mod secrets;
mod session;
mod unmeant;
mod user_info;
mod visitor_error;
mod way_back;
