//! The address of a practitioner's calendar.

use super::{RequestPort, actor, internal};
use crate::access::cookies::{new_token, token_hash};
use app::error::AppError;
use db::{AuditEvent, CalendarFeed};
use domain::access::{Query, Role};
use domain::id::PractitionerId;
use domain::row::{Entity, Row};
use serde_json::json;

impl RequestPort {
    pub(super) async fn do_create_feed(&self, practitioner: PractitionerId) -> Result<String, AppError> {
        let staff = self.staff(Query::CreateCalendarFeed).await?;
        let row = |entity, id| self.state.db.row(staff.practice, entity, id);
        let own = match row(Entity::WorkforceMember, staff.member.0)
            .await
            .map_err(internal)?
        {
            Some(Row::WorkforceMember(member)) => member.practitioner_id == Some(practitioner),
            _ => false,
        };
        if staff.role != Role::Owner && !own {
            return Err(AppError::BadRequest(
                "this is somebody else's calendar".to_owned(),
            ));
        }
        if row(Entity::Practitioner, practitioner.0)
            .await
            .map_err(internal)?
            .is_none()
        {
            return Err(AppError::BadRequest("there is no such practitioner".to_owned()));
        }
        let token = new_token();
        let feed = CalendarFeed {
            practice: staff.practice,
            practitioner,
        };
        let event = AuditEvent::new(&actor(&staff), "create_calendar_feed")
            .with(json!({ "practitioner": practitioner }));
        let db = &self.state.db;
        db.append_audit(staff.practice, &[event])
            .await
            .map_err(internal)?;
        db.create_calendar_feed(&token_hash(&token), feed)
            .await
            .map_err(internal)?;
        Ok(self.state.notices.feed_url(&token))
    }
}
