//! The lines as a table: recorded, submitted, and the choice.

use super::choices::Choices;
use super::lines::{About, Group, Line};
use leptos::prelude::*;
use ui::{Field, Icon, Segmented};

/// The table; what is unchanged is folded away.
#[component]
pub fn Table(lines: Memo<Vec<Line>>, choices: Choices, #[prop(into)] submitted: String) -> impl IntoView {
    let all = RwSignal::new(false);
    let same = Memo::new(move |_| lines.with(|lines| lines.iter().filter(|line| line.same).count()));
    let group = move |group: Group| {
        let shown: Vec<Line> = lines.with(|lines| {
            lines
                .iter()
                .filter(|line| line.group == group && (all.get() || !line.same))
                .cloned()
                .collect()
        });
        (!shown.is_empty()).then(|| {
            view! {
                <tr class="group"><th scope="colgroup" colspan="4">{group.title()}</th></tr>
                {shown.into_iter().map(|line| view! { <Row line choices /> }).collect_view()}
            }
        })
    };
    view! {
        <table class="table diff">
            <caption class="vh">"What was submitted, beside what is recorded"</caption>
            <thead><tr>
                <th scope="col">"Field"</th>
                <th scope="col">"Recorded"</th>
                <th scope="col">{submitted}</th>
                <th scope="col" class="num">"Your choice"</th>
            </tr></thead>
            <tbody>
                {move || Group::ALL.into_iter().map(group).collect_view()}
                <Show when=move || same.get() != 0>
                    <tr class="same">
                        <th scope="row">{move || match same.get() {
                            1 => "1 other answer".to_owned(),
                            n => format!("{n} other answers"),
                        }}</th>
                        <td colspan="2">"Unchanged"</td>
                        <td>
                            <button
                                type="button" class="btn s quiet" id="show-same"
                                aria-expanded=move || all.get().to_string()
                                on:click=move |_| all.update(|all| *all = !*all)
                            >
                                {move || if all.get() { "Hide" } else { "Show" }}
                            </button>
                        </td>
                    </tr>
                </Show>
            </tbody>
        </table>
    }
}

/// Where two texts part, at a place that reads well.
fn parting(a: &str, b: &str) -> usize {
    let same: usize = a
        .chars()
        .zip(b.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let end = if same == a.len() || same == b.len() {
        same
    } else {
        a[..same].rfind([' ', '-', '(']).map_or(0, |at| at + 1)
    };
    if end < 3 { 0 } else { end }
}

#[component]
fn Row(line: Line, choices: Choices) -> impl IntoView {
    let at = parting(&line.recorded, &line.submitted);
    let empty = || view! { <span class="empty">"none"</span> }.into_any();
    let (recorded, submitted) = if line.same {
        (
            line.recorded.clone().into_any(),
            line.submitted.clone().into_any(),
        )
    } else {
        let old = match line.recorded.split_at(at) {
            ("", "") => empty(),
            (same, "") => same.to_owned().into_any(),
            (same, gone) => view! { {same.to_owned()}<del>{gone.to_owned()}</del> }.into_any(),
        };
        let new = match line.submitted.split_at(at) {
            ("", "") => empty(),
            (same, "") => same.to_owned().into_any(),
            (same, new) => view! { {same.to_owned()}<ins>{new.to_owned()}</ins> }.into_any(),
        };
        (old, new)
    };
    let choice = choices.of(&line.key).filter(|_| !line.same);
    let options = [("accept", "Accept"), ("keep", "Keep")];
    let options: Vec<_> = options
        .iter()
        .map(|(key, word)| ((*key).to_owned(), (*word).to_owned()))
        .collect();
    let is_coverage = matches!(line.about, About::Coverage(_));
    let from = choices.from(&line.key).filter(|_| is_coverage);
    let from_id = format!("{}-from", line.key);
    let day = move || match (choice, from) {
        (Some(choice), Some(from)) if choice.with(|choice| choice == "accept") => Some(view! {
            <div class="from"><Field id=from_id.clone() label="Counts from" value=from kind="date" /></div>
        }),
        _ => None,
    };
    let pick = match choice {
        Some(value) => view! {
            <Segmented
                name=format!("choice-{}", line.key) legend=line.label.clone() value
                options=Signal::derive(move || options.clone()) small=true
            />
        }
        .into_any(),
        None => view! { <span class="say plain"><Icon name="check" />"Same"</span> }.into_any(),
    };
    view! {
        <tr class:same=line.same data-field=line.key>
            <th scope="row">{line.label}</th>
            <td class="val">{recorded}</td>
            <td class="val">{submitted}{day}</td>
            <td>{pick}</td>
        </tr>
    }
}
