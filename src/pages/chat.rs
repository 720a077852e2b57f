//! A conversation with a model, for which the visitor's account pays. It lives in the page: nothing of it is kept here.

use actix_huggingface_oauth::{
    ChatHistory, ChatMessage, ChatRequest, ChatRole, ChatStream, HubCallError, HubClient,
    LoginControl, OAuthInfo,
};
use actix_web::web::{Data, Form, FormConfig, ServiceConfig, resource};
use actix_web::{HttpRequest, HttpResponse, Responder};
use askama::Template;
use askama_web::WebTemplate;
use serde::Deserialize;

use super::layout::Layout;
use crate::settings::Settings;

/// Suggestions. <https://huggingface.co/inference/models>
const MODELS: &str = "openai/gpt-oss-120b, meta-llama/Llama-3.3-70B-Instruct";

/// Where an answer goes that is still to come.
const ANSWER: &str = "<!-- answer -->";

#[derive(Template, WebTemplate)]
#[template(path = "chat.html")]
struct ChatPage {
    layout: Layout,
    models: Vec<String>,
    history: ChatHistory,
    is_answering: bool,
    asked: Question,
    problem: Option<String>,
    remedy: Option<LoginControl>,
}

#[derive(Deserialize, Default)]
struct Question {
    message: String,
    model: String,
    #[serde(default)]
    history: String,
}

pub fn configure(config: &mut ServiceConfig) {
    let form = FormConfig::default().limit(512 * 1024); // bytes
    config.service(resource("/chat").app_data(form).get(chat).post(ask));
}

async fn chat(request: HttpRequest, settings: Data<Settings>, _: OAuthInfo) -> impl Responder {
    ChatPage::new(&request, &settings, Question::default())
}

/// Answers with events for the page's script, and without it with a page that grows.
async fn ask(
    request: HttpRequest,
    settings: Data<Settings>,
    hub: HubClient,
    info: OAuthInfo,
    Form(asked): Form<Question>,
) -> HttpResponse {
    let page = ChatPage::new(&request, &settings, asked);
    let is_script = request.headers().get("accept").is_some_and(|it| it == "text/event-stream");
    let answer = async {
        let history = page.asked.next_turn()?;
        let asked = ChatRequest::new(&page.asked.model, history.turns().to_vec());
        Ok::<_, HubCallError>((hub.chat_completion(&info, &asked).await?, history))
    };
    match answer.await {
        Ok((answer, _)) if is_script => answer.into_event_stream(page.layout.oauth, "/chat"),
        Ok((answer, history)) => page.grow(history, answer),
        Err(error) if is_script => error.json_response(&page.layout.oauth, "/chat"),
        Err(error) => error.page_response(page.with(Some(&error))),
    }
}

impl Question {
    /// The conversation with this question at its end, or why it is none.
    fn next_turn(&self) -> Result<ChatHistory, HubCallError> {
        let too_long =
            HubCallError::NotSent("Please begin a new conversation: this one is too long.");
        let mut history = ChatHistory::from_json(&self.history).ok_or(too_long)?;
        history.push(ChatMessage::user(&*self.message));
        match self.message.chars().count() {
            _ if self.message.trim().is_empty() => {
                Err(HubCallError::NotSent("Please write a question."))
            }
            _ if self.model.trim().is_empty() => Err(HubCallError::NotSent("Please name a model.")),
            0..=20_000 => Ok(history),
            _ => Err(HubCallError::NotSent("A question has 20,000 characters at most.")),
        }
    }
}

impl ChatPage {
    fn new(request: &HttpRequest, settings: &Settings, asked: Question) -> Self {
        let layout = Layout::new(request);
        let models = settings.chat_models.as_deref().unwrap_or(MODELS).split(',').map(str::trim);
        let failing = layout.oauth.failing_models().iter().copied();
        let models = models.chain(failing).map(str::to_owned).collect();
        let history = ChatHistory::from_json(&asked.history).unwrap_or_default();
        Self { layout, models, history, is_answering: false, asked, problem: None, remedy: None }
    }

    /// The page, into which the answer comes.
    fn grow(mut self, history: ChatHistory, answer: ChatStream) -> HttpResponse {
        let earlier = std::mem::replace(&mut self.history, history);
        self.is_answering = true;
        let page = self.render().unwrap_or_default();
        answer.into_page_stream(&page, ANSWER, move |said: String, error: Option<HubCallError>| {
            if said.is_empty() {
                self.history = earlier;
            } else {
                self.history.push(ChatMessage::assistant(said));
                self.asked.message.clear();
            }
            self.with(error.as_ref())
        })
    }

    /// The page with what went wrong.
    fn with(mut self, error: Option<&HubCallError>) -> String {
        self.remedy = error.and_then(|error| error.remedy(&self.layout.oauth, "/chat"));
        self.problem = error.map(ToString::to_string);
        self.render().unwrap_or_default()
    }
}
