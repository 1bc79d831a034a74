//! The practice's forms: what patients are asked, in versions; written by the owner, seen by everyone who works here.

mod checking;
mod draft;
mod editor;
mod exchange;
mod question;
mod question_card;

use super::answering::all_forms;
use super::page::{NotYours, Page};
use super::when::{day, local};
use crate::shell::staff::context::{Desk, use_desk};
use crate::state::Engine;
use domain::command::{Command, CommandName};
use domain::intake::Questionnaire;
use domain::intake::questionnaire::{Audience, newest};
use domain::row::{Entity, Row};
use domain::schedule::VisitType;
use draft::Kept;
use editor::{DRAFT, Editor, Preview};
use exchange::{Import, Read, Report, export};
use leptos::prelude::*;
use ui::{Chip, Dialog, EmptyState, Icon, Tone};

/// The page.
#[component]
pub fn FormsPage() -> impl IntoView {
    let desk = use_desk();
    if !desk.holds(Entity::Questionnaire) {
        return view! { <NotYours /> }.into_any();
    }
    let open = RwSignal::new(None::<Kept>);
    let faulty = RwSignal::new(false);
    view! {
        <Page title="Forms" faulty>
            {move || match open.get() {
                Some(kept) => view! { <Editor kept open faulty /> }.into_any(),
                None => view! { <List open /> }.into_any(),
            }}
        </Page>
    }
    .into_any()
}

/// A form with nothing in it yet.
fn blank() -> Kept {
    Kept {
        form: Questionnaire {
            id: Questionnaire::id_of("", 1),
            slug: String::new(),
            version: 1,
            replaces_id: None,
            title: Default::default(),
            pages: Vec::new(),
            scoring: None,
            signature_required: false,
            audience: Audience::Visit,
            valid_days: None,
            retired: false,
            published_at: Default::default(),
        },
        base: None,
    }
}

/// Where a form is asked, in words: at check-in, or by which kinds of visit. A kind that names an older version means
/// the newest.
fn used(engine: &Engine, form: &Questionnaire, all: &[Questionnaire]) -> String {
    let versions: Vec<_> = all
        .iter()
        .filter(|one| one.slug == form.slug)
        .map(|one| one.id)
        .collect();
    let asks =
        |kind: &VisitType| kind.active && kind.questionnaire_ids.iter().any(|id| versions.contains(id));
    let mut kinds = engine.pick(Entity::VisitType, |row| match row {
        Row::VisitType(kind) if asks(kind) => Some(kind.name.clone()),
        _ => None,
    });
    kinds.sort();
    if form.audience == Audience::Everyone {
        kinds.insert(0, "Everyone who checks in".to_owned());
    }
    match kinds.is_empty() {
        true => "By hand only".to_owned(),
        false => kinds.join(", "),
    }
}

/// One line of the list.
#[derive(Clone, PartialEq)]
struct Line {
    form: Questionnaire,
    used: String,
    since: String,
}

fn lines(engine: &Engine) -> Vec<Line> {
    let all = all_forms(engine);
    let mut lines: Vec<Line> = newest(&all)
        .into_iter()
        .map(|form| Line {
            form: form.clone(),
            used: used(engine, form, &all),
            since: day(local(engine, form.published_at).date()),
        })
        .collect();
    lines.sort_by(|a, b| (a.form.retired, &a.form.title.en).cmp(&(b.form.retired, &b.form.title.en)));
    lines
}

/// Withdraws a form, or brings it back; with the way back.
fn retire(desk: Desk, form: &Questionnaire) {
    let asked = Questionnaire {
        retired: !form.retired,
        ..form.clone()
    };
    let before = form.clone();
    let (what, said) = match asked.retired {
        true => (
            "Form withdrawn",
            format!("“{}” is no longer asked.", form.title.en),
        ),
        false => (
            "Form brought back",
            format!("“{}” is asked again.", form.title.en),
        ),
    };
    desk.submit(
        what,
        Command::PublishQuestionnaire(asked),
        move |done| match done {
            Ok(_) => {
                let undo = Callback::new(move |()| {
                    desk.enter("Form, undone", Command::PublishQuestionnaire(before.clone()));
                });
                desk.offer(said, "Undo", undo);
            }
            Err(why) => desk.say(why),
        },
    );
}

#[component]
fn List(open: RwSignal<Option<Kept>>) -> impl IntoView {
    let desk = use_desk();
    let may = desk.may(CommandName::PublishQuestionnaire);
    let all = desk.live(lines);
    let kept = RwSignal::new(None::<Kept>);
    let imported = RwSignal::new(None::<Read>);
    let (previewing, previewed) = (RwSignal::new(false), RwSignal::new(None::<Questionnaire>));
    if may {
        let engine = desk.engine();
        leptos::task::spawn_local(async move {
            let found = engine.load_draft::<Kept>(DRAFT).await;
            let _left = kept.try_set(found);
        });
    }
    // One draft at a time: another would take its place.
    let begin = Callback::new(move |next: Kept| match kept.with_untracked(Option::is_some) {
        true => desk.say("There is a draft. Go on with it, or throw it away first."),
        false => open.set(Some(next)),
    });
    let discard = move |_| {
        kept.set(None);
        let engine = desk.engine();
        leptos::task::spawn_local(async move { engine.discard_draft().await });
    };
    let waiting = move || {
        kept.get().map(|draft| {
            let title = draft.form.title.en.clone();
            let title = if title.is_empty() { "a new form".to_owned() } else { format!("“{title}”") };
            view! {
                <div class="banner note" role="status" id="form-draft">
                    <Icon name="pen" />
                    <p><b>{format!("There is a draft of {title}.")}</b></p>
                    <span class="push"></span>
                    <button type="button" class="btn s" id="draft-go" on:click=move |_| open.set(Some(draft.clone()))>"Go on"</button>
                    <button type="button" class="btn s" id="draft-drop" on:click=discard>"Throw away"</button>
                </div>
            }
        })
    };
    let row = move |line: Line| {
        let form = line.form;
        let (shown, changed, turned, saved) = (form.clone(), form.clone(), form.clone(), form.clone());
        let named = format!(" {}", form.title.en);
        let state = match form.retired {
            true => view! { <Chip kind=Tone::Plain label="Withdrawn" /> },
            false => view! { <Chip kind=Tone::Ok label="In use" /> },
        };
        let change = move |_| {
            begin.run(Kept {
                form: changed.clone(),
                base: Some(changed.clone()),
            });
        };
        let preview = move |_| {
            previewed.set(Some(shown.clone()));
            previewing.set(true);
        };
        let word = if form.retired { "Bring back" } else { "Withdraw" };
        view! {
            <tr data-form=form.slug.clone()>
                <th scope="row">{form.title.en.clone()}</th>
                <td class="num">{form.version}</td>
                <td>{line.used}</td>
                <td>{line.since}</td>
                <td>{state}</td>
                <td>
                    <div class="acts">
                        <button type="button" class="btn s" data-act="preview" on:click=preview>"Preview"<span class="vh">{named.clone()}</span></button>
                        {may.then(|| view! {
                            <button type="button" class="btn s" data-act="change" on:click=change>"Change"<span class="vh">{named.clone()}</span></button>
                            <button type="button" class="btn s" data-act="retire" on:click=move |_| retire(desk, &turned)>{word}<span class="vh">{named.clone()}</span></button>
                        })}
                        <button type="button" class="btn s" data-act="export" on:click=move |_| export(desk, &saved)>"Export"<span class="vh">{named.clone()}</span></button>
                    </div>
                </td>
            </tr>
        }
    };
    view! {
        <div class="page-head">
            <div><h1>"Forms"</h1><p class="sub">"What patients are asked, and when"</p></div>
            <span class="push"></span>
            {may.then(|| view! {
                <Import desk into=imported />
                <button type="button" class="btn primary" id="form-add" on:click=move |_| begin.run(blank())><Icon name="plus" />"New form"</button>
            })}
        </div>
        {waiting}
        <div class="scroll pad" tabindex="0" role="region" aria-label="Forms">
            {move || imported.get().map(|read| view! { <Report read into=imported begin /> })}
            <Show when=move || all.with(Vec::is_empty)>
                <EmptyState icon="form" title="No forms yet" text="A form asks patients at check-in, before a kind of visit, or when somebody asks them." />
            </Show>
            <Show when=move || !all.with(Vec::is_empty)>
                <table class="table">
                    <thead><tr>
                        <th scope="col">"Form"</th><th scope="col" class="num">"Version"</th><th scope="col">"Asked"</th>
                        <th scope="col">"Published"</th><th scope="col">"State"</th><th scope="col"><span class="vh">"Do"</span></th>
                    </tr></thead>
                    <tbody>{move || all.get().into_iter().map(row).collect_view()}</tbody>
                </table>
            </Show>
        </div>
        <Dialog open=previewing title="As patients are asked" close="Close" large=true>
            {previewed.get_untracked().map(|form| view! { <Preview form /> })}
        </Dialog>
    }
}
