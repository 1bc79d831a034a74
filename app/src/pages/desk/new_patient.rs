//! A new patient: what the desk needs to know, and who may be here already.

use super::address::{AddressFields, AddressForm};
use super::form::{BirthFields, DateParts, Problems, date_part, problem};
use super::page::{NotYours, Page};
use super::words::{birth_words, languages, mrn_words};
use crate::routes::path;
use crate::shell::staff::context::{Desk, use_desk};
use crate::state::Engine;
use chrono::NaiveDate;
use domain::command::{Command, CommandName};
use domain::id::PatientId;
use domain::patients::matching::{Candidate, Probe, STRONG};
use domain::patients::{
    AddressUse, ContactPoint, HumanNumber, IdentityStatus, Patient, RegisterPatient, Sex, TelecomSystem,
    TelecomUse,
};
use domain::text::Lang;
use domain::validate::{FaultCode, Validate};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use ui::{CheckField, Field, Problem, ProblemSummary, SelectField};

/// How long typing must rest before records are compared.
const REST_MILLIS: u32 = 250;

/// What was typed.
#[derive(Clone, Copy)]
struct Form {
    family: RwSignal<String>,
    given: RwSignal<String>,
    middle: RwSignal<String>,
    preferred: RwSignal<String>,
    birth: DateParts,
    sex: RwSignal<String>,
    phone: RwSignal<String>,
    email: RwSignal<String>,
    address: AddressForm,
    language: RwSignal<String>,
    interpreter: RwSignal<bool>,
}

impl Form {
    fn new() -> Form {
        let text = || RwSignal::new(String::new());
        Form {
            family: text(),
            given: text(),
            middle: text(),
            preferred: text(),
            birth: DateParts::new(None),
            sex: text(),
            phone: text(),
            email: text(),
            address: AddressForm::new(AddressUse::Home, None),
            language: RwSignal::new("en".to_owned()),
            interpreter: RwSignal::new(false),
        }
    }

    /// Who it may be; nothing while too little is known.
    fn probe(self) -> Option<Probe> {
        let probe = Probe {
            given_name: self.given.get().trim().to_owned(),
            family_name: self.family.get().trim().to_owned(),
            birth_on: self.birth.read().ok(),
            phones: vec![self.phone.get()],
            ..Probe::default()
        };
        let named = !probe.given_name.is_empty() && !probe.family_name.is_empty();
        named.then_some(probe)
    }

    /// The record, or everything that is wrong.
    fn read(self, engine: &Engine, today: NaiveDate) -> Result<Patient, Vec<Problem>> {
        let mut problems = Vec::new();
        let some = |field: RwSignal<String>| {
            Some(field.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())
        };
        let birth_on = self.birth.read_untracked().unwrap_or_else(|code| {
            problems.push(problem(&date_part("dob", code), code));
            today
        });
        let sex = match self.sex.get_untracked().as_str() {
            "female" => Sex::Female,
            "male" => Sex::Male,
            "unknown" => Sex::Unknown,
            _ => {
                problems.push(Problem::new("sex", "Choose what the insurance record says"));
                Sex::Unknown
            }
        };
        let mut telecoms = Vec::new();
        if let Some(value) = some(self.phone) {
            if domain::validate::phone(&value, &today).is_err() {
                problems.push(problem("mobile-phone", FaultCode::PhoneWrong));
            }
            let (system, usage) = (TelecomSystem::Phone, TelecomUse::Mobile);
            telecoms.push(ContactPoint {
                system,
                usage,
                value,
                may_text: false,
            });
        }
        if let Some(value) = some(self.email) {
            if domain::validate::optional_email(&Some(value.clone()), &today).is_err() {
                problems.push(problem("email", FaultCode::EmailWrong));
            }
            let (system, usage) = (TelecomSystem::Email, TelecomUse::Home);
            telecoms.push(ContactPoint {
                system,
                usage,
                value,
                may_text: false,
            });
        }
        let address = self.address.read(today).unwrap_or_else(|wrong| {
            problems.extend(wrong);
            None
        });
        let patient = Patient {
            id: PatientId(engine.new_id()),
            mrn: HumanNumber::Assigned(0),
            family_name: some(self.family).unwrap_or_default(),
            given_name: some(self.given).unwrap_or_default(),
            middle_name: some(self.middle),
            suffix: None,
            preferred_name: some(self.preferred),
            previous_names: Vec::new(),
            payer_name: None,
            birth_on,
            multiple_birth: false,
            sex,
            gender_identity: None,
            pronouns: None,
            identifiers: Vec::new(),
            telecoms,
            addresses: address.into_iter().collect(),
            no_fixed_address: false,
            language: some(self.language).unwrap_or_else(|| "en".to_owned()),
            interpreter_needed: self.interpreter.get_untracked(),
            race_codes: Vec::new(),
            ethnicity_code: None,
            marital_status: None,
            deceased_on: None,
            identity: IdentityStatus::StaffVerified,
            preferred_channel: None,
            registered_at: engine.ports.clock.now(),
        };
        for fault in patient.faults(today).0 {
            let id = match fault.field.as_str() {
                "family_name" => "family-name".to_owned(),
                // One missing name is one problem.
                "given_name" if fault.code == FaultCode::NameMissing => continue,
                "given_name" => "given-name".to_owned(),
                "middle_name" => "middle-name".to_owned(),
                "preferred_name" => "preferred-name".to_owned(),
                "birth_on" => date_part("dob", fault.code),
                _ => continue,
            };
            problems.push(problem(&id, fault.code));
        }
        let order = [
            "family-name",
            "given-name",
            "middle-name",
            "preferred-name",
            "dob",
            "sex",
            "mobile-phone",
        ];
        problems.sort_by_key(|one| {
            order
                .iter()
                .position(|id| one.field.starts_with(id))
                .unwrap_or(order.len())
        });
        if problems.is_empty() {
            Ok(patient)
        } else {
            Err(problems)
        }
    }
}

/// The page.
#[component]
pub fn NewPatient() -> impl IntoView {
    let desk = use_desk();
    if !desk.may(CommandName::RegisterPatient) {
        return view! { <NotYours /> }.into_any();
    }
    let (form, problems) = (Form::new(), Problems::new());
    let candidates = candidates(desk, form);
    let asked = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let strong = Memo::new(move |_| candidates.with(|all| all.iter().any(|(one, _)| one.score >= STRONG)));
    let save = move || {
        if busy.get_untracked() {
            return;
        }
        let patient = match form.read(&desk.engine(), desk.today()) {
            Ok(patient) => patient,
            Err(wrong) => {
                problems.show(wrong);
                return;
            }
        };
        problems.show(Vec::new());
        // Asked once, by name and birth date as they are now and not as they were when typing last rested.
        let likely = desk
            .engine()
            .candidates(&Probe::of(&patient))
            .iter()
            .any(|one| one.score >= STRONG);
        if likely && !asked.get_untracked() {
            asked.set(true);
            ui::focus_on("maybe-here");
            return;
        }
        busy.set(true);
        let id = patient.id;
        let what = format!("New patient {}", patient.display_name());
        desk.submit(
            what,
            Command::RegisterPatient(RegisterPatient {
                patient,
                site_id: desk.engine().home_site(),
            }),
            move |done| {
                busy.set(false);
                match done {
                    Ok(_) => desk.go(&path::patient(id)),
                    Err(why) => {
                        problems.show(vec![Problem::new("family-name", why)]);
                    }
                }
            },
        );
    };
    let sexes = vec![
        ("female".to_owned(), "Female".to_owned()),
        ("male".to_owned(), "Male".to_owned()),
        ("unknown".to_owned(), "Not known".to_owned()),
    ];
    let anyway = move || asked.get() && strong.get();
    desk.engine().ports.page.focus("family-name");
    view! {
        <Page title="New patient" faulty=problems.any()>
            <div class="page-head lined"><div><h1>"New patient"</h1><p class="sub">"One name is enough. Everything else can follow."</p></div></div>
            <div class="scroll">
                <form class="form sheet-form" novalidate on:submit=move |event: SubmitEvent| { event.prevent_default(); save(); }>
                    <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
                    <div class="cols">
                        <Field id="family-name" label="Family name" value=form.family fault=problems.at("family-name") />
                        <Field id="given-name" label="Given name" value=form.given fault=problems.at("given-name") />
                        <Field id="middle-name" label="Middle name (optional)" value=form.middle fault=problems.at("middle-name") />
                        <Field id="preferred-name" label="Name to call them by (optional)" value=form.preferred fault=problems.at("preferred-name") />
                    </div>
                    <BirthFields id="dob" legend="Date of birth" parts=form.birth problems />
                    <Maybe candidates />
                    <div class="cols">
                        <SelectField
                            id="sex" label="Sex on insurance record" value=form.sex choose="Choose"
                            options=Signal::derive(move || sexes.clone()) fault=problems.at("sex")
                        />
                        <Field id="mobile-phone" label="Mobile phone (optional)" value=form.phone kind="tel" fault=problems.at("mobile-phone") />
                        <Field id="email" label="Email (optional)" value=form.email kind="email" fault=problems.at("email") />
                        <SelectField id="language" label="Language" value=form.language choose="Choose" options=Signal::derive(languages) />
                    </div>
                    <CheckField id="interpreter" label="An interpreter is needed" value=form.interpreter />
                    <fieldset class="group"><legend>"Address (optional)"</legend><AddressFields form=form.address problems /></fieldset>
                    <div class="ends">
                        <Show
                            when=anyway
                            fallback=move || view! {
                                <button type="submit" class="btn primary" id="save-patient">"Save patient"</button>
                            }
                        >
                            <p class="strong" role="alert">"Very likely this person is here already. Open the record above instead?"</p>
                            <button type="submit" class="btn" id="create-anyway">"Create anyway"</button>
                        </Show>
                        <a class="btn quiet" href=path::PATIENTS>"Cancel"</a>
                    </div>
                </form>
            </div>
        </Page>
    }
    .into_any()
}

/// Records that may be the same, compared whenever typing rests.
fn candidates(desk: Desk, form: Form) -> RwSignal<Vec<(Candidate, Patient)>> {
    let found = RwSignal::new(Vec::new());
    let turn = StoredValue::new(0u64);
    Effect::new(move || {
        let probe = form.probe();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let engine = desk.engine();
        leptos::task::spawn_local(async move {
            engine.ports.clock.sleep(REST_MILLIS).await;
            if turn.try_get_value() != Some(mine) {
                return;
            }
            let all = probe.map(|probe| engine.candidates(&probe)).unwrap_or_default();
            let all = all
                .into_iter()
                .take(5)
                .filter_map(|one| Some((one.clone(), engine.patient(one.id)?)));
            let _left = found.try_set(all.collect());
        });
    });
    found
}

/// Who may be here already, each with why, as links to their records.
#[component]
fn Maybe(candidates: RwSignal<Vec<(Candidate, Patient)>>) -> impl IntoView {
    let desk = use_desk();
    let row = move |(one, patient): (Candidate, Patient)| {
        view! {
            <li>
                <span>
                    <b>{patient.display_name()}</b>" "
                    {format!("{} · {}", birth_words(&patient, desk.today()), mrn_words(&patient.mrn))}<br />
                    <small class="soft">{reasons(&one)}</small>
                </span>
                <span class="push"></span>
                <a class="btn s" href=path::patient(one.id) data-candidate=one.id.to_string()>
                    "Open"<span class="vh">" "{patient.display_name()}</span>
                </a>
            </li>
        }
    };
    view! {
        <div role="status">
            <Show when=move || candidates.with(|all| !all.is_empty())>
                <div class="maybe" id="maybe-here" tabindex="-1">
                    <h2>"May be here already"</h2>
                    <ul>{move || candidates.get().into_iter().map(row).collect_view()}</ul>
                </div>
            </Show>
        </div>
    }
}

/// "same date of birth, same phone"
pub fn reasons(candidate: &Candidate) -> String {
    let all: Vec<&str> = candidate
        .reasons
        .iter()
        .map(|reason| reason.label().get(Lang::En))
        .collect();
    all.join(", ")
}
