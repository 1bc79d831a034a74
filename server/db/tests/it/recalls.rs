//! Recalls, as their tables have them.

use crate::equal::golden;
use crate::stand::id;
use domain::command::Command;
use domain::id::RecallContactId;
use domain::recalls::{NoteRecallContact, TakeBackRecallContact};

/// Two letters to whom the golden recall is about, one of which was not printed after all.
pub fn history() -> Vec<Command> {
    let noted = golden().into_iter().find_map(|command| match command {
        Command::NoteRecallContact(args) => Some(args),
        _ => None,
    });
    let noted = noted.expect("every command has a golden file");
    let letter = |n: u128| {
        Command::NoteRecallContact(NoteRecallContact {
            note: None,
            contact_id: Some(RecallContactId(id(n))),
            ..noted.clone()
        })
    };
    let back = TakeBackRecallContact {
        recall_id: noted.recall_id,
        patient_id: noted.patient_id,
        contact_id: RecallContactId(id(0x7a1)),
    };
    vec![letter(0x7a1), letter(0x7a2), Command::TakeBackRecallContact(back)]
}
