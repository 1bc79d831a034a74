//! The fields of each group, typed, and read back as values of the record.

use crate::pages::desk::address::{AddressFields, AddressForm};
use crate::pages::desk::form::{BirthFields, DateParts, Problems, date_part, problem};
use crate::pages::desk::words::{ETHNICITIES, RACES, languages, text_value};
use chrono::NaiveDate;
use domain::notices::Channel;
use domain::patients::{Address, AddressUse, ContactPoint, Patient, PatientField, Sex};
use domain::text::Lang;
use domain::validate::FaultCode;
use leptos::prelude::*;
use serde_json::Value;
use ui::{CheckField, Choice, ChoiceField, ChoiceLayout, ChoicesField, Field, Problem, SelectField};

/// Fields and what they should be, or what is wrong.
pub type Read = Result<Vec<(PatientField, Value)>, Vec<Problem>>;

fn json(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn text(value: Option<&str>) -> RwSignal<String> {
    RwSignal::new(value.unwrap_or_default().to_owned())
}

/// Who somebody is.
#[derive(Clone, Copy)]
pub struct PersonForm {
    family: RwSignal<String>,
    given: RwSignal<String>,
    middle: RwSignal<String>,
    suffix: RwSignal<String>,
    preferred: RwSignal<String>,
    payer: RwSignal<String>,
    birth: DateParts,
    sex: RwSignal<String>,
    gender: RwSignal<String>,
    pronouns: RwSignal<String>,
}

impl PersonForm {
    /// From the record.
    pub fn new(p: &Patient) -> PersonForm {
        PersonForm {
            family: text(Some(&p.family_name)),
            given: text(Some(&p.given_name)),
            middle: text(p.middle_name.as_deref()),
            suffix: text(p.suffix.as_deref()),
            preferred: text(p.preferred_name.as_deref()),
            payer: text(p.payer_name.as_deref()),
            birth: DateParts::new(Some(p.birth_on)),
            sex: text(json(p.sex).as_str()),
            gender: text(p.gender_identity.as_deref()),
            pronouns: text(p.pronouns.as_deref()),
        }
    }

    /// What was typed.
    pub fn read(self, today: NaiveDate) -> Read {
        let mut wrong = Vec::new();
        if [self.family, self.given]
            .iter()
            .all(|name| name.with_untracked(|name| name.trim().is_empty()))
        {
            wrong.push(problem("family-name", FaultCode::NameMissing));
        }
        let birth = match self.birth.read_untracked() {
            Ok(on) if on > today => Err(FaultCode::BirthInFuture),
            other => other,
        };
        let birth = birth.unwrap_or_else(|code| {
            wrong.push(problem(&date_part("dob", code), code));
            today
        });
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let sex = match self.sex.get_untracked().as_str() {
            "female" => Sex::Female,
            "male" => Sex::Male,
            _ => Sex::Unknown,
        };
        use PatientField::{
            BirthOn, FamilyName, GenderIdentity, GivenName, MiddleName, PayerName, PreferredName, Pronouns,
            Suffix,
        };
        let line = |field: RwSignal<String>| field.with_untracked(|typed| text_value(typed));
        Ok(vec![
            (FamilyName, line(self.family)),
            (GivenName, line(self.given)),
            (MiddleName, line(self.middle)),
            (Suffix, line(self.suffix)),
            (PreferredName, line(self.preferred)),
            (PayerName, line(self.payer)),
            (BirthOn, json(birth)),
            (PatientField::Sex, json(sex)),
            (GenderIdentity, line(self.gender)),
            (Pronouns, line(self.pronouns)),
        ])
    }

    /// On the page.
    pub fn view(self, problems: Problems) -> AnyView {
        let sexes = [("female", "Female"), ("male", "Male"), ("unknown", "Not known")];
        let sexes: Vec<_> = sexes
            .iter()
            .map(|(key, word)| ((*key).to_owned(), (*word).to_owned()))
            .collect();
        view! {
            <div class="cols">
                <Field id="family-name" label="Family name" value=self.family fault=problems.at("family-name") autofocus=true />
                <Field id="given-name" label="Given name" value=self.given fault=problems.at("given-name") />
                <Field id="middle-name" label="Middle name" value=self.middle />
                <Field id="suffix" label="Suffix" value=self.suffix />
                <Field id="preferred-name" label="Name to call them by" value=self.preferred />
                <Field id="payer-name" label="Name as the payer has it" value=self.payer />
            </div>
            <BirthFields id="dob" legend="Date of birth" parts=self.birth problems />
            <div class="cols">
                <SelectField id="sex" label="Sex on insurance record" value=self.sex choose="Choose" options=Signal::derive(move || sexes.clone()) />
                <Field id="gender" label="Gender, in their words" value=self.gender />
                <Field id="pronouns" label="Pronouns" value=self.pronouns />
            </div>
        }
        .into_any()
    }
}

/// How to reach somebody.
#[derive(Clone, Copy)]
pub struct ContactForm {
    mobile: RwSignal<String>,
    may_text: RwSignal<bool>,
    home: RwSignal<String>,
    work: RwSignal<String>,
    email: RwSignal<String>,
    told_by: RwSignal<String>,
    address: AddressForm,
    mailing: AddressForm,
    /// Whether mail came back from the address, and from the one for mail.
    bad: (bool, bool),
    before: StoredValue<Vec<(PatientField, Value)>>,
}

impl ContactForm {
    /// From the record.
    pub fn new(p: &Patient) -> ContactForm {
        use PatientField::*;
        let read = |field: PatientField| field.show(&field.read(p));
        let address = |usage| p.addresses.iter().find(|address| address.usage == usage);
        let (home, mailing) = (address(AddressUse::Home), address(AddressUse::Mailing));
        let came_back = |address: Option<&Address>| address.is_some_and(|address| address.bad);
        let may_text = MobilePhone
            .read(p)
            .get("may_text")
            .and_then(Value::as_bool)
            .unwrap_or_default();
        let points = [MobilePhone, HomePhone, WorkPhone, Email].map(|field| (field, field.read(p)));
        ContactForm {
            mobile: RwSignal::new(read(MobilePhone)),
            may_text: RwSignal::new(may_text),
            home: RwSignal::new(read(HomePhone)),
            work: RwSignal::new(read(WorkPhone)),
            email: RwSignal::new(read(Email)),
            told_by: RwSignal::new(read(PreferredChannel)),
            address: AddressForm::new(AddressUse::Home, home),
            mailing: AddressForm::new(AddressUse::Mailing, mailing),
            bad: (came_back(home), came_back(mailing)),
            before: StoredValue::new(points.to_vec()),
        }
    }

    /// What was typed. A number from another system that stays as it was is not checked again.
    pub fn read(self, today: NaiveDate) -> Read {
        use PatientField::*;
        let fields = [
            (MobilePhone, self.mobile, "mobile-phone"),
            (HomePhone, self.home, "home-phone"),
            (WorkPhone, self.work, "work-phone"),
            (Email, self.email, "email"),
        ];
        let (mut read, mut wrong) = (Vec::new(), Vec::new());
        for (field, typed, id) in fields {
            let typed = typed.get_untracked().trim().to_owned();
            let before = self.before.with_value(|all| {
                all.iter()
                    .find(|(one, _)| *one == field)
                    .map(|(_, value)| value.clone())
                    .unwrap_or_default()
            });
            if typed != field.show(&before) && !typed.is_empty() {
                let code = if field == Email {
                    let sound = domain::validate::optional_email(&Some(typed.clone()), &today).is_ok();
                    (!sound).then_some(FaultCode::EmailWrong)
                } else {
                    domain::validate::phone(&typed, &today)
                        .is_err()
                        .then_some(FaultCode::PhoneWrong)
                };
                wrong.extend(code.map(|code| problem(id, code)));
            }
            let texting = match field {
                MobilePhone => self.may_text.get_untracked(),
                _ => before
                    .get("may_text")
                    .and_then(Value::as_bool)
                    .unwrap_or_default(),
            };
            let value = field
                .contact_point()
                .filter(|_| !typed.is_empty())
                .map(|(system, usage)| ContactPoint {
                    system,
                    usage,
                    value: typed,
                    may_text: texting,
                });
            read.push((field, json(value)));
        }
        read.push((
            PreferredChannel,
            self.told_by.with_untracked(|name| text_value(name)),
        ));
        for (field, form, bad) in [
            (HomeAddress, self.address, self.bad.0),
            (MailingAddress, self.mailing, self.bad.1),
        ] {
            match form.read(today) {
                Ok(address) => read.push((field, json(address.map(|address| Address { bad, ..address })))),
                Err(more) => wrong.extend(more),
            }
        }
        if wrong.is_empty() { Ok(read) } else { Err(wrong) }
    }

    /// On the page.
    pub fn view(self, problems: Problems) -> AnyView {
        let ways = Channel::ALL.map(|way| (way.name().to_owned(), way.label().get(Lang::En).to_owned()));
        view! {
            <div class="cols">
                <Field id="mobile-phone" label="Mobile phone" value=self.mobile kind="tel" fault=problems.at("mobile-phone") autofocus=true />
                <CheckField id="may-text" label="May be texted" value=self.may_text />
                <Field id="home-phone" label="Home phone" value=self.home kind="tel" fault=problems.at("home-phone") />
                <Field id="work-phone" label="Work phone" value=self.work kind="tel" fault=problems.at("work-phone") />
            </div>
            <Field id="email" label="Email" value=self.email kind="email" fault=problems.at("email") />
            <SelectField id="preferred-channel" label="Wants to be told by" value=self.told_by choose="Did not say" options=Signal::stored(ways.to_vec()) />
            <AddressFields form=self.address problems />
            <fieldset class="group">
                <legend>"Where mail goes, if elsewhere"</legend>
                <AddressFields form=self.mailing problems />
            </fieldset>
        }
        .into_any()
    }
}

/// What is reported of a population, and asked in the categories of the Office of Management and Budget.
#[derive(Clone, Copy)]
pub struct BackgroundForm {
    races: RwSignal<Vec<String>>,
    ethnicity: RwSignal<String>,
}

impl BackgroundForm {
    /// From the record.
    pub fn new(p: &Patient) -> BackgroundForm {
        BackgroundForm {
            races: RwSignal::new(p.race_codes.clone()),
            ethnicity: text(p.ethnicity_code.as_deref()),
        }
    }

    /// What was chosen; nothing of it has to be.
    pub fn read(self) -> Vec<(PatientField, Value)> {
        let races = self.races.get_untracked();
        vec![
            (
                PatientField::RaceCodes,
                json(Some(races).filter(|races| !races.is_empty())),
            ),
            (
                PatientField::EthnicityCode,
                self.ethnicity.with_untracked(|code| text_value(code)),
            ),
        ]
    }

    /// On the page.
    pub fn view(self) -> AnyView {
        let choice = |(code, words): &(&str, &str)| Choice::new(*code, *words);
        let mut races: Vec<Choice> = RACES.iter().map(choice).collect();
        // A finer code from another system stays to be chosen.
        let now = self.races.get_untracked().into_iter();
        let finer = now.filter(|code| !RACES.iter().any(|(known, _)| known == code));
        races.extend(finer.map(|code| Choice::new(code.clone(), code)));
        let unsaid = Choice::new("", "Not given");
        let ethnicities: Vec<Choice> = std::iter::once(unsaid)
            .chain(ETHNICITIES.iter().map(choice))
            .collect();
        view! {
            <ChoicesField id="race" legend="Race, any that apply" value=self.races options=Signal::stored(races) layout=ChoiceLayout::Pair />
            <ChoiceField id="ethnicity" legend="Ethnicity" value=self.ethnicity options=Signal::stored(ethnicities) />
        }
        .into_any()
    }
}

/// In which language.
#[derive(Clone, Copy)]
pub struct LanguageForm {
    language: RwSignal<String>,
    interpreter: RwSignal<bool>,
}

impl LanguageForm {
    /// From the record.
    pub fn new(p: &Patient) -> LanguageForm {
        LanguageForm {
            language: RwSignal::new(p.language.clone()),
            interpreter: RwSignal::new(p.interpreter_needed),
        }
    }

    /// What was chosen.
    pub fn read(self) -> Vec<(PatientField, Value)> {
        vec![
            (
                PatientField::Language,
                self.language.with_untracked(|tag| text_value(tag)),
            ),
            (
                PatientField::InterpreterNeeded,
                Value::Bool(self.interpreter.get_untracked()),
            ),
        ]
    }

    /// On the page; a dialect that the list does not know stays to be chosen.
    pub fn view(self) -> AnyView {
        let mut all = languages();
        let now = self.language.get_untracked();
        if !now.is_empty() && !all.iter().any(|(tag, _)| *tag == now) {
            all.push((now.clone(), now));
        }
        view! {
            <SelectField id="language" label="Language" value=self.language choose="Choose" options=Signal::derive(move || all.clone()) />
            <CheckField id="interpreter" label="An interpreter is needed" value=self.interpreter />
        }
        .into_any()
    }
}
