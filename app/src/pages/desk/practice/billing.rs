//! Who bills and is paid: the names and numbers that payers know.

use super::{Listed, typed};
use crate::pages::desk::form::Problems;
use crate::pages::desk::hours::save;
use crate::shell::staff::context::use_desk;
use domain::command::Command;
use domain::id::BillingEntityId;
use domain::practice::{BillingEntity, is_taxonomy_code, npi_check_digit_ok};
use domain::row::{Entity, Row};
use domain::text::digits;
use leptos::prelude::*;
use ui::{Dialog, Field, Problem, ProblemSummary};

/// The list.
#[component]
pub fn Billing() -> impl IntoView {
    let desk = use_desk();
    let open = RwSignal::new(false);
    let edit = RwSignal::new(None::<BillingEntity>);
    let all = desk.live(move |engine| {
        let mut all = engine.pick(Entity::BillingEntity, |row| match row {
            Row::BillingEntity(row) => Some(row.clone()),
            _ => None,
        });
        all.sort_by(|a, b| a.legal_name.cmp(&b.legal_name));
        all
    });
    let begin = move |row: Option<BillingEntity>| {
        edit.set(row);
        open.set(true);
    };
    let row = move |one: BillingEntity| {
        let (id, name, npi, tin) = (
            one.id.to_string(),
            one.legal_name.clone(),
            one.npi.clone(),
            one.tin.clone(),
        );
        view! {
            <tr data-biller=id>
                <th scope="row">{name}</th><td class="num">{tin}</td><td class="num">{npi}</td>
                <td class="num"><button type="button" class="btn s" on:click=move |_| begin(Some(one.clone()))>"Change"</button></td>
            </tr>
        }
    };
    view! {
        <Listed
            label="Who bills"
            add=("biller-add", "Add who bills")
            columns=&[("Legal name", false), ("Tax number", true), ("NPI", true)]
            none=("shield", "Nobody bills yet", "Enter the legal name and the numbers that payers know.")
            is_empty=Signal::derive(move || all.with(Vec::is_empty))
            begin=Callback::new(move |()| begin(None))
            rows=move || all.get().into_iter().map(row).collect_view()
        />
        <Dialog open title="Who bills" close="Close" large=true>
            {move || { let known = edit.get(); view! { <BillerForm known open /> } }}
        </Dialog>
    }
}

#[component]
fn BillerForm(known: Option<BillingEntity>, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let problems = Problems::new();
    let of = |read: fn(&BillingEntity) -> Option<String>| {
        RwSignal::new(known.as_ref().and_then(read).unwrap_or_default())
    };
    let name = of(|row| Some(row.legal_name.clone()));
    let tin = of(|row| Some(row.tin.clone()));
    let npi = of(|row| Some(row.npi.clone()));
    let taxonomy = of(|row| Some(row.taxonomy_code.clone()));
    let pay_to = of(|row| row.pay_to_address.clone());
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let number = tin.with_untracked(|tin| digits(tin));
        let code = typed(taxonomy).unwrap_or_default().to_uppercase();
        let checks = [
            (typed(name).is_none(), "biller-name", "Enter the legal name"),
            (
                number.len() != 9,
                "biller-tin",
                "Enter the nine digits of the tax number",
            ),
            (
                !npi_check_digit_ok(&typed(npi).unwrap_or_default()),
                "biller-npi",
                "Enter the ten digits of the group's NPI; the last one must fit the others",
            ),
            (
                !is_taxonomy_code(&code),
                "biller-taxonomy",
                "Enter all ten letters and digits of the specialty code, such as 261QP2300X",
            ),
        ];
        let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
        if !problems.show(wrong.map(|(_, id, words)| Problem::new(id, words)).collect()) {
            return;
        }
        let row = BillingEntity {
            id: known
                .as_ref()
                .map_or_else(|| BillingEntityId(desk.engine().new_id()), |row| row.id),
            legal_name: typed(name).unwrap_or_default(),
            tin: number,
            npi: typed(npi).unwrap_or_default(),
            taxonomy_code: code,
            pay_to_address: typed(pay_to),
        };
        save(desk, "Who bills", Command::RecordBillingEntity(row), open);
    };
    view! {
        <form class="form" novalidate on:submit=enter>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <Field id="biller-name" label="Legal name" hint="As payers have it" value=name autofocus=true fault=problems.at("biller-name") />
            <div class="cols">
                <Field id="biller-tin" label="Tax number" hint="EIN, nine digits" inputmode="numeric" value=tin fault=problems.at("biller-tin") />
                <Field id="biller-npi" label="Group NPI" hint="Ten digits" inputmode="numeric" maxlength=10 value=npi fault=problems.at("biller-npi") />
            </div>
            <Field id="biller-taxonomy" label="Specialty code" hint="NUCC taxonomy" maxlength=10 value=taxonomy fault=problems.at("biller-taxonomy") />
            <Field id="biller-pay-to" label="Address for payments (optional)" hint="When it is not the site's" value=pay_to />
            <div class="ends"><button type="submit" class="btn primary" id="biller-save">"Save"</button></div>
        </form>
    }
}
