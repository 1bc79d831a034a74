//! Letters to those who are to come again: a page for each, addressed for the window of an envelope. That they were
//! written to is noted once they were printed, and taken back with one press.

use super::acts::Acts;
use super::data::Line;
use crate::pages::desk::booking::visit_type;
use crate::pages::desk::counter::called;
use crate::pages::desk::reminders::data::{practice_name, rules};
use crate::shell::staff::context::{Desk, use_desk, why_not};
use crate::state::Engine;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::command::Command;
use domain::id::{RecallContactId, RecallId};
use domain::notices::NoticeRule;
use domain::notices::message::whole_date;
use domain::recalls::{Letter, NoteRecallContact, Recall, RecallState, RecallWay, TakeBackRecallContact};
use domain::row::{Entity, Key, Row};
use domain::text::Lang;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// How long until what is printed is drawn.
const DRAWN_MILLIS: u32 = 60;
/// So many are printed at once. Who was written to is not listed again for a while: the next ones come with the next.
const AT_ONCE: usize = 100;
/// So long nobody is written to a second time, unless one asks for it by name.
const RESTS: Duration = Duration::days(14);

/// A letter on its paper.
#[derive(Clone, PartialEq)]
pub struct Sheet {
    recall: Recall,
    /// Name and address of the site, as on top of a letter.
    from: String,
    letter: Letter,
    on: NaiveDate,
}

/// What every letter of a practice has in common.
struct Writer {
    practice: String,
    rules: Vec<NoticeRule>,
    today: NaiveDate,
}

impl Writer {
    fn new(desk: Desk, engine: &Engine) -> Writer {
        Writer {
            practice: practice_name(engine),
            rules: rules(engine),
            today: desk.today(),
        }
    }

    /// The letter, or why there is none.
    fn sheet(&self, engine: &Engine, recall: &Recall) -> Result<Sheet, &'static str> {
        let patient = engine
            .patient(recall.patient_id)
            .ok_or("The record is not on this computer.")?;
        let site = engine
            .get(Key::Row(Entity::Site, recall.site_id.0))
            .into_iter()
            .next();
        let (site, address) = match site {
            Some(Row::Site(site)) => (site.name, site.address),
            _ => Default::default(),
        };
        let kind = recall.visit_type_id.and_then(|id| visit_type(engine, id));
        let here = (self.practice.as_str(), site.as_str());
        let letter = recall
            .letter(&patient, here, kind.as_ref(), &self.rules, self.today)
            .map_err(|why| why.label().get(Lang::En))?;
        Ok(Sheet {
            recall: recall.clone(),
            from: [self.practice.as_str(), &site, &address].join("\n"),
            letter,
            on: self.today,
        })
    }
}

/// Prints some letters, notes that they were written, and offers to take that back.
pub fn print(desk: Desk, printed: RwSignal<Vec<Sheet>>, recalls: &[Recall]) {
    if printed.with_untracked(|now| !now.is_empty()) {
        return;
    }
    let engine = desk.engine();
    let writer = Writer::new(desk, &engine);
    let found: Result<Vec<Sheet>, &str> = recalls
        .iter()
        .map(|recall| writer.sheet(&engine, recall))
        .collect();
    let sheets = match found {
        Ok(sheets) => sheets,
        Err(why) => return desk.say(why),
    };
    printed.set(sheets.clone());
    leptos::task::spawn_local(async move {
        for sheet in &sheets {
            // Paper leaves the house as a file does, and is noted like one.
            engine
                .note_read(Some(sheet.recall.patient_id), "letter of a recall")
                .await;
        }
        engine.ports.clock.sleep(DRAWN_MILLIS).await;
        // Whoever went to another page meanwhile prints no letter, and has written none.
        if printed.try_with_untracked(|now| *now == sheets) != Some(true) {
            return;
        }
        // A browser that cannot print says so itself.
        let _said = window().print();
        let _left = printed.try_set(Vec::new());
        note(desk, sheets).await;
    });
}

async fn note(desk: Desk, sheets: Vec<Sheet>) {
    let engine = desk.engine();
    let mut noted = Vec::new();
    for Sheet { recall, .. } in sheets {
        let contact_id = RecallContactId(engine.new_id());
        let command = NoteRecallContact {
            recall_id: recall.id,
            patient_id: recall.patient_id,
            way: RecallWay::Letter,
            note: None,
            contact_id: Some(contact_id),
        };
        if let Err(error) = engine.submit(Command::NoteRecallContact(command), &[]).await {
            desk.say(why_not(&error));
            break;
        }
        noted.push(TakeBackRecallContact {
            recall_id: recall.id,
            patient_id: recall.patient_id,
            contact_id,
        });
    }
    let said = match noted.len() {
        0 => return,
        1 => "Noted: written to by letter".to_owned(),
        all => format!("Noted: {all} written to by letter"),
    };
    let undo = move |()| {
        let (engine, noted) = (desk.engine(), noted.clone());
        leptos::task::spawn_local(async move {
            for back in noted {
                let done = engine.submit(Command::TakeBackRecallContact(back), &[]).await;
                if let Err(error) = done {
                    return desk.say(why_not(&error));
                }
            }
        });
    };
    desk.offer(said, "Undo", Callback::new(undo));
}

/// What is printed, while it is.
#[component]
pub fn Printed(sheets: RwSignal<Vec<Sheet>>) -> impl IntoView {
    let page = |sheet: Sheet| {
        let Letter { to, language, words } = sheet.letter;
        view! {
            <section class="print-only print-alone window-letter" lang=language.tag()>
                <p class="from">{sheet.from}</p>
                <p class="to">{to.join("\n")}</p>
                <p>{whole_date(sheet.on, language)}</p>
                <p><b>{words.subject}</b></p>
                <p class="body">{words.body}</p>
            </section>
        }
    };
    move || sheets.get().into_iter().map(page).collect_view()
}

/// Who of a list can be written to, and who cannot.
#[derive(Default)]
struct Found {
    ready: Vec<(String, Recall)>,
    cannot: Vec<(String, &'static str)>,
    /// How many were written to lately.
    rest: usize,
    /// More come with the next.
    more: bool,
}

fn rests(recall: &Recall, now: DateTime<Utc>) -> bool {
    let lately = |at: DateTime<Utc>| at + RESTS > now;
    let mut letters = recall.contacts.iter().filter(|one| one.way == RecallWay::Letter);
    letters.any(|letter| lately(letter.at))
}

fn find(desk: Desk, lines: &[Line]) -> Found {
    let engine = desk.engine();
    let (writer, now) = (Writer::new(desk, &engine), engine.ports.clock.now());
    let mut found = Found::default();
    let waiting = |line: &&Line| line.recall.state == RecallState::Open && line.met_by.is_none();
    for Line { recall, .. } in lines.iter().filter(waiting) {
        if rests(recall, now) {
            found.rest += 1;
            continue;
        }
        if found.ready.len() == AT_ONCE {
            found.more = true;
            break;
        }
        let name = match engine.patient(recall.patient_id) {
            Some(patient) => called(&patient, desk.counter.get_untracked()),
            None => "A patient".to_owned(),
        };
        match writer.sheet(&engine, recall) {
            Ok(_) => found.ready.push((name, recall.clone())),
            Err(why) => found.cannot.push((name, why)),
        }
    }
    found
}

/// Letters to everybody on the list, or to those who are ticked.
#[component]
pub fn Letters(lines: Memo<Vec<Line>>, acts: Acts, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let Found {
        ready,
        cannot,
        rest,
        more,
    } = lines.with_untracked(|lines| find(desk, lines));
    let chosen: RwSignal<BTreeSet<RecallId>> =
        RwSignal::new(ready.iter().map(|(_, recall)| recall.id).collect());
    let all: Vec<Recall> = ready.iter().map(|(_, recall)| recall.clone()).collect();
    let none = all.is_empty();
    let print = move |_| {
        let wanted = |recall: &&Recall| chosen.with_untracked(|chosen| chosen.contains(&recall.id));
        let picked: Vec<Recall> = all.iter().filter(wanted).cloned().collect();
        if !picked.is_empty() {
            open.set(false);
            acts.print(desk, &picked);
        }
    };
    let one = move |(name, recall): (String, Recall)| {
        let id = recall.id;
        let turn = move |event| {
            let on = event_target_checked(&event);
            chosen.update(|chosen| {
                if on {
                    chosen.insert(id);
                } else {
                    chosen.remove(&id);
                }
            });
        };
        view! {
            <li>
                <label class="tick">
                    <input type="checkbox" data-letter=id.to_string() prop:checked=move || chosen.with(|chosen| chosen.contains(&id)) on:change=turn />
                    <span>{name}" "<small class="soft">{recall.why}</small></span>
                </label>
            </li>
        }
    };
    let word = move || match chosen.with(BTreeSet::len) {
        1 => "Print 1 letter".to_owned(),
        all => format!("Print {all} letters"),
    };
    let lately = (rest > 0).then(|| {
        format!(
            "Written to in the last {} days, and left out: {rest}.",
            RESTS.num_days()
        )
    });
    let later = more.then(|| format!("{AT_ONCE} at once; open this again for the next ones."));
    view! {
        <div class="form">
            <p class="soft small">"One page for each, addressed for a window envelope. Why they are to come is not in it."</p>
            {none.then_some(view! { <p>"Nobody on this list can be written to now."</p> })}
            <ul class="times" aria-label="Letters">{ready.into_iter().map(one).collect_view()}</ul>
            {(!cannot.is_empty()).then(|| view! {
                <h3>"No letter"</h3>
                <ul class="small" data-no-letter="">{cannot.into_iter().map(|(name, why)| view! { <li><b>{name}</b>" "{why}</li> }).collect_view()}</ul>
            })}
            {lately.map(|words| view! { <p class="soft small">{words}</p> })}
            {later.map(|words| view! { <p class="soft small">{words}</p> })}
            <div class="ends">
                <button type="button" class="btn primary" id="print-letters" prop:disabled=move || chosen.with(BTreeSet::is_empty) on:click=print>{word}</button>
            </div>
        </div>
    }
}
