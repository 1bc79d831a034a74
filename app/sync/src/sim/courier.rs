//! A device's errands over a good network.

use super::disk::Mishap;
use super::node::{Done, Node};
use super::server::Server;

impl Node {
    /// Sends what waits, and takes the answers.
    pub fn push(&mut self, server: &mut Server) -> usize {
        let mut rounds = 0;
        while let Some(request) = self.device.next_push() {
            let response = server.push(&request);
            self.take_push(&response, Mishap::Nothing);
            rounds += 1;
            assert!(
                rounds < 50,
                "stuck: device {} sends without end: from {:?}, the server asks for what follows {}",
                self.id(),
                request.commands.first().map(|command| command.seq),
                response.last_seq
            );
        }
        rounds
    }

    /// Fetches everything.
    pub fn pull(&mut self, server: &mut Server) {
        let mut doubted = 0;
        for round in 0.. {
            assert!(round < 400, "stuck: device {} fetches without end", self.id());
            let Some(member) = self.member() else { return };
            if let Some(request) = self.device.next_chunk()
                && let Some(body) = server.chunk(&request, member)
            {
                let done = self.take_chunk(request.snapshot, request.index, &body, Mishap::Nothing);
                assert_eq!(done, Done::Yes, "stuck: an honest part is not taken");
                continue;
            }
            let mut request = self.device.next_pull();
            request.snapshots &= !self.old_build;
            let Some(response) = server.pull(&request, member) else {
                return;
            };
            let done = self.take_pull(&response, Mishap::Nothing);
            // After a jump of the server's clock, another history is believed only when it was heard again.
            doubted += usize::from(done == Done::Nothing);
            assert!(
                doubted < 3,
                "stuck: an honest answer is not taken: at {:?}, from {} to {} of {} in scope {}, reset {}, snapshot {}",
                self.device.meta.cursor,
                response.from,
                response.to,
                response.epoch,
                response.scope,
                response.reset,
                response.snapshot.is_some()
            );
            if done == Done::Yes && !response.more {
                return;
            }
        }
    }

    /// One round.
    pub fn sync(&mut self, server: &mut Server) {
        self.push(server);
        if let Some(request) = self.device.next_check() {
            let response = server.push(&request);
            self.take_push(&response, Mishap::Nothing);
        }
        self.pull(server);
        self.push(server);
        self.send_photos(server, Mishap::Nothing);
    }
}
