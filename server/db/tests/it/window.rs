//! The date window: who is quiet.

use crate::scope::{aside, at_site, cover, give};
use crate::stand::*;
use domain::id::PatientId;

#[tokio::test]
async fn quiet_patients_are_those_of_whom_nothing_was_written_or_read_and_who_are_not_set_aside() {
    let stand = Stand::new().await;
    let mut pen = service(1);
    give(
        &stand,
        &mut pen,
        vec![at_site(10, 1), at_site(11, 2), at_site(12, 1)],
    )
    .await;
    let quiet = async |since| {
        let found = stand.db.quiet_patients(practice(), since, 10).await.unwrap();
        found.into_iter().map(|patient| patient.0).collect::<Vec<_>>()
    };
    let now = chrono::Utc::now();
    assert!(
        quiet(now - chrono::Duration::days(1)).await.is_empty(),
        "all were heard of today"
    );
    let later = chrono::Utc::now() + chrono::Duration::seconds(1);
    assert_eq!(quiet(later).await, [id(10), id(11), id(12)]);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    give(&stand, &mut pen, vec![aside(10), cover(12, 3)]).await;
    assert_eq!(quiet(later).await, [id(11)]);
    // Of both it was looked while they were quiet, and one of them was written about before they were set aside.
    give(&stand, &mut pen, vec![aside(11), aside(12)]).await;
    let both = [PatientId(id(11)), PatientId(id(12))];
    let heard = stand.db.heard_of(practice(), &both, later).await.unwrap();
    assert_eq!(heard, [PatientId(id(12))]);
    stand.end().await;
}
