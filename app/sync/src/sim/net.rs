//! A bad network: what is on its way is lost, doubled, late, and overtaken.

use super::Mutant;
use super::disk::Mishap;
use super::node::Done;
use super::world::World;
use crate::store::Tx;
use crate::wire::*;
use domain::id::*;
use std::rc::Rc;
use uuid::Uuid;

/// What is on its way.
#[derive(Clone)]
pub(super) enum Message {
    Push(PushRequest),
    Pull(PullRequest, Option<WorkforceMemberId>),
    Chunk(ChunkRequest, WorkforceMemberId),
    Pushed(Box<PushResponse>),
    Pulled(Box<PullResponse>),
    Chunked(Uuid, u32, Rc<Vec<u8>>),
}

#[derive(Clone)]
pub(super) struct Travelling {
    pub node: usize,
    /// Which page load asked; nothing for a page that lost its lead.
    pub page: Option<u32>,
    pub message: Message,
}

impl World {
    fn send(&mut self, node: usize, page: Option<u32>, message: Message) {
        let travelling = Travelling { node, page, message };
        if self.rng.chance(50) {
            self.net.push(travelling.clone());
        }
        if !self.rng.chance(100) {
            self.net.push(travelling);
        }
    }

    pub(super) fn ask_push(&mut self, at: usize) {
        if self.nodes[at].newer {
            return;
        }
        let device = &self.nodes[at].device;
        let mut request = device.next_push().or_else(|| device.next_check());
        if let Some(request) = &mut request
            && self.rng.chance(300)
        {
            // A small page, so that a queue is sent in parts.
            request.commands.truncate(1 + self.rng.below(3));
        } else if let Some(request) = &mut request
            && self.rng.chance(100)
        {
            // Two parts on their way at once, and the first is lost or late.
            let late = self.rng.below(request.commands.len());
            request.commands.drain(..late);
        }
        if let Some(mut request) = request {
            if self.is(Mutant::RetryNotFrozen) {
                for command in &mut request.commands {
                    if !self.sent_once.insert(command.id) {
                        command.sealed.0.push(1);
                        command.args_hash = crate::sha256_hex(&command.sealed.0);
                    }
                }
            }
            let page = Some(self.nodes[at].page);
            self.send(at, page, Message::Push(request));
        }
    }

    /// A page that was frozen while another took the lead wakes up, and sends what it believes is waiting.
    pub(super) fn ask_as_shadow(&mut self, at: usize) {
        let shadow = self.nodes[at].shadow.as_ref();
        if let Some(request) = shadow.and_then(|shadow| shadow.next_push()) {
            self.send(at, None, Message::Push(request));
        }
    }

    pub(super) fn ask_pull(&mut self, at: usize) {
        let node = &self.nodes[at];
        let page = Some(node.page);
        if node.is_kiosk() {
            if self.is(Mutant::KioskReads) {
                let someone = self.members.first().map(|member| member.id);
                let request = node.device.next_pull();
                self.send(at, page, Message::Pull(request, someone));
            }
            return;
        }
        let Some(member) = node.member() else { return };
        let message = match node.device.next_chunk() {
            Some(request) if self.rng.chance(850) => Message::Chunk(request, member),
            _ => {
                let mut request = node.device.next_pull();
                request.snapshots &= !node.old_build;
                Message::Pull(request, Some(member))
            }
        };
        self.send(at, page, message);
    }

    /// Anything that is on its way arrives, in any order.
    pub(super) fn deliver(&mut self, mishaps: bool) {
        if self.net.is_empty() {
            return;
        }
        let Travelling { node, page, message } = self.net.swap_remove(self.rng.below(self.net.len()));
        let mishap = if mishaps { self.mishap() } else { Mishap::Nothing };
        let here = page == Some(self.nodes[node].page) && !self.nodes[node].newer;
        match message {
            Message::Push(request) => {
                let answer = self.server.push(&request);
                self.send(node, page, Message::Pushed(Box::new(answer)));
            }
            Message::Pull(request, member) => {
                let answer = member.and_then(|member| self.server.pull(&request, member));
                if let Some(answer) = answer {
                    self.send(node, page, Message::Pulled(Box::new(answer)));
                }
            }
            Message::Chunk(request, member) => match self.server.chunk(&request, member) {
                Some(body) => self.send(
                    node,
                    page,
                    Message::Chunked(request.snapshot, request.index, body),
                ),
                None if here && self.nodes[node].member() == Some(member) => {
                    // It is gone: what there is now is asked for.
                    let again = self.nodes[node].device.next_pull();
                    self.send(node, page, Message::Pull(again, Some(member)));
                }
                None => {}
            },
            Message::Pushed(answer) if here => {
                self.nodes[node].take_push(&answer, mishap);
            }
            Message::Pushed(answer) if page.is_none() && self.is(Mutant::OldLeaderWrites) => {
                let node = &mut self.nodes[node];
                if let Some(shadow) = &mut node.shadow {
                    let (pushed, tx): (_, Tx) = shadow.on_push(&answer);
                    node.disk.write(&tx);
                    shadow.pushed(pushed);
                }
            }
            Message::Pulled(answer) if here => self.take_pull(node, &answer, mishap),
            Message::Chunked(id, index, body) if here => {
                self.nodes[node].take_chunk(id, index, &body, mishap);
            }
            // The page that asked is gone, or does not lead any more and may not write.
            _ => {}
        }
    }

    fn take_pull(&mut self, at: usize, answer: &PullResponse, mishap: Mishap) {
        let node = &mut self.nodes[at];
        assert!(!node.is_kiosk(), "leaked: a kiosk is sent rows");
        let done = node.take_pull(answer, mishap);
        if done == Done::Yes {
            self.check_fetched(at);
        }
    }

    /// A server starts anew: what was on its way there is lost.
    pub(super) fn lose_requests(&mut self) {
        self.net.retain(|travelling| {
            matches!(
                travelling.message,
                Message::Pushed(_) | Message::Pulled(_) | Message::Chunked(..)
            )
        });
    }
}
