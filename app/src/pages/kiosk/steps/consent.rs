//! Each consent for itself: read the whole text in pages, decide, sign. Declining never needs a reason.

use crate::pages::kiosk::answers::{Answers, ConsentAnswer};
use crate::pages::kiosk::intake::{Intake, use_intake};
use crate::pages::kiosk::paging::{Room, pages};
use crate::pages::kiosk::signature::SignaturePad;
use crate::pages::kiosk::texts;
use domain::intake::{ConsentForm, ConsentKind, FilledBy};
use domain::text::Text;
use leptos::prelude::*;
use std::collections::BTreeMap;
use ui::{Choice, ChoiceField, ChoiceLayout, Field, Icon};

fn form(intake: Intake, index: u8) -> Option<ConsentForm> {
    intake
        .settings
        .with_value(|s| s.consents.get(usize::from(index)).cloned())
}

/// The whole text.
#[component]
pub fn Reading(index: u8) -> impl IntoView {
    let intake = use_intake();
    let Some(form) = form(intake, index) else {
        return ().into_any();
    };
    let room = Room::of_width(intake.station.engine().ports.page.width());
    let text = Memo::new(move |_| pages(form.body.get(intake.lang()), room));
    // The other language may need more pages or fewer.
    Effect::new(move |_| {
        let count = text.with(Vec::len);
        intake.pages.set(count);
        if intake.page.get_untracked() >= count {
            intake.page.set(count.saturating_sub(1));
        }
    });
    intake.pages.set(text.with_untracked(Vec::len));
    let shown = move || {
        let page = text
            .with(|all| all.get(intake.page.get()).cloned())
            .unwrap_or_default();
        page.into_iter()
            .map(|part| view! { <p>{part}</p> })
            .collect_view()
    };
    let count = move || {
        let words = texts::PAGE.get(intake.lang());
        words
            .replace("{n}", &(intake.page.get() + 1).to_string())
            .replace("{m}", &intake.pages.get().to_string())
    };
    let turn = move |by: isize| {
        let last = intake.pages.get_untracked().saturating_sub(1);
        intake
            .page
            .update(|page| *page = page.saturating_add_signed(by).min(last));
    };
    view! {
        <div class="k-page box">{shown}</div>
        <div class="k-pager">
            <button type="button" class="btn" id="page-back" on:click=move |_| turn(-1)>
                <Icon name="left" />
                {intake.say(texts::PAGE_BACK)}
            </button>
            <span role="status">{count}</span>
            <button type="button" class="btn" id="page-next" on:click=move |_| turn(1)>
                {intake.say(texts::PAGE_NEXT)}
                <Icon name="right" />
            </button>
        </div>
    }
    .into_any()
}

/// Yes or no; both are fine.
#[component]
pub fn Decide(index: u8) -> impl IntoView {
    let intake = use_intake();
    let Some(form) = form(intake, index) else {
        return ().into_any();
    };
    let notice = form.kind == ConsentKind::PrivacyNotice;
    let (yes, no) = match notice {
        true => (texts::ACKNOWLEDGE, texts::NOT_NOW),
        false => (texts::AGREE, texts::DECLINE),
    };
    let key = form.id.to_string();
    let known = intake
        .with_answers(|answers| answers.consents.get(&key).cloned())
        .unwrap_or_default();
    let value = RwSignal::new(known.decision);
    intake.on_flush(move |answers| {
        let Some(decision) = value.try_get_untracked() else {
            return;
        };
        let one = answers.consents.entry(key.clone()).or_default();
        if one.decision != decision {
            let at = (decision == "declined").then(|| intake.station.engine().ports.clock.now());
            // What was signed counts for what was decided then.
            let lang = intake.station.lang.get_untracked();
            *one = ConsentAnswer {
                decision,
                lang,
                at,
                ..ConsentAnswer::default()
            };
        }
    });
    let options = Signal::derive(move || {
        let lang = intake.lang();
        vec![
            Choice::new("agreed", yes.get(lang)),
            Choice::new("declined", no.get(lang)),
        ]
    });
    let note = move || {
        let text = if notice {
            texts::NOTICE_NOTE
        } else {
            texts::DECLINED_NOTE
        };
        (value.get() == "declined").then(|| text.get(intake.lang()))
    };
    let title = form.title;
    view! {
        <div class="k-choices">
            <ChoiceField
                id="decision"
                legend=Signal::derive(move || title.get(intake.lang()).to_owned())
                legend_hidden=true
                value
                options
                fault=intake.fault("decision")
                layout=ChoiceLayout::Pair
            />
            <p class="k-hint" role="status">{note}</p>
        </div>
    }
    .into_any()
}

/// Under a consent.
#[component]
pub fn Sign(index: u8) -> impl IntoView {
    let intake = use_intake();
    let form = form(intake, index);
    form.map(|form| signing(intake, form.id.to_string(), |answers| &mut answers.consents))
}

/// Under one of the practice's own forms.
#[component]
pub fn SignForm(index: u8) -> impl IntoView {
    let intake = use_intake();
    let slug = intake.settings.with_value(|s| {
        let form = s.forms().get(usize::from(index));
        form.map(|form| form.slug.clone())
    });
    slug.map(|slug| signing(intake, slug, |answers| &mut answers.signed))
}

/// Drawn if possible, typed in any case.
fn signing(
    intake: Intake,
    key: String,
    place: fn(&mut Answers) -> &mut BTreeMap<String, ConsentAnswer>,
) -> impl IntoView {
    let (known, typed) = intake.with_answers(|answers| {
        let mut answers = answers.clone();
        let known = place(&mut answers).get(&key).cloned().unwrap_or_default();
        // Typed once, it need not be typed again; it can be changed.
        let before = answers
            .consents
            .values()
            .chain(answers.signed.values())
            .map(|one| one.typed_name.clone())
            .find(|name| !name.is_empty());
        let typed = if known.typed_name.is_empty() {
            before.unwrap_or_default()
        } else {
            known.typed_name.clone()
        };
        (known, typed)
    });
    let strokes = RwSignal::new(known.strokes);
    let name = RwSignal::new(typed);
    intake.on_flush(move |answers| {
        let (Some(strokes), Some(typed_name)) = (strokes.try_get_untracked(), name.try_get_untracked())
        else {
            return;
        };
        let one = place(answers).entry(key.clone()).or_default();
        if one.strokes != strokes || one.typed_name != typed_name || one.at.is_none() {
            one.strokes = strokes;
            one.typed_name = typed_name;
            one.lang = intake.station.lang.get_untracked();
            one.at = Some(intake.station.engine().ports.clock.now());
        }
    });
    let who: Text = match intake.with_answers(|answers| answers.filled_by()) {
        FilledBy::Patient => texts::AS_PATIENT,
        FilledBy::Parent => texts::AS_PARENT,
        FilledBy::Helper => texts::AS_HELPER,
    };
    view! {
        <div class="k-fields two">
            <SignaturePad strokes fault=intake.fault("signature-pad") />
            <Field
                id="typed-name"
                label=intake.say(texts::TYPED_NAME)
                hint=intake.say(who)
                value=name
                fault=intake.fault("typed-name")
                autocapitalize="words"
            />
        </div>
    }
    .into_any()
}
