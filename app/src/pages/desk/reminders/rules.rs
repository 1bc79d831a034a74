//! The rules.

use super::data::{icon, offset_words, rules};
use super::preview::Preview;
use super::rule_form::RuleForm;
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::notices::{NoticeKind, NoticeRule};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Chip, Dialog, EmptyState, Icon, Tone};

/// "2 days before", "a year after the last visit".
pub fn when_words(rule: &NoticeRule) -> String {
    let offset = offset_words(rule.offset_minutes);
    match rule.kind {
        NoticeKind::Reminder => format!("{offset} before"),
        NoticeKind::Forms => format!("{offset} before, while forms are missing"),
        NoticeKind::FollowUp => format!("{offset} after the visit"),
        NoticeKind::Missed => format!("{offset} after nobody came"),
        NoticeKind::Recall => format!("{offset} after the last visit"),
    }
}

/// The table.
#[component]
pub fn Rules() -> impl IntoView {
    let desk = use_desk();
    let all = desk.live(rules);
    let may = desk.may(CommandName::SetNoticeRule);
    let (editing, edited) = (RwSignal::new(false), RwSignal::new(None::<NoticeRule>));
    let (previewing, previewed) = (RwSignal::new(false), RwSignal::new(None::<NoticeRule>));
    let add = move |_| {
        edited.set(None);
        editing.set(true);
    };
    let row = move |rule: NoticeRule| {
        let (one, other) = (rule.clone(), rule.clone());
        let chip = match rule.active {
            true => view! { <Chip kind=Tone::Ok label="On" /> },
            false => view! { <Chip kind=Tone::Plain label="Off" /> },
        };
        let named = format!(" {}", rule.name);
        let named_too = named.clone();
        view! {
            <tr data-rule=rule.id.to_string()>
                <th scope="row">{rule.name.clone()}</th>
                <td>{when_words(&rule)}</td>
                <td><span class="line"><Icon name=icon(rule.channel) small=true />{rule.channel.label().get(Lang::En)}</span></td>
                <td>{rule.audience.label().get(Lang::En)}</td>
                <td>{chip}</td>
                <td>
                    <div class="acts">
                        <button type="button" class="btn s" data-act="preview" on:click=move |_| {
                            previewed.set(Some(one.clone()));
                            previewing.set(true);
                        }>"Preview"<span class="vh">{named}</span></button>
                        {may.then(|| view! {
                            <button type="button" class="btn s" data-act="edit" on:click=move |_| {
                                edited.set(Some(other.clone()));
                                editing.set(true);
                            }>"Change"<span class="vh">{named_too}</span></button>
                        })}
                    </div>
                </td>
            </tr>
        }
    };
    view! {
        <div class="pad row">
            <p class="soft small">"Nothing about health can be in a notice: only the words on the list are filled in."</p>
            <span class="push"></span>
            {may.then(|| view! {
                <button type="button" class="btn primary" id="add-rule" on:click=add><Icon name="plus" />"Add a rule"</button>
            })}
        </div>
        <div class="scroll" tabindex="0" role="region" aria-label="Rules">
            <Show when=move || all.with(Vec::is_empty)>
                <EmptyState icon="mail" title="No rules yet" text="Without a rule nobody is told anything." />
            </Show>
            <Show when=move || !all.with(Vec::is_empty)>
                <table class="table">
                    <thead><tr>
                        <th scope="col">"Rule"</th><th scope="col">"When"</th><th scope="col">"Way"</th>
                        <th scope="col">"To whom"</th><th scope="col">"State"</th><th scope="col"><span class="vh">"Do"</span></th>
                    </tr></thead>
                    <tbody>{move || all.get().into_iter().map(row).collect_view()}</tbody>
                </table>
            </Show>
        </div>
        <Dialog open=editing title="Rule" close="Close"><RuleForm rule=edited.get_untracked() open=editing /></Dialog>
        <Dialog open=previewing title="Preview" close="Close">
            {move || previewed.get().map(|rule| view! { <Preview rule /> })}
        </Dialog>
    }
}
