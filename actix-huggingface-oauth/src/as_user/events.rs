//! Server-sent events in bytes that come as the network cuts them.
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>

use actix_web::web::{Buf, Bytes};

/// What may stand before the first line.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// An event, as far as chat completions use one.
#[derive(Debug, Default)]
pub struct Event {
    /// Whether its name is `error`.
    pub is_error: bool,
    /// Its lines of data, with line ends between them.
    pub data: Vec<u8>,
}

/// A line, or the data of an event, is longer than what is kept.
pub struct TooLong;

/// The events of a stream.
pub struct Events {
    most: usize,
    /// What came and is not read yet.
    bytes: Bytes,
    /// The line that has not ended yet.
    line: Vec<u8>,
    is_first_line: bool,
    /// Whether a line end was `\r`, of which a `\n` that follows is a part.
    after_return: bool,
    event: Event,
    has_data: bool,
}

impl Events {
    /// Keeps lines, and data of an event, of so many bytes at most.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            bytes: Bytes::new(),
            line: Vec::new(),
            is_first_line: true,
            after_return: false,
            event: Event::default(),
            has_data: false,
        }
    }

    /// More bytes, where [`next`](Self::next) has given all events of those before.
    pub fn push(&mut self, bytes: Bytes) {
        self.bytes = bytes;
    }

    /// The next event; `None` where more bytes are needed.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn next(&mut self) -> Result<Option<Event>, TooLong> {
        while !self.bytes.is_empty() {
            if std::mem::take(&mut self.after_return) && self.bytes[0] == b'\n' {
                self.bytes.advance(1);
                continue;
            }
            let end = self.bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let part = self.bytes.split_to(end.unwrap_or(self.bytes.len()));
            if self.line.len() + part.len() > self.most {
                return Err(TooLong);
            }
            self.line.extend_from_slice(&part);
            if end.is_some() {
                self.after_return = self.bytes.get_u8() == b'\r';
                if let Some(event) = self.end_line()? {
                    return Ok(Some(event));
                }
            }
        }
        Ok(None)
    }

    /// The event that was not ended where the stream did.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn end(&mut self) -> Result<Option<Event>, TooLong> {
        let ended = self.end_line()?;
        Ok(ended.or_else(|| self.end_event()))
    }

    fn end_line(&mut self) -> Result<Option<Event>, TooLong> {
        let mut line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.is_first_line) && line.starts_with(BYTE_ORDER_MARK) {
            line.drain(..BYTE_ORDER_MARK.len());
        }
        if line.is_empty() {
            return Ok(self.end_event());
        }
        let (name, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (&*line, &[][..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                if self.event.data.len() + value.len() > self.most {
                    return Err(TooLong);
                }
                if self.has_data {
                    self.event.data.push(b'\n');
                }
                self.event.data.extend_from_slice(value);
                self.has_data = true;
            }
            b"event" => self.event.is_error = value == b"error",
            // A comment, or what is for who connects again.
            _ => {}
        }
        Ok(None)
    }

    /// One without data is none.
    fn end_event(&mut self) -> Option<Event> {
        let event = std::mem::take(&mut self.event);
        std::mem::take(&mut self.has_data).then_some(event)
    }
}
