//! What every staff page is: a title, a main region, and on a phone a line that says where the work is.

use crate::routes::path;
use crate::shell::staff::PhoneSync;
use crate::shell::staff::context::{Desk, use_desk};
use leptos::prelude::*;
use ui::EmptyState;

/// Titles the page; "Error: " comes first while something typed is wrong.
pub fn titled(desk: Desk, title: Signal<String>, faulty: Signal<bool>) {
    Effect::new(move || {
        let density = if desk.narrow.get() { "phone" } else { "staff" };
        let error = if faulty.get() { "Error: " } else { "" };
        let title = format!("{error}{} · Anteroom", title.get());
        desk.engine().ports.page.describe("en", &title, density);
    });
}

/// One page.
#[component]
pub fn Page(
    #[prop(into)] title: Signal<String>,
    /// Something typed is wrong.
    #[prop(optional, into)]
    faulty: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let desk = use_desk();
    titled(desk, title, faulty);
    let children = children();
    let narrow = Memo::new(move |_| desk.narrow.get());
    view! {
        {move || narrow.get().then(|| view! {
            <header class="p-head"><div class="today-head"><PhoneSync /></div></header>
        })}
        <main class=move || if narrow.get() { "p-main" } else { "main" } id="main" tabindex="-1">{children}</main>
    }
}

/// A path that leads nowhere.
#[component]
pub fn Lost() -> impl IntoView {
    view! {
        <Page title="Not found">
            <EmptyState icon="search" title="There is no page here" text="The address may be cut short.">
                <a class="btn" href=path::HOME>"Go to the first page"</a>
            </EmptyState>
        </Page>
    }
}

/// A page that the role may not see.
#[component]
pub fn NotYours() -> impl IntoView {
    view! {
        <Page title="Not for your role">
            <EmptyState
                icon="lock"
                title="Your role may not see this page"
                text="Ask the practice owner if you need it."
            />
        </Page>
    }
}
