//! A box to sign in, by finger, pen or mouse. Strokes are kept as points in a box 1000 wide and 300 high.

use super::intake::use_intake;
use super::texts;
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use std::fmt::Write;
use ui::Icon;

/// Most points kept: a long signature has a few hundred.
const MOST: usize = 4000;
/// Points nearer than this add nothing.
const NEAR: i32 = 4;

/// One line of a signature.
pub type Stroke = Vec<(i16, i16)>;

/// Lines as the path of a drawing; a touch without a move is a dot.
pub fn path(strokes: &[Stroke]) -> String {
    let mut out = String::new();
    for stroke in strokes {
        for (at, (x, y)) in stroke.iter().enumerate() {
            let _ = write!(out, "{}{x} {y}", if at == 0 { "M" } else { "L" });
        }
        if let [(x, y)] = stroke[..] {
            let _ = write!(out, "L{x} {y}");
        }
    }
    out
}

#[allow(clippy::cast_possible_truncation)]
fn scaled(at: f64, size: f64, full: f64) -> i16 {
    if size <= 0.0 {
        0
    } else {
        (at / size * full).clamp(0.0, full).round() as i16
    }
}

fn point(event: &PointerEvent) -> Option<(i16, i16)> {
    let pad = event.current_target()?.dyn_into::<web_sys::Element>().ok()?;
    let rect = pad.get_bounding_client_rect();
    let x = f64::from(event.client_x()) - rect.left();
    let y = f64::from(event.client_y()) - rect.top();
    Some((scaled(x, rect.width(), 1000.0), scaled(y, rect.height(), 300.0)))
}

/// Draws into the caller's signal.
#[component]
pub fn SignaturePad(strokes: RwSignal<Vec<Stroke>>, fault: Signal<Option<String>>) -> impl IntoView {
    let intake = use_intake();
    let drawing = RwSignal::new(false);
    let down = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(pad) = event
            .current_target()
            .and_then(|pad| pad.dyn_into::<web_sys::Element>().ok())
        {
            // Without it, the line ends at the edge of the box.
            let _captured = pad.set_pointer_capture(event.pointer_id());
        }
        if let Some(point) = point(&event) {
            drawing.set(true);
            strokes.update(|all| all.push(vec![point]));
        }
    };
    let moved = move |event: PointerEvent| {
        if !drawing.get_untracked() {
            return;
        }
        let Some((x, y)) = point(&event) else { return };
        strokes.update(|all| {
            let many = all.iter().map(Vec::len).sum::<usize>() >= MOST;
            let Some(stroke) = all.last_mut().filter(|_| !many) else {
                return;
            };
            let near = stroke.last().is_some_and(|(before_x, before_y)| {
                (i32::from(x) - i32::from(*before_x)).abs() + (i32::from(y) - i32::from(*before_y)).abs()
                    < NEAR
            });
            if !near {
                stroke.push((x, y));
            }
        });
    };
    let up = move |_: PointerEvent| {
        if drawing.get_untracked() {
            drawing.set(false);
            intake.save();
        }
    };
    let drawn = move || strokes.with(|all| path(all));
    let fault_view = move || {
        fault
            .get()
            .map(|text| view! { <p class="fault"><Icon name="stop" /><span>{text}</span></p> })
    };
    view! {
        <div class="field" class:has-fault=move || fault.get().is_some()>
            <p class="label" id="pad-label">{intake.say(texts::SIGN_HERE)}</p>
            {fault_view}
            <div class="sigpad">
                <svg
                    id="signature-pad"
                    viewBox="0 0 1000 300"
                    preserveAspectRatio="none"
                    role="img"
                    aria-label=intake.say(texts::SIGNATURE_ALT)
                    on:pointerdown=down
                    on:pointermove=moved
                    on:pointerup=up
                    on:pointercancel=up
                >
                    <path class="rule" d="M40 250h920" vector-effect="non-scaling-stroke" />
                    <path d=drawn vector-effect="non-scaling-stroke" />
                </svg>
                <button type="button" id="signature-clear" on:click=move |_| strokes.set(Vec::new())>
                    {intake.say(texts::CLEAR)}
                    <span class="vh">{intake.say(texts::SIGNATURE_ALT)}</span>
                </button>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_become_a_path() {
        assert_eq!(path(&[vec![(1, 2), (3, 4)], vec![(5, 6)]]), "M1 2L3 4M5 6L5 6");
        assert_eq!(scaled(50.0, 100.0, 1000.0), 500);
        assert_eq!(scaled(-3.0, 100.0, 300.0), 0);
    }
}
