//! Names of states, as some systems write them, and their two letters.

use domain::validate::STATES;

/// In the order of [`STATES`], without the three of military mail.
const NAMES: [&str; 59] = [
    "alabama",
    "alaska",
    "american samoa",
    "arizona",
    "arkansas",
    "california",
    "colorado",
    "connecticut",
    "delaware",
    "district of columbia",
    "federated states of micronesia",
    "florida",
    "georgia",
    "guam",
    "hawaii",
    "idaho",
    "illinois",
    "indiana",
    "iowa",
    "kansas",
    "kentucky",
    "louisiana",
    "maine",
    "marshall islands",
    "maryland",
    "massachusetts",
    "michigan",
    "minnesota",
    "mississippi",
    "missouri",
    "montana",
    "nebraska",
    "nevada",
    "new hampshire",
    "new jersey",
    "new mexico",
    "new york",
    "north carolina",
    "north dakota",
    "northern mariana islands",
    "ohio",
    "oklahoma",
    "oregon",
    "palau",
    "pennsylvania",
    "puerto rico",
    "rhode island",
    "south carolina",
    "south dakota",
    "tennessee",
    "texas",
    "utah",
    "vermont",
    "virgin islands",
    "virginia",
    "washington",
    "west virginia",
    "wisconsin",
    "wyoming",
];

/// Two letters for a state's name or code; anything else, a province abroad, stays as it is.
pub fn usps(state: &str) -> String {
    let plain = state.trim();
    let folded = plain.to_lowercase();
    let folded = folded.strip_prefix("us-").unwrap_or(&folded);
    let code = NAMES
        .iter()
        .position(|name| *name == folded)
        .and_then(|at| STATES.get(at).copied());
    let code = code.or_else(|| {
        STATES
            .iter()
            .copied()
            .find(|code| code.eq_ignore_ascii_case(folded))
    });
    code.map_or_else(|| plain.to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_own_code() {
        for (name, code) in [
            ("Massachusetts", "MA"),
            ("kansas", "KS"),
            ("Virgin Islands", "VI"),
            ("Virginia", "VA"),
            ("Palau", "PW"),
            ("Wyoming", "WY"),
            ("District of Columbia", "DC"),
            (" wi ", "WI"),
            ("US-NY", "NY"),
            ("AP", "AP"),
            ("Northern Mariana Islands", "MP"),
            ("Marshall Islands", "MH"),
            ("Federated States of Micronesia", "FM"),
        ] {
            assert_eq!(usps(name), code, "{name}");
        }
        assert_eq!(usps("Ontario"), "Ontario");
    }
}
