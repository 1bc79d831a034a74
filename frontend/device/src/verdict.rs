//! What a browser's error name means for the person.

/// What to do about an error of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Open the database anew and try once more.
    Again,
    /// No room.
    Full,
    /// It will not go away by itself.
    Final,
}

/// Thrown where a database that held something is found empty.
pub const EMPTIED: &str = "EmptiedError";

/// By the name of the exception.
pub fn judge(name: &str) -> Verdict {
    match name {
        "QuotaExceededError" => Verdict::Full,
        // The connection was lost: iOS does this to a page that slept, and says any of these.
        "UnknownError" | "InvalidStateError" | "AbortError" | "TransactionInactiveError" => Verdict::Again,
        _ => Verdict::Final,
    }
}

/// Names for people, where there is something to say.
pub fn describe(name: &str) -> &str {
    match name {
        "VersionError" => "it was written by a newer version of this app",
        "SecurityError" => "this browser does not allow it",
        EMPTIED => "the browser emptied it",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_connection_is_worth_another_try() {
        assert_eq!(judge("UnknownError"), Verdict::Again);
        assert_eq!(judge("InvalidStateError"), Verdict::Again);
        assert_eq!(judge("AbortError"), Verdict::Again);
    }

    #[test]
    fn a_full_device_and_a_newer_database_are_not() {
        assert_eq!(judge("QuotaExceededError"), Verdict::Full);
        assert_eq!(judge("VersionError"), Verdict::Final);
        assert_eq!(judge(EMPTIED), Verdict::Final);
        assert_eq!(
            describe("VersionError"),
            "it was written by a newer version of this app"
        );
        assert_eq!(describe("DataError"), "DataError");
    }
}
