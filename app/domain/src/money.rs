//! Amounts of US dollars: exact decimals of two places, never floating point.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::str::FromStr;

/// Dollars and cents. Travels as a string ("30.00") so that no reader can take it for a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(Decimal);

/// The text is not an amount with at most two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write an amount with at most two decimals, like 30.00")]
pub struct NotMoney;

impl FromStr for Money {
    type Err = NotMoney;
    fn from_str(text: &str) -> Result<Self, NotMoney> {
        let amount = Decimal::from_str(text.trim()).map_err(|_| NotMoney)?;
        if amount.normalize().scale() > 2 {
            return Err(NotMoney);
        }
        let mut amount = amount;
        amount.rescale(2);
        Ok(Money(amount))
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    /// Takes a string, and also a JSON number's own text, which is how Postgres prints `numeric` inside JSON.
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = match serde_json::Value::deserialize(d)? {
            serde_json::Value::String(text) => text,
            serde_json::Value::Number(number) => number.to_string(),
            _ => return Err(serde::de::Error::custom(NotMoney)),
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_keeps_cents_and_refuses_more() {
        assert_eq!("30".parse::<Money>().unwrap().to_string(), "30.00");
        assert_eq!("0.10".parse::<Money>().unwrap().to_string(), "0.10");
        assert!("0.005".parse::<Money>().is_err());
        assert!("thirty".parse::<Money>().is_err());
        assert_eq!(
            serde_json::from_str::<Money>("12.5").unwrap().to_string(),
            "12.50"
        );
    }
}
