//! What belongs to a submission and is looked at, not decided: cards, consents, the reason.

use crate::pages::desk::photo::Photo;
use crate::pages::desk::signature::Signature;
use crate::pages::desk::when::moment;
use crate::pages::desk::words::{consent_words, decision_words};
use crate::shell::staff::context::use_desk;
use domain::intake::{ConsentDecision, FilledBy, InsuranceAnswer, Submission, SubmittedConsent};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Icon, KeyValue};

/// The right column.
#[component]
pub fn Side(content: Submission) -> impl IntoView {
    let filled = match content.filled_by {
        FilledBy::Patient => "The patient",
        FilledBy::Parent => "A parent",
        FilledBy::Helper => "A helper",
    };
    let language = match content.language {
        Lang::En => "English",
        Lang::Es => "Spanish",
    };
    let rows = vec![
        ("Here for".to_owned(), content.reason.clone()),
        ("Filled in by".to_owned(), filled.to_owned()),
        ("In".to_owned(), language.to_owned()),
    ];
    let insurance = match &content.insurance {
        InsuranceAnswer::Same => view! { <p class="small">"Insurance is as last time."</p> }.into_any(),
        InsuranceAnswer::SelfPay => view! { <p class="small">"Pays without insurance."</p> }.into_any(),
        InsuranceAnswer::Coverages { coverages } => {
            let all = coverages.iter().map(|one| {
                let sides = [("Front", one.card_front.clone()), ("Back", one.card_back.clone())];
                let none = sides.iter().all(|(_, hash)| hash.is_none());
                let photos = sides.into_iter().filter_map(|(side, hash)| {
                    let alt = format!("{side} of the card, {}", one.payer_name);
                    hash.map(|hash| view! { <Photo hash alt side /> })
                });
                view! {
                    <p class="small"><b>{one.payer_name.clone()}</b>{format!(" · {}", one.member_id)}</p>
                    {photos.collect::<Vec<_>>()}
                    {none.then(|| view! { <p class="small soft">"No photo of the card"</p> })}
                }
            });
            all.collect::<Vec<_>>().into_any()
        }
    };
    let consents: Vec<_> = content
        .consents
        .iter()
        .cloned()
        .map(|one| view! { <ConsentItem one /> })
        .collect();
    view! {
        <aside class="side" aria-label="Cards and consents">
            <div class="scroll" tabindex="0" role="region" aria-label="Images and signatures">
                <section><h3>"Visit"</h3><KeyValue rows=Signal::derive(move || rows.clone()) none="not said" start=true /></section>
                <section><h3>"Insurance"</h3>{insurance}</section>
                <section><h3>"Consents"</h3><ul class="checks signed">{consents}</ul></section>
            </div>
        </aside>
    }
}

#[component]
fn ConsentItem(one: SubmittedConsent) -> impl IntoView {
    let desk = use_desk();
    let agreed = one.decision == ConsentDecision::Agreed;
    let (icon, tone) = if agreed {
        ("okc", "icon ok")
    } else {
        ("ban", "icon stop")
    };
    let facts = format!(
        "{}, {}",
        decision_words(one.decision),
        moment(&desk.engine(), one.signed_at)
    );
    view! {
        <li data-consent=one.kind.name() data-decision=if agreed { "agreed" } else { "declined" }>
            <span class=tone><Icon name=icon /></span>
            <div><b>{consent_words(one.kind)}</b><small>{facts}</small></div>
            {one.signature.map(|signed| view! { <Signature signed /> })}
        </li>
    }
}
