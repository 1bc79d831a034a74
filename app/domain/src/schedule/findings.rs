//! What speaks against a time, as codes. Their sentences are in [`super::words`].

use serde::{Deserialize, Serialize};

/// How heavily something weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Said, and kept with the booking.
    Warns,
    /// Booked only with a reason.
    NeedsReason,
    /// Not booked.
    Refuses,
}

macro_rules! findings {
    ($($(#[$doc:meta])* $name:ident $weight:ident;)*) => {
        /// One thing that speaks against booking a time.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Finding { $($(#[$doc])* $name,)* }

        impl Finding {
            /// All of them.
            pub const ALL: &'static [Finding] = &[$(Finding::$name,)*];
            /// How heavily it weighs.
            pub fn weight(self) -> Weight { match self { $(Finding::$name => Weight::$weight,)* } }
            /// Stable name.
            pub fn name(self) -> &'static str { match self { $(Finding::$name => stringify!($name),)* } }
        }
    };
}

findings! {
    /// The visit type, practitioner or resource is not offered any more, or is not at that site.
    NotOffered Refuses;
    /// The patient has died.
    Deceased Refuses;
    /// Too young or too old for this visit.
    WrongAge Refuses;
    /// A room or device is taken.
    ResourceTaken Refuses;
    /// The time is kept for bookings of another device while it is offline.
    LeasedElsewhere Refuses;
    /// The practitioner sees as many as they can.
    PractitionerTaken NeedsReason;
    /// The practitioner cannot be there in time from another site, or get there after.
    NoTimeToTravel NeedsReason;
    /// The site is closed, or the practitioner away.
    Closed NeedsReason;
    /// Outside of the hours.
    OutsideHours NeedsReason;
    /// Within hours that are kept for other visits.
    OtherVisitsThen NeedsReason;
    /// As many of these as the practitioner sees in a day.
    DayFull NeedsReason;
    /// As many as begin within that hour.
    HourFull NeedsReason;
    /// No room or device of a kind that the visit needs.
    ResourceMissing NeedsReason;
    /// The practitioner may not bill the payer who pays first, at that site on that day.
    NotEnrolled NeedsReason;
    /// The practitioner takes no new patients, and this one was not seen within three years.
    NoNewPatients NeedsReason;
    /// Nobody is at the site who must be while the practitioner sees patients.
    SupervisorAway NeedsReason;
    /// As many visits as the referral allows that was named.
    ReferralUsedUp NeedsReason;
    /// The referral that was named does not count on that day.
    ReferralNotValid NeedsReason;
    /// The referral that was named is for other kinds of visit.
    ReferralOtherVisit NeedsReason;
    /// The patient is somewhere else then.
    PatientTaken Warns;
    /// Sooner than such visits are booked.
    TooSoon Warns;
    /// Later than such visits are booked.
    TooLate Warns;
    /// Someone must have referred the patient, and no number was given.
    ReferralMissing Warns;
    /// The visit is for new patients, and this one was seen within three years; or the other way round.
    SeenBefore Warns;
}

impl Finding {
    /// Whether it follows from what the patient's record holds beside who they are.
    pub fn is_of_record(self) -> bool {
        matches!(
            self,
            Finding::NotEnrolled
                | Finding::NoNewPatients
                | Finding::ReferralUsedUp
                | Finding::ReferralNotValid
                | Finding::ReferralOtherVisit
        )
    }

    /// With which edition it came (see [`crate::row::EDITION`]): pages from before know nothing of it.
    pub fn edition(self) -> u32 {
        match self {
            Finding::ReferralUsedUp | Finding::ReferralNotValid | Finding::ReferralOtherVisit => 6,
            Finding::NotEnrolled | Finding::NoNewPatients | Finding::SupervisorAway => 5,
            _ => 2,
        }
    }
}
