//! A mail server on a port of this machine: enough of RFC 5321 for a client that means it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// One mail that was taken.
#[derive(Clone, Debug)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub data: String,
}

impl Mail {
    /// A header's value, unfolded (RFC 5322 §2.2.3).
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self
            .data
            .split("\r\n\r\n")
            .next()
            .unwrap_or("")
            .replace("\r\n ", " ");
        let start = format!("{}:", name.to_lowercase());
        let line = head
            .lines()
            .find(|line| line.to_lowercase().starts_with(&start))?;
        Some(line[start.len()..].trim().to_owned())
    }

    /// Everything, with transfer encodings undone: quoted-printable and base64 (RFC 2045 §6).
    /// Long lines of a calendar are joined (RFC 5545 §3.1).
    pub fn plain(&self) -> String {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let mut out = String::new();
        for part in self.data.split("\r\n--") {
            let (head, body) = part.split_once("\r\n\r\n").unwrap_or(("", part));
            let head = head.to_lowercase();
            if head.contains("transfer-encoding: base64") {
                let packed: String = body.chars().filter(|c| !c.is_whitespace()).collect();
                let bytes = STANDARD.decode(packed.trim_end_matches('-')).unwrap();
                out.push_str(&String::from_utf8(bytes).unwrap());
            } else if head.contains("transfer-encoding: quoted-printable") {
                out.push_str(&unquote(body));
            } else {
                out.push_str(body);
            }
            out.push('\n');
        }
        out.replace("\r\n ", "")
    }
}

fn unquote(body: &str) -> String {
    let body = body.replace("=\r\n", "");
    let (mut bytes, mut rest) = (Vec::new(), body.as_bytes());
    while let Some((first, tail)) = rest.split_first() {
        match (first, tail) {
            (b'=', [a, b, after @ ..]) => {
                let hex = [*a, *b];
                let code = std::str::from_utf8(&hex).unwrap();
                bytes.push(u8::from_str_radix(code, 16).unwrap());
                rest = after;
            }
            (other, _) => {
                bytes.push(*other);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The server.
#[derive(Clone)]
pub struct Smtp {
    pub address: SocketAddr,
    mails: Arc<Mutex<Vec<Mail>>>,
    /// Whether the line breaks after the next mail, before it is said that it was taken.
    breaks: Arc<Mutex<bool>>,
    /// What the next recipients are answered.
    replies: Arc<Mutex<Vec<&'static str>>>,
}

impl Smtp {
    pub async fn start() -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let smtp = Smtp {
            address: listener.local_addr().unwrap(),
            mails: Arc::default(),
            breaks: Arc::default(),
            replies: Arc::default(),
        };
        let server = smtp.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move { server.talk(stream).await });
            }
        });
        smtp
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// What the next recipient is answered, before all others.
    pub fn answer_next(&self, reply: &'static str) {
        self.replies.lock().unwrap().push(reply);
    }

    /// Takes the next mail, and says nothing more.
    pub fn break_next(&self) {
        *self.breaks.lock().unwrap() = true;
    }

    async fn talk(&self, stream: TcpStream) -> Option<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let (mut from, mut to) = (String::new(), Vec::new());
        write.write_all(b"220 test.example ESMTP\r\n").await.ok()?;
        while let Ok(Some(line)) = lines.next_line().await {
            let upper = line.to_uppercase();
            let inner = || line.split(['<', '>']).nth(1).unwrap_or("").to_owned();
            let reply = if upper.starts_with("EHLO") {
                "250-test.example\r\n250 8BITMIME"
            } else if upper.starts_with("MAIL FROM:") {
                (from, to) = (inner(), Vec::new());
                "250 sender is fine"
            } else if upper.starts_with("RCPT TO:") {
                match self.replies.lock().unwrap().pop() {
                    Some(reply) => reply,
                    None => {
                        to.push(inner());
                        "250 recipient is fine"
                    }
                }
            } else if upper == "DATA" {
                write.write_all(b"354 go ahead\r\n").await.ok()?;
                let mut data = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    data.push_str("\r\n");
                }
                let mail = Mail {
                    from: from.clone(),
                    to: to.clone(),
                    data,
                };
                self.mails.lock().unwrap().push(mail);
                if std::mem::take(&mut *self.breaks.lock().unwrap()) {
                    return None;
                }
                "250 taken"
            } else if upper == "QUIT" {
                write.write_all(b"221 bye\r\n").await.ok()?;
                return None;
            } else if ["RSET", "NOOP"].contains(&upper.as_str()) {
                "250 fine"
            } else {
                "502 not here"
            };
            write.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
        }
        None
    }
}
