//! Photos of a card, front and back, among the answers.

use crate::pages::kiosk::intake::{Intake, use_intake};
use crate::pages::kiosk::photos::Side;
use crate::pages::shot::{Place, Shot, field_id};
use crate::ports::device::JpegPhoto;
use leptos::prelude::*;

/// One side of one card of the patient who answers.
#[derive(Clone, Copy)]
struct Answered {
    intake: Intake,
    side: Side,
}

impl Place for Answered {
    fn is_front(self) -> bool {
        self.side.front
    }

    fn photo(self) -> Option<JpegPhoto> {
        let name = self.side.name();
        self.intake.photos.with(|all| all.get(&name).cloned())
    }

    fn keep(self, photo: JpegPhoto) {
        // The patient may have left while it was read.
        if !self.intake.gone() {
            leptos::task::spawn_local(self.intake.keep_photo(self.side, photo));
        }
    }

    fn remove(self) {
        self.intake.drop_photo(self.side);
    }
}

/// Both sides of one card.
#[component]
pub fn Photos(card: u8) -> impl IntoView {
    let intake = use_intake();
    let lang = Signal::derive(move || intake.lang());
    let shot = move |front: bool| {
        let place = Answered {
            intake,
            side: Side { card, front },
        };
        view! { <Shot place lang camera=true fault=intake.fault(field_id(front)) /> }
    };
    view! { <div class="k-fields two">{shot(true)}{shot(false)}</div> }
}
