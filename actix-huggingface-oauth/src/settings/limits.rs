//! How long to wait for the Hub and for visitors, and for how long answers of the Hub hold.

use std::time::Duration;

/// Bounds of what the Hub, and who asks, may cost this app.
///
/// ```
/// # use actix_huggingface_oauth::Limits;
/// let mut limits = Limits::default();
/// limits.sign_in = std::time::Duration::from_secs(5);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// To connect to the Hub.
    pub connect: Duration,
    /// For all requests of one sign-in together.
    pub sign_in: Duration,
    /// For [`OAuthSettings::on_login`](crate::OAuthSettings::on_login).
    pub on_login: Duration,
    /// To read a user's organizations again.
    pub read_orgs: Duration,
    /// For how long organizations are taken as they were read.
    pub orgs_fresh: Duration,
    /// For how long the Hub is not asked again after it failed to tell a user's organizations.
    pub orgs_retry: Duration,
    /// Memory for organizations of all users together, in bytes.
    pub orgs_memory: u64,
    /// To ask whose a bearer token is.
    pub read_bearer: Duration,
    /// For how long the answer is taken as it was read, at most until the token ends.
    pub bearer_fresh: Duration,
    /// For how long a bearer token that the Hub refused is refused without asking again.
    pub bearer_retry: Duration,
    /// Memory for the users and organizations of all bearer tokens together, in bytes.
    pub bearers_memory: u64,
    /// How often the Hub is asked within [`bearer_window`](Self::bearer_window) for bearer tokens that it has not accepted
    /// before.
    pub bearer_questions: usize,
    /// Within which the questions are counted.
    pub bearer_window: Duration,
    /// How many of them may be under way.
    pub bearer_questions_at_once: usize,
    /// To call the Hub's API as the user.
    pub call: Duration,
    /// Until a chat completion begins to come.
    pub chat_first_byte: Duration,
    /// Between two parts of a chat completion.
    pub chat_silence: Duration,
    /// For a whole chat completion.
    pub chat_whole: Duration,
    /// The longest line of a chat completion, in bytes.
    pub chat_line: usize,
    /// The longest chat completion, in bytes as it comes.
    pub chat_stream: usize,
    /// Chat completions that one user may have under way.
    pub chats_per_user: usize,
    /// After which an event stream says that it is still there, where it has nothing else to say.
    pub keep_alive: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            sign_in: Duration::from_secs(10),
            on_login: Duration::from_secs(5),
            read_orgs: Duration::from_secs(3),
            orgs_fresh: Duration::from_secs(10 * 60),
            orgs_retry: Duration::from_secs(30),
            orgs_memory: 32 * 1024 * 1024,
            read_bearer: Duration::from_secs(3),
            bearer_fresh: Duration::from_secs(5 * 60),
            bearer_retry: Duration::from_secs(30),
            bearers_memory: 16 * 1024 * 1024,
            bearer_questions: 60,
            bearer_window: Duration::from_secs(60),
            bearer_questions_at_once: 8,
            call: Duration::from_secs(10),
            chat_first_byte: Duration::from_secs(60),
            chat_silence: Duration::from_secs(60),
            chat_whole: Duration::from_secs(10 * 60),
            chat_line: 1024 * 1024,
            chat_stream: 10 * 1024 * 1024,
            chats_per_user: 4,
            keep_alive: Duration::from_secs(15),
        }
    }
}
