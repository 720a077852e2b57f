//! What the Space is and how it is called, for programs. Everybody may read it: where the Space is for some alone, it tells no
//! more than how to get in.

use actix_huggingface_oauth::{Audience, HuggingFaceOAuth};
use actix_web::web::Data;
use actix_web::{HttpResponse, Responder};
use askama::Template;

use crate::settings::Settings;

#[derive(Template)]
#[template(path = "agents.md", escape = "none")]
struct AgentsFile {
    oauth: HuggingFaceOAuth,
    is_for_everybody: bool,
}

pub async fn agents(oauth: HuggingFaceOAuth, settings: Data<Settings>) -> impl Responder {
    let is_for_everybody = settings.audience == Audience::Everybody;
    let text = AgentsFile { oauth, is_for_everybody }.render().unwrap_or_default();
    HttpResponse::Ok().content_type("text/markdown; charset=utf-8").body(text)
}
