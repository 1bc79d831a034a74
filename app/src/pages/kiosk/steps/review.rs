//! All answers, five to a page, each with the way to change it.

use crate::pages::kiosk::intake::use_intake;
use crate::pages::kiosk::review_rows::rows;
use crate::pages::kiosk::texts;
use leptos::prelude::*;

const ROWS: usize = 5;

/// Before it is sent.
#[component]
pub fn Review() -> impl IntoView {
    let intake = use_intake();
    let all = Memo::new(move |_| rows(intake, intake.lang()));
    intake
        .pages
        .set(all.with_untracked(Vec::len).div_ceil(ROWS).max(1));
    let shown = move || {
        let page = intake.page.get() * ROWS;
        let part: Vec<_> = all.with(|all| all.iter().skip(page).take(ROWS).cloned().collect());
        part.into_iter()
            .map(|row| {
                let step = row.step;
                view! {
                    <div>
                        <dt>{row.name.clone()}</dt>
                        <dd>{row.value}</dd>
                        <dd class="go">
                            <button type="button" id=row.id on:click=move |_| intake.change(step)>
                                {intake.say(texts::CHANGE)}
                                <span class="vh">" "{row.name}</span>
                            </button>
                        </dd>
                    </div>
                }
            })
            .collect_view()
    };
    let count = move || {
        let words = texts::PAGE.get(intake.lang());
        words
            .replace("{n}", &(intake.page.get() + 1).to_string())
            .replace("{m}", &intake.pages.get().to_string())
    };
    view! {
        <div class="review-grid">
            <dl class="answers">{shown}</dl>
            <section class="k-why">
                <p role="status" class="strong">{count}</p>
                <p>{intake.say(texts::R_TRUE)}</p>
                <h2>{intake.say(texts::R_NEXT)}</h2>
                <p>{intake.say(texts::R_NEXT_TEXT)}</p>
            </section>
        </div>
    }
}
