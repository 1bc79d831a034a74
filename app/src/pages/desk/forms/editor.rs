//! A form to be written: its questions, how they are summed up, who is asked, and publishing it.

use super::checking::{at, changes, problems};
use super::draft::{BandDraft, FormDraft, Kept};
use super::question_card::QuestionCard;
use crate::pages::desk::answering::{AnswerFields, all_forms};
use crate::pages::desk::form::Problems;
use crate::shell::staff::context::use_desk;
use domain::command::Command;
use domain::intake::Questionnaire;
use domain::intake::questionnaire::Answers;
use domain::text::Lang;
use leptos::prelude::*;
use ui::{CheckField, Dialog, Field, Icon, Problem, ProblemSummary, Segmented, SelectField};

/// What was typed is kept after so long.
const KEEP_MILLIS: u32 = 400;
/// Under which name the draft is kept.
pub const DRAFT: &str = "form";

/// The page's inside while a form is open.
#[component]
pub fn Editor(kept: Kept, open: RwSignal<Option<Kept>>, faulty: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let draft = FormDraft::new(&kept);
    let found = Problems::new();
    Effect::new(move || faulty.set(found.any().get()));
    on_cleanup(move || {
        let _left = faulty.try_set(false);
    });
    keep(draft);
    let (previewing, publishing) = (RwSignal::new(false), RwSignal::new(false));
    let ready = RwSignal::new(None::<Questionnaire>);
    let read = move || {
        let clock = desk.engine().ports.clock.clone();
        untrack(|| draft.read(clock.as_ref()))
    };
    let check = move |_| {
        let (form, mut wrong) = read();
        let named = wrong.iter().map(|one| one.field.clone()).collect::<Vec<_>>();
        let more = problems(draft, &form.faults());
        wrong.extend(more.into_iter().filter(|one| !named.contains(&one.field)));
        let taken = draft.base.with_value(Option::is_none)
            && all_forms(&desk.engine())
                .iter()
                .any(|known| known.slug == form.slug);
        if taken {
            let text = "A form of this name is there already. Open it and change it, or choose another name.";
            wrong.push(Problem::new("form-slug", text));
        }
        if found.show(wrong) {
            ready.set(Some(form));
            publishing.set(true);
        }
    };
    let leave = move |_| {
        open.set(None);
    };
    let add = move |_| {
        let key = draft.add_question();
        desk.engine().ports.page.focus(&format!("q{key}-question"));
    };
    let is_new = draft.base.with_value(Option::is_none);
    let version = draft
        .base
        .with_value(|base| base.as_ref().map_or(1, |base| base.version + 1));
    let audiences = [
        ("everyone", "Everyone who checks in"),
        ("visit", "By kind of visit, or by hand"),
    ];
    let audiences = audiences
        .map(|(key, word)| (key.to_owned(), word.to_owned()))
        .to_vec();
    let heading = move || match draft.title.en.get().trim() {
        "" => "New form".to_owned(),
        title => title.to_owned(),
    };
    view! {
        <div class="page-head">
            <div><h1>{heading}</h1><p class="sub">{format!("Draft of version {version}. It is kept on this device until it is published.")}</p></div>
            <span class="push"></span>
            <button type="button" class="btn" id="form-leave" on:click=leave><Icon name="back" />"All forms"</button>
            <button type="button" class="btn" id="form-preview" on:click=move |_| previewing.set(true)><Icon name="eye" />"Preview"</button>
            <button type="button" class="btn primary" id="form-publish" on:click=check>{format!("Publish version {version} …")}</button>
        </div>
        <div class="scroll pad" tabindex="0" role="region" aria-label="Form">
            <div class="form wide">
                <ProblemSummary title="There is a problem" problems=found.list attempt=found.attempt />
                <div class="cols">
                    <Field id="form-title" label="Title, English" value=draft.title.en fault=at(found, "form-title".into()) autofocus=is_new />
                    <Field id="form-title-es" label="Title, Spanish" value=draft.title.es fault=at(found, "form-title-es".into()) />
                    <Field id="form-slug" label="Short name" hint="Small letters, digits and hyphens; the same in every version" value=draft.slug fault=at(found, "form-slug".into()) disabled=!is_new />
                    <SelectField id="form-audience" label="Who is asked" value=draft.audience choose="Choose" options=Signal::stored(audiences) />
                    <Field id="form-days" label="Days that an answer stands (optional)" hint="Within them, the next visit does not ask again" inputmode="numeric" value=draft.valid_days fault=at(found, "form-days".into()) />
                </div>
                <CheckField id="form-signed" label="Whoever answers signs for it" value=draft.signed />
            </div>
            <div class="questions" id="form-pages" tabindex="-1">
                <For each=move || draft.questions.get() key=|one| one.key let(one)>
                    <QuestionCard draft one problems=found />
                </For>
                <button type="button" class="btn" id="question-add" on:click=add><Icon name="plus" />"Add a question"</button>
            </div>
            <Sums draft found />
        </div>
        <Dialog open=previewing title="As patients are asked" close="Close" large=true>
            {let (form, _) = read(); view! { <Preview form /> }}
        </Dialog>
        <Dialog open=publishing title="Publish this form?" close="Close">
            {ready.get_untracked().map(|form| view! { <Publish form before=draft.base.get_value() open publishing /> })}
        </Dialog>
    }
}

/// Keeps the draft a moment after it changed, so that a reload loses nothing.
fn keep(draft: FormDraft) {
    let desk = use_desk();
    let turn = StoredValue::new(0u32);
    Effect::new(move |before: Option<()>| {
        let engine = desk.engine();
        let (form, _) = draft.read(engine.ports.clock.as_ref());
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        // As it was opened there is nothing to keep, unless it came from a file.
        let same = draft
            .base
            .with_value(|base| base.as_ref().is_some_and(|base| base.pages == form.pages));
        if before.is_none() && (same || form.pages.is_empty()) {
            return;
        }
        let kept = Kept {
            form,
            base: draft.base.get_value(),
        };
        leptos::task::spawn_local(async move {
            engine.ports.clock.sleep(KEEP_MILLIS).await;
            if turn.try_get_value() == Some(mine)
                && let Err(error) = engine.save_draft(DRAFT, &kept).await
            {
                desk.say(format!("The draft is not kept: {error}."));
            }
        });
    });
}

/// How answers are summed up.
#[component]
fn Sums(draft: FormDraft, found: Problems) -> impl IntoView {
    let row = move |band: BandDraft| {
        let id = move |field: &str| format!("band{}-{field}", band.key);
        let fault = move |field: &str| at(found, id(field));
        let remove = move |_| {
            draft
                .bands
                .update(|all| all.retain(|other| other.key != band.key))
        };
        view! {
            <li class="option">
                <Field id=id("from") label="From" inputmode="numeric" value=band.from fault=fault("from") />
                <Field id=id("to") label="To" inputmode="numeric" value=band.to fault=fault("to") />
                <Field id=id("label") label="Means, English" value=band.label.en fault=fault("label") />
                <Field id=id("label-es") label="Means, Spanish" value=band.label.es fault=fault("label-es") />
                <CheckField id=id("attention") label="A practitioner should see it" value=band.attention />
                <button type="button" class="btn s" id=id("remove") on:click=remove>
                    <Icon name="x" small=true />"Remove"<span class="vh">{move || format!(" {}", band.label.en.get())}</span>
                </button>
            </li>
        }
    };
    let whole = at(found, "form-scoring".into());
    view! {
        <section class="form wide" aria-label="Score">
            <CheckField id="form-scoring" label="Scores are added up" hint="Scores of answers, and places on scales" value=draft.counts fault=whole />
            <Show when=move || draft.counts.get()>
                <ul class="options" aria-label="What sums mean">
                    <For each=move || draft.bands.get() key=|band| band.key let(band)>{row(band)}</For>
                </ul>
                <button type="button" class="btn s" id="band-add" on:click=move |_| draft.add_band()><Icon name="plus" small=true />"Add what a sum means"</button>
            </Show>
        </section>
    }
}

/// The form as it will be asked, to be tried.
#[component]
pub fn Preview(form: Questionnaire) -> impl IntoView {
    let lang = RwSignal::new("en".to_owned());
    let answers = RwSignal::new(Answers::new());
    let languages = vec![
        ("en".to_owned(), "English".to_owned()),
        ("es".to_owned(), "Español".to_owned()),
    ];
    let spoken = Signal::derive(move || Lang::from_tag(&lang.get()));
    let (title, counting) = (form.title.clone(), form.clone());
    let sum = move || {
        let score = answers.with(|answers| counting.score(answers))?;
        let band = score.band.map(|band| format!(": {}", band.get(spoken.get())));
        Some(format!("{}{}", score.total, band.unwrap_or_default()))
    };
    view! {
        <Segmented name="preview-lang" legend="Language" value=lang options=Signal::stored(languages) small=true />
        <h3>{move || title.get(spoken.get()).to_owned()}</h3>
        <AnswerFields form lang=spoken answers wrong=Signal::stored(Vec::new()) />
        <p role="status" id="preview-score">{move || sum().map(|sum| format!("Score {sum}"))}</p>
    }
}

/// Asked once more: what is published stays as it is.
#[component]
fn Publish(
    form: Questionnaire,
    before: Option<Questionnaire>,
    open: RwSignal<Option<Kept>>,
    publishing: RwSignal<bool>,
) -> impl IntoView {
    let desk = use_desk();
    let version = form.version;
    let list = match &before {
        Some(before) => changes(before, &form),
        None => vec![format!(
            "{} questions, none of which was asked before",
            form.pages.len()
        )],
    };
    let nothing = list.is_empty();
    let each = list
        .into_iter()
        .map(|change| view! { <li>{change}</li> })
        .collect_view();
    let publish = move |_| {
        let what = format!("“{}”, version {version}", form.title.en);
        desk.submit(
            what,
            Command::PublishQuestionnaire(form.clone()),
            move |done| match done {
                Ok(_) => {
                    let engine = desk.engine();
                    leptos::task::spawn_local(async move { engine.discard_draft().await });
                    let _left = (publishing.try_set(false), open.try_set(None));
                }
                Err(why) => desk.say(why),
            },
        );
    };
    view! {
        <div class="form">
            <p>"A version stays as it was published, and answers always show what was asked. To change it later, publish the next version."</p>
            {nothing.then(|| view! { <p class="wait">"Nothing differs from the version before."</p> })}
            <ul class="changes" aria-label="What changes">{each}</ul>
            <div class="ends">
                <button type="button" class="btn" on:click=move |_| publishing.set(false)>"Cancel"</button>
                <button type="button" class="btn primary" id="publish-now" on:click=publish>{format!("Publish version {version}")}</button>
            </div>
        </div>
    }
}
