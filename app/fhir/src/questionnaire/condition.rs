//! When a question is asked: `enableWhen`, both ways.

use super::text::{Object, list, number_text, string, typed};
use super::write::decimal;
use domain::intake::{AnswerKind, Page, Questionnaire, ShowIf, Wanted};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Writes the condition of a page.
pub fn write(form: &Questionnaire, page: &Page, out: &mut Object) {
    let Some(condition) = &page.show_if else { return };
    let asked = form.page(&condition.link_id).map(|page| &page.answer);
    let when = |operator: &str, kind: &str, value: Value| json!({ "question": condition.link_id, "operator": operator, format!("answer{kind}"): value });
    let (list, behavior): (Vec<Value>, &str) = match &condition.is {
        Wanted::Between { at_least, at_most } => {
            let whole = matches!(asked, Some(AnswerKind::Scale { .. }));
            let kind = if whole { "Integer" } else { "Decimal" };
            let least = at_least.map(|least| when(">=", kind, decimal(least)));
            let most = at_most.map(|most| when("<=", kind, decimal(most)));
            (least.into_iter().chain(most).collect(), "all")
        }
        codes => {
            let equals = |code: &String| match asked {
                Some(AnswerKind::YesNo) => when("=", "Boolean", (code == "yes").into()),
                Some(AnswerKind::Date) => when("=", "Date", code.as_str().into()),
                Some(AnswerKind::Number { .. }) => {
                    when("=", "Decimal", code.parse().map_or(Value::Null, decimal))
                }
                Some(AnswerKind::Scale { .. }) => when(
                    "=",
                    "Integer",
                    code.parse::<i64>().map_or(Value::Null, Value::from),
                ),
                _ => when("=", "Coding", json!({ "code": code })),
            };
            (codes.codes().iter().map(equals).collect(), "any")
        }
    };
    if list.len() > 1 {
        out.insert("enableBehavior".into(), behavior.into());
    }
    out.insert("enableWhen".into(), list.into());
}

/// Reads the condition of an item, given the questions before it. What cannot be said as one is an error, in words.
pub fn read(item: &Object, earlier: &[Page]) -> Result<Option<ShowIf>, &'static str> {
    let all: Vec<&Object> = list(item, "enableWhen").collect();
    let Some(first) = all.first() else { return Ok(None) };
    let link_id = string(first, "question").ok_or("its condition names no question")?;
    if all
        .iter()
        .any(|when| string(when, "question").as_deref() != Some(&link_id))
    {
        return Err("its condition is about several questions; it is asked always");
    }
    let Some(asked) = earlier.iter().find(|page| page.link_id == link_id) else {
        return Err("its condition is about a question that is not asked before it; it is asked always");
    };
    let together = string(item, "enableBehavior").is_some_and(|behavior| behavior == "all");
    let parts: Option<Vec<Wanted>> = all.iter().map(|when| one(when, &asked.answer)).collect();
    let parts = parts.ok_or("its condition compares in a way that forms here cannot; it is asked always")?;
    let is = match together && parts.len() > 1 {
        true => between(&parts),
        false => any(parts),
    };
    match is {
        Some(is) => Ok(Some(ShowIf { link_id, is })),
        None => Err("its conditions cannot be joined here; it is asked always"),
    }
}

/// Both bounds at once.
fn between(parts: &[Wanted]) -> Option<Wanted> {
    let (mut least, mut most): (Option<Decimal>, Option<Decimal>) = (None, None);
    for part in parts {
        match part {
            Wanted::Between { at_least, at_most } => {
                least = least.max(*at_least);
                most = match (most, *at_most) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
            _ => return None,
        }
    }
    Some(Wanted::Between {
        at_least: least,
        at_most: most,
    })
}

/// Any of several answers; a lone bound is its own.
fn any(parts: Vec<Wanted>) -> Option<Wanted> {
    if let [one @ Wanted::Between { .. }] = parts.as_slice() {
        return Some(one.clone());
    }
    let mut codes: Vec<String> = Vec::new();
    for part in &parts {
        if matches!(part, Wanted::Between { .. }) {
            return None;
        }
        for code in part.codes() {
            if !codes.contains(code) {
                codes.push(code.clone());
            }
        }
    }
    match codes.len() {
        0 => None,
        1 => codes.pop().map(Wanted::One),
        _ => Some(Wanted::Any(codes)),
    }
}

fn possible(asked: &AnswerKind) -> Vec<String> {
    match asked {
        AnswerKind::YesNo => vec!["yes".to_owned(), "no".to_owned()],
        asked => asked.options().iter().map(|option| option.code.clone()).collect(),
    }
}

fn one(when: &Object, asked: &AnswerKind) -> Option<Wanted> {
    let operator = string(when, "operator")?;
    let (_, value) = typed(when, "answer")?;
    if operator == "exists" {
        let all = possible(asked);
        let wanted = value.as_bool()? && !all.is_empty();
        return wanted.then_some(Wanted::Any(all));
    }
    let code = match value {
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Object(coding) => string(coding, "code").or_else(|| string(coding, "display"))?,
        other => number_text(other)?,
    };
    // Programs write what is chosen as a text, too.
    let named = asked.options().iter().find(|option| option.label.en == code);
    let code = named.map_or(code, |option| option.code.clone());
    let whole = matches!(asked, AnswerKind::Scale { .. });
    let number = || code.parse::<Decimal>().ok();
    let bound = |at_least, at_most| Some(Wanted::Between { at_least, at_most });
    match operator.as_str() {
        "=" => Some(Wanted::One(code)),
        "!=" => {
            let others: Vec<String> = possible(asked).into_iter().filter(|one| *one != code).collect();
            (!others.is_empty()).then_some(Wanted::Any(others))
        }
        ">=" => bound(Some(number()?), None),
        "<=" => bound(None, Some(number()?)),
        ">" if whole => bound(Some(number()? + Decimal::ONE), None),
        "<" if whole => bound(None, Some(number()? - Decimal::ONE)),
        _ => None,
    }
}
