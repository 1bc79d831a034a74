//! Photos of cards: kept with the draft, found again after a reload, forgotten.

use super::answers::{Answers, Card};
use super::intake::Intake;
use crate::ports::device::JpegPhoto;
use leptos::prelude::*;
use std::rc::Rc;
use sync::b64::Bytes;

/// One side of one card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// Which card.
    pub card: u8,
    /// Front or back.
    pub front: bool,
}

impl Side {
    /// "front1"
    pub fn name(self) -> String {
        format!("{}{}", if self.front { "front" } else { "back" }, self.card + 1)
    }

    /// Where its hash stands.
    pub fn hash(self, answers: &mut Answers) -> Option<&mut Option<String>> {
        let card: &mut Card = answers.cards.get_mut(usize::from(self.card))?;
        Some(if self.front {
            &mut card.front
        } else {
            &mut card.back
        })
    }
}

const SIDES: [Side; 4] = [
    Side { card: 0, front: true },
    Side {
        card: 0,
        front: false,
    },
    Side { card: 1, front: true },
    Side {
        card: 1,
        front: false,
    },
];

impl Intake {
    /// After a reload: the photos that the answers name. One that is gone is no longer named.
    pub fn restore_photos(self) {
        let engine = self.station.engine();
        leptos::task::spawn_local(async move {
            for side in SIDES {
                let mut answers = self.answers.get_untracked();
                let Some(hash) = side.hash(&mut answers).and_then(|hash| hash.clone()) else {
                    continue;
                };
                let kept = engine
                    .load_draft::<Bytes>(&format!("photo/{}", side.name()))
                    .await;
                if self.gone() {
                    return;
                }
                match kept {
                    Some(bytes) => {
                        let photo = JpegPhoto {
                            hash,
                            bytes: Rc::new(bytes.0),
                            // Whoever kept a photo has judged it.
                            clear: true,
                        };
                        self.photos.update(|all| drop(all.insert(side.name(), photo)));
                    }
                    None => self.name_photo(side, None),
                }
            }
        });
    }

    fn name_photo(self, side: Side, hash: Option<String>) {
        self.answers.update(|answers| {
            if let Some(place) = side.hash(answers) {
                *place = hash;
            }
        });
    }

    /// Takes a photo into the answers.
    pub async fn keep_photo(self, side: Side, photo: JpegPhoto) {
        let engine = self.station.engine();
        let bytes = Bytes(photo.bytes.as_ref().clone());
        self.name_photo(side, Some(photo.hash.clone()));
        self.photos.update(|all| drop(all.insert(side.name(), photo)));
        self.save();
        // A full disk costs the photo at a reload, not the intake.
        let _kept = engine.save_draft(&format!("photo/{}", side.name()), &bytes).await;
    }

    /// Forgets a photo.
    pub fn drop_photo(self, side: Side) {
        self.name_photo(side, None);
        self.photos.update(|all| drop(all.remove(&side.name())));
        self.save();
        let engine = self.station.engine();
        leptos::task::spawn_local(async move {
            let _gone = engine.save_draft(&format!("photo/{}", side.name()), &()).await;
        });
    }
}
